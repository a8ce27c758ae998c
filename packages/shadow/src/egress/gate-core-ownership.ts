import type {Owner, OwnershipRecord} from '@tandem/contract';
import {addReign} from '../flow/ownership.ts';
import {NONCES_MAX} from '../flow/journal-fold.ts';
import type {KillMode, ProposeRequest, RefusalCode} from '../flow/ownership-control.ts';
import {appendRecord, dropAll, haltPartition, notice} from './gate-core-outcome.ts';
import {tellKillDrained} from './gate-core-journal.ts';
import {advance, enterReign} from './gate-core-release.ts';
import {recordNeed} from './settle-core.ts';
import type {GateCommand, GatePartition, GateState} from './gate-core-state.ts';

interface Refusal {
  readonly code: RefusalCode;
  readonly reason: string;
}

/** A change of ownership: compare-and-set, all moves or none, answered once it is on disk. */
export function onPropose(state: GateState, requestId: number, request: ProposeRequest, out: GateCommand[]): void {
  const known = state.journalFailed === null ? state.nonces.get(request.nonce) : undefined;
  if (known !== undefined) {
    // Asked again after an answer was lost: it was carried out once. A change still on its way answers when it is on disk.
    const answer = {kind: 'accepted' as const, epoch: known.epoch, moved: known.moved};
    if (state.outbox.length + state.awaitingDurable.length === 0) out.push({kind: 'answer', requestId, answer});
    else appendAnswer(state, requestId, answer);
    return;
  }
  const refusal = refuse(state, request);
  if (refusal !== null) {
    out.push({kind: 'answer', requestId, answer: {kind: 'refused', ...refusal, epoch: state.epoch, winner: state.epochActor}});
    return;
  }
  const moves = haltUnsound(state, request.moves
    .map(({partition, owner}) => ({partition: state.partitions.get(partition) as GatePartition, owner}))
    .filter(({partition, owner}) => partition.reigns.at(-1)?.owner !== owner), out);
  changeOwners(state, moves, {requestId, request});
  notice(out, 'ownership', '', `${request.actor}: ${request.stage} ${(request.share * 100).toFixed(0)} %, ${moves.length} partitions, ${request.reason}`);
  for (const {partition} of moves) advance(state, partition, out);
}

interface Move {
  readonly partition: GatePartition;
  readonly owner: Owner;
}

/**
 * Where legacy answered out of order, an effect of it is missing: after a way back nobody could say which. Such a partition stops, said so in the
 * journal, and does not keep the others from going back. @returns the moves that are left
 */
function haltUnsound(state: GateState, moves: readonly Move[], out: GateCommand[]): readonly Move[] {
  return moves.filter(({partition, owner}) => {
    const why = owner === 'legacy' ? partition.unsound.legacy : null;
    if (why !== null) haltPartition(state, partition, {invariant: 'I3', text: `${why}: it cannot be given back`}, out);
    return why === null;
  });
}

/** The record stays behind all that was decided, so an answer that travels with one is as durable as the change itself. */
function appendAnswer(state: GateState, requestId: number, answer: {kind: 'accepted'; epoch: number; moved: number}): void {
  appendRecord(state, {kind: 'commit', confirmed: state.confirmed, intents: []}, {requestId, answer});
}

function refuse(state: GateState, request: ProposeRequest): Refusal | null {
  if (state.journalFailed !== null) return {code: 'journal', reason: `the journal cannot be written: ${state.journalFailed}`};
  if (request.planHash !== state.config.planHash) return {code: 'plan', reason: 'the plan is not the one that this gate was started with'};
  if (!state.rules.casHolds(request.expectedEpoch, state.epoch)) {
    return {code: 'epoch', reason: `epoch is ${state.epoch} by ${state.epochActor}, expected ${request.expectedEpoch}`};
  }
  const forward = request.moves.some((move) => move.owner === 'candidate');
  if (forward && state.killed !== null) return {code: 'killed', reason: `killed (${state.killed})`};
  if (forward && request.evidenceHash === '') return {code: 'evidence', reason: 'no evidence is bound to this change (I11)'};
  for (const move of request.moves) {
    const partition = state.partitions.get(move.partition);
    if (partition === undefined) return {code: 'partition', reason: `partition ${move.partition} is not known`};
    if (partition.halted !== null) return {code: 'halted', reason: `${move.partition}: ${partition.halted}`};
    const why = laneRefusal(state, partition, move.owner);
    if (why !== null) return {code: 'lane', reason: why};
  }
  return null;
}

function laneRefusal(state: GateState, partition: GatePartition, owner: Owner): string | null {
  const lane = state.lanes[owner];
  if (!lane.started) return `the stream of ${owner} has not begun`;
  if (!lane.attested) return `${owner} is not the build of the plan (I13)`;
  if (lane.life === 'ended') return `${owner} has ended`;
  // The way back stands open to a lane that is being restarted: its log is replayed.
  if (owner === 'candidate' && lane.life !== 'up') return 'candidate is down';
  // where legacy is unsound the way back halts the partition instead: the others must not wait for it
  return owner === 'candidate' ? partition.unsound.candidate : null;
}

interface Origin {
  readonly requestId: number;
  readonly request: Pick<ProposeRequest, 'expectedEpoch' | 'stage' | 'share' | 'nonce' | 'actor' | 'reason' | 'evidenceHash' | 'planHash'>;
}

function changeOwners(state: GateState, moves: readonly Move[], origin: Origin): void {
  const {request} = origin;
  const records: OwnershipRecord[] = [];
  let epoch = state.epoch;
  for (const {partition, owner} of moves) {
    epoch += 1;
    // Outputs of the new owner that are settled cannot come again: a hand-over never reaches back to them.
    const decided = Math.max(partition.decidedCause, state.lanes[owner].settledCause);
    const fromSeq = state.rules.handoverSeq(decided);
    records.push({
      partition: partition.partition, epoch, fromSeq, owner, evidenceHash: request.evidenceHash, planHash: request.planHash, actor: request.actor,
    });
    addReign(partition.reigns, {owner, fromSeq, epoch});
    if (partition.reignIndex >= partition.reigns.length - 1) {
      // It takes the place of the present reign, in which nothing was released yet.
      partition.reignIndex = partition.reigns.length - 1;
      enterReign(state, partition);
    }
  }
  state.epoch = Math.max(epoch, state.epoch + 1);
  state.epochActor = request.actor;
  state.stage = request.stage;
  state.share = request.share;
  state.nonces.set(request.nonce, {epoch: state.epoch, moved: records.length});
  if (state.nonces.size > NONCES_MAX) state.nonces.delete(state.nonces.keys().next().value as string);
  const answer = origin.requestId < 0 ? null
    : {requestId: origin.requestId, answer: {kind: 'accepted' as const, epoch: state.epoch, moved: records.length}};
  appendRecord(state, {
    kind: 'ownership', after: request.expectedEpoch, epoch: state.epoch, stage: request.stage, share: request.share, nonce: request.nonce, actor: request.actor,
    reason: request.reason, records,
  }, answer);
}

/** The kill switch: needs no confirmation, no controller, no free disk; it latches, and doing it again changes nothing. */
export function onKill(state: GateState, mode: KillMode, actor: string, out: GateCommand[]): void {
  const before = state.killed;
  if (before === null || (before === 'legacy' && mode === 'halt')) {
    state.killed = mode;
    if (state.journalFailed === null) appendRecord(state, {kind: 'kill', mode, actor});
    state.killNeed = recordNeed(state.journalFailed === null ? state.recordCount : Infinity);
    notice(out, 'kill', '', `${mode} by ${actor}`);
    if (mode === 'halt') for (const partition of state.partitions.values()) dropAll(state, partition, 'killed', state.killNeed);
    else returnAll(state, actor, out);
  }
  state.killWaiting = true;
  tellKillDrained(state, out);
}

/** Everything back to legacy. Where legacy's stream has not begun yet, its start does this. */
export function returnAll(state: GateState, actor: string, out: GateCommand[]): void {
  if (state.journalFailed !== null || !state.lanes.legacy.started) return;
  const moves = haltUnsound(state, [...state.partitions.values()]
    .filter((partition) => partition.halted === null && partition.reigns.at(-1)?.owner === 'candidate')
    .map((partition) => ({partition, owner: 'legacy' as const})), out);
  if (moves.length > 0) {
    changeOwners(state, moves, {requestId: -1, request: {
      expectedEpoch: state.epoch, stage: 'ROLLING_BACK', share: 0, nonce: `kill.${state.session}.${state.epoch}`, actor, reason: 'kill switch', evidenceHash: '', planHash: state.config.planHash,
    }});
  }
  for (const partition of state.partitions.values()) if (partition.halted === null) advance(state, partition, out);
}
