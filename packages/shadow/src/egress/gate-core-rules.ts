import type {Owner} from '@tandem/contract';
import {isAfter} from '../flow/ownership-output.ts';
import type {GatePartition, GateState} from './gate-core-state.ts';
import type {Held} from './held-queue-core.ts';

/**
 * The small decisions on which the protocol rests, in one table: a test replaces one at a time and demands that the loss is
 * noticed. Production passes GATE_RULES and nothing else.
 */
export interface GateRules {
  /** I2: whose outputs may be released at this point of the partition */
  pick(partition: GatePartition): Held | undefined;
  /** I2: the assertion behind `pick`, at the moment of release */
  mayRelease(owner: Owner, lane: Owner): boolean;
  /** I1: the effect was released, or its turn is over */
  isDone(partition: GatePartition, id: {readonly causeSeq: number; readonly ordinal: number}): boolean;
  /** I2: compare-and-set on the epoch */
  casHolds(expectedEpoch: number, epoch: number): boolean;
  /** I5: intents up to here rest on disk, so what depends on them may be forgotten by the sender */
  settleLimit(state: GateState): number;
  /** the former owner has nothing to come below `limit` */
  holdOver(seenBelow: number, limit: number): boolean;
  /** first cause of the new owner; `decided`: the last cause that is over */
  handoverSeq(decided: number): number;
  /** legacy may go on in the place of a candidate that is gone */
  mayFill(partition: GatePartition): boolean;
  /** I9 */
  isFenced(state: GateState, lane: Owner): boolean;
}

export const GATE_RULES: GateRules = {
  pick: (partition) => {
    const reign = partition.reigns[partition.reignIndex];
    return reign === undefined ? undefined : partition.queue[reign.owner].first();
  },
  mayRelease: (owner, lane) => owner === lane,
  isDone: (partition, id) => !isAfter(id, {causeSeq: partition.takenCause, ordinal: partition.takenOrdinal})
    || id.causeSeq < (partition.reigns[partition.reignIndex]?.fromSeq ?? 0),
  casHolds: (expectedEpoch, epoch) => expectedEpoch === epoch,
  settleLimit: (state) => state.durableConfirmed,
  holdOver: (seenBelow, limit) => seenBelow >= limit - 1,
  handoverSeq: (decided) => decided + 1,
  mayFill: (partition) => !partition.mismatched && partition.matched === partition.takenOrdinal + 1,
  isFenced: (state, lane) => lane === 'candidate' && state.killed !== null,
};
