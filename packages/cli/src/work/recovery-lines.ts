import type {Migration} from '@tandem/contract';
import {keepsSnapshots} from '@tandem/shadow';

/** how far the reference lanes let a snapshot fall behind, messages */
const SNAPSHOT_EVERY = 10_000;
/** what the Python of the example answers again, measured on two busy cores; an engine answers more than twice as many */
const REPLAYED_PER_SECOND = 2000;

/** How long each lane needs after it died before it stands where it stood, for `tandem canary plan`. */
export const recoveryLines = ({lanes}: Migration): string[] => lanes.flatMap((lane) => {
  if (lane.kind !== 'launch' || (lane.name !== 'legacy' && lane.name !== 'candidate')) return [];
  const who = `  ${lane.name === 'legacy' ? 'legacy' : 'the candidate'} died`;
  return [keepsSnapshots(lane)
    ? `${who}: it goes on from its latest sound snapshot, a few seconds (the order paths here: about ${SNAPSHOT_EVERY.toLocaleString('en-US')} inputs back, ${SNAPSHOT_EVERY / REPLAYED_PER_SECOND} s at ${REPLAYED_PER_SECOND.toLocaleString('en-US')} a second)`
    : `${who}: it answers the whole log again (no {snapshots} among its arguments), about ${Math.round(1_000_000 / REPLAYED_PER_SECOND / 60)} minutes a million inputs at ${REPLAYED_PER_SECOND.toLocaleString('en-US')} a second; its partitions wait that long`];
});
