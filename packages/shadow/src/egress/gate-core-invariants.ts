import type {Owner} from '@tandem/contract';
import {reignAt} from '../flow/ownership.ts';
import type {Broken} from './gate-core-outcome.ts';
import type {GatePartition, GateState} from './gate-core-state.ts';
import type {Held} from './held-queue-core.ts';

/** What is about to leave, and on whose account. */
export interface ReleaseClaim {
  readonly held: Held;
  readonly owner: Owner;
  readonly fill: boolean;
}

/**
 * The release rule, asked for each effect at the last point before it: null when every condition holds, else which one does
 * not. It looks at the state afresh and trusts nothing that led here.
 */
export function checkRelease(state: GateState, partition: GatePartition, claim: ReleaseClaim): Broken | null {
  const {held} = claim;
  const id = `${held.causeSeq}.${held.ordinal}`;
  const {takenCause, takenOrdinal} = partition;
  if (held.causeSeq < takenCause || (held.causeSeq === takenCause && held.ordinal <= takenOrdinal)) {
    return {invariant: 'I1', text: `${id} again, released up to ${takenCause}.${takenOrdinal}`};
  }
  const owner = partition.reigns[reignAt(partition.reigns, held.causeSeq)]?.owner ?? claim.owner;
  if (!claim.fill && !state.rules.mayRelease(owner, held.lane)) {
    return {invariant: 'I2', text: `${id} by ${held.lane}, owner is ${owner}`};
  }
  const expectedOrdinal = held.causeSeq === takenCause ? takenOrdinal + 1 : 0;
  if (held.ordinal !== expectedOrdinal) return {invariant: 'I3', text: `${id} where ordinal ${expectedOrdinal} is next`};
  const lane = state.lanes[held.lane];
  if (held.causeSeq > lane.fedSeq) return {invariant: 'I4', text: `${id} of ${held.lane}, which was fed up to ${lane.fedSeq}`};
  if (state.rules.isFenced(state, held.lane)) return {invariant: 'I9', text: `${id} by ${held.lane} after the kill`};
  if (!lane.attested) return {invariant: 'I13', text: `${id} by a build of ${held.lane} that is not the one of the plan`};
  if (held.ordinal >= state.config.outputRatioMax) {
    return {invariant: 'I14', text: `more than ${state.config.outputRatioMax} effects of input ${held.causeSeq}`};
  }
  // What was in doubt may have had its effect: the same effects, in the same order, come before anything else.
  const [again] = partition.again;
  if (again === undefined) return null;
  if (again.causeSeq !== held.causeSeq || again.ordinal !== held.ordinal) {
    return {invariant: 'I1', text: `${id} where ${again.causeSeq}.${again.ordinal}, which was in doubt, must come again`};
  }
  if (again.hash !== held.hash) return {invariant: 'I1', text: `${id} was in doubt and comes again with other content`};
  return null;
}

/** I12; 0 when the books are right. */
export function accountingRemainder(state: GateState): number {
  const {counts} = state;
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
  return counts.offered - counts.released - counts.deduped - counts.suppressed - counts.fenced - dropped - counts.inFlight;
}
