import {isAfter} from '../flow/ownership-output.ts';
import type {GateRules} from './gate-core-state.ts';

/** The sound protocol; production passes this and nothing else. */
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
