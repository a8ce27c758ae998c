import type {Owner} from '@tandem/contract';
import type {GateView, KillMode, ProposeRequest} from '../flow/ownership-control.ts';
import {OWNERS, type LaneLife, type RelayStart} from '../flow/ownership-output.ts';
import {onLife, onOutput, onProgress, onStart, onWatermark, advanceWaiting, type OfferedOutput} from './gate-core-intake.ts';
import {onConfirmed, onDurable, onJournalFailed, onKillCut} from './gate-core-journal.ts';
import {notice} from './gate-core-outcome.ts';
import {onKill, onPropose, returnAll} from './gate-core-ownership.ts';
import {dropLeftovers} from './gate-core-release.ts';
import type {GateCommand, GateState} from './gate-core-state.ts';

/** Everything that can happen to a gate. */
export type GateEvent =
  | {readonly kind: 'time'; readonly nowMs: number}
  /** now and then: drops leftovers, tells stalls */
  | {readonly kind: 'sweep'}
  | {readonly kind: 'start'; readonly start: RelayStart}
  /** the lane was fed inputs up to `seq`, and all items before `sentBefore` were sent before this word */
  | {readonly kind: 'progress'; readonly lane: Owner; readonly seq: number; readonly sentBefore: number}
  | ({readonly kind: 'output'} & OfferedOutput)
  | {readonly kind: 'watermark'; readonly lane: Owner; readonly pos: number; readonly causeSeq: number}
  | {readonly kind: 'life'; readonly lane: Owner; readonly pos: number; readonly incarnation: number; readonly life: LaneLife}
  | {readonly kind: 'durable'; readonly records: number}
  | {readonly kind: 'confirmed'; readonly through: number}
  | {readonly kind: 'journal-failed'; readonly reason: string}
  | {readonly kind: 'propose'; readonly requestId: number; readonly request: ProposeRequest}
  | {readonly kind: 'kill'; readonly mode: KillMode; readonly actor: string}
  /** the disk takes too long for a kill to wait: what is not on it will not be sent */
  | {readonly kind: 'kill-cut'};

/**
 * The gate's decisions: changes `state` in place and appends what is to be done to `out`. Same state and same events give the
 * same commands; it reads no clock, no chance and no file.
 */
export function gateStep(state: GateState, event: GateEvent, out: GateCommand[]): void {
  switch (event.kind) {
    case 'time': state.nowMs = Math.max(state.nowMs, event.nowMs); return;
    case 'sweep': sweep(state, out); return;
    case 'start':
      onStart(state, event.start);
      if (event.start.lane === 'legacy' && state.killed === 'legacy') returnAll(state, 'kill-switch', out);
      advanceWaiting(state, out);
      return;
    case 'progress': onProgress(state, event, out); return;
    case 'output': onOutput(state, event, out); return;
    case 'watermark': onWatermark(state, event, out); return;
    case 'life': onLife(state, event, out); return;
    case 'durable': onDurable(state, event.records, out); return;
    case 'confirmed': onConfirmed(state, event.through, out); return;
    case 'journal-failed': onJournalFailed(state, event.reason, out); return;
    case 'propose': onPropose(state, event.requestId, event.request, out); return;
    case 'kill': onKill(state, event.mode, event.actor, out); return;
    case 'kill-cut': onKillCut(state, out); return;
  }
}

function sweep(state: GateState, out: GateCommand[]): void {
  for (const partition of [...state.holding]) dropLeftovers(state, partition);
  for (const partition of state.waiting) {
    const {holdSinceMs} = partition;
    if (holdSinceMs === null || partition.stallTold || state.nowMs - holdSinceMs < state.config.holdMsMax) continue;
    partition.stallTold = true;
    notice(out, 'stall', partition.partition, `a hand-over waits for ${(state.nowMs - holdSinceMs).toFixed(0)} ms`);
  }
}

/** All positions of the lane up to the returned one are settled. */
export function settledPosition(state: GateState, lane: Owner): number {
  return state.lanes[lane].track.settled;
}

/** `partitionsShown`: at most so many partitions are listed. */
export function gateView(state: GateState, partitionsShown: number): GateView {
  const {counts} = state;
  const partitions = [...state.partitions.values()];
  const holds = [...state.holdsMs].sort((left, right) => left - right);
  const at = (share: number): number => holds[Math.min(holds.length - 1, Math.floor(holds.length * share))] ?? 0;
  return {
    session: state.session, epoch: state.epoch, stage: state.stage, share: state.share, planHash: state.config.planHash, killed: state.killed,
    journalWritable: state.journalFailed === null,
    halted: partitions.flatMap(({partition, halted}) => (halted === null ? [] : [{partition, reason: halted}])).slice(0, partitionsShown),
    partitions: partitions.filter(({halted}) => halted === null).slice(0, partitionsShown).map((partition) => ({
      partition: partition.partition, owner: partition.reigns.at(-1)?.owner ?? 'legacy', released: partition.released,
      handingOver: partition.reignIndex < partition.reigns.length - 1,
    })),
    accounts: {
      offered: counts.offered, released: counts.released, deduped: counts.deduped, suppressed: counts.suppressed, fenced: counts.fenced,
      dropped: {...counts.dropped}, inFlight: counts.inFlight,
    },
    releasedBy: {...counts.releasedBy}, filled: counts.filled,
    watermarks: Object.fromEntries(OWNERS.map((lane) => [lane, state.lanes[lane].watermark])) as Record<Owner, number>,
    holds: {count: state.holdCount, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: holds.at(-1) ?? 0},
  };
}
