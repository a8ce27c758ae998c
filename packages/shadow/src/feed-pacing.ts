import type {Evidence} from '@tandem/contract';
import type {FeedReport} from './lanes/feed/open-loop-sender.ts';

/**
 * Share of sends that we were late with, of the lane that had the most: over all its turns, because its percentiles are of all of them.
 * What a lane held up is its own doing.
 */
export const lateShare = (feeds: readonly FeedReport[]): number => Math.max(0, ...[...Map.groupBy(feeds, ({lane}) => lane).values()].map((turns) => {
  const planned = turns.reduce((sum, turn) => sum + turn.planned, 0);
  return planned === 0 ? 0 : turns.reduce((sum, turn) => sum + turn.lateOwn, 0) / planned;
}));

/** Of the lane with the highest p99. */
export const worstSendError = (feeds: readonly FeedReport[]): Pick<Evidence['pacing'], 'sendErrorNs'> => {
  const [worst] = feeds.filter(({planned}) => planned > 0).sort((a, b) => b.sendErrorNs.p99 - a.sendErrorNs.p99);
  return worst === undefined ? {} : {sendErrorNs: {planned: worst.planned, ...worst.sendErrorNs}};
};
