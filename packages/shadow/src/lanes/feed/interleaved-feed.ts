import {TandemError, type LaneName} from '@tandem/contract';
import type {FeedInput} from '../../flow/feed-input.ts';
import type {FinishReport, Lane} from '../lane.ts';
import type {Turn} from './abba-plan.ts';
import {feedLanes, type FeedOptions, type FeedReport} from './open-loop-sender.ts';

/** What one turn did. */
export interface TurnReport extends Turn {
  readonly feed: FeedReport;
  readonly finish: FinishReport;
}

export interface InterleavedOptions extends Omit<FeedOptions, 'startNs' | 'leadMax'> {
  readonly lanes: readonly Lane[];
  readonly turns: readonly Turn[];
  /** the inputs of a round, the same for every lane */
  readonly slice: (round: number) => Iterable<readonly FeedInput[]> | AsyncIterable<readonly FeedInput[]>;
  /** how long a lane may drain at the end of its turn */
  readonly drainMs: number;
  /** called before and after each turn, for samplers that look at one lane at a time */
  readonly onTurn?: (turn: Turn, phase: 'begin' | 'end') => void;
}

/**
 * Feeds one lane at a time, each turn on its own schedule from 0, and drains it before the next one begins: so the lanes never
 * share the machine. Ends early when a lane fails, because the comparison is void then.
 */
export async function feedInTurns(options: InterleavedOptions): Promise<readonly TurnReport[]> {
  const {lanes, turns, slice, drainMs, onTurn, ...feedOptions} = options;
  const byName = new Map<LaneName, Lane>(lanes.map((lane) => [lane.name, lane]));
  const reports: TurnReport[] = [];
  for (const turn of turns) {
    const lane = byName.get(turn.lane);
    if (lane === undefined) throw new TandemError({id: 'TDM-E232', kind: 'invariant', what: 'A turn names a lane that does not run.', seen: turn.lane});
    onTurn?.(turn, 'begin');
    const [feed] = await feedLanes([{lane, source: slice(turn.round)}], feedOptions);
    const finish = await lane.finish(drainMs);
    onTurn?.(turn, 'end');
    if (feed !== undefined) reports.push({...turn, feed, finish});
    if (!finish.settled || feed?.error !== null) break;
  }
  return reports;
}
