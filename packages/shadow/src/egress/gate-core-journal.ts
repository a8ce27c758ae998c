import type {GateCommand, GateState, QueuedRecord, TakenIntent} from './gate-core-state.ts';
import {haltPartition, notice, sealOpen} from './gate-core-outcome.ts';
import {OWNERS} from '../flow/ownership-output.ts';

/** Cuts what is to be written now: all records in order, the open group last. The caller writes, syncs, then tells `durable`. */
export function cutRecords(state: GateState): readonly QueuedRecord[] {
  if (state.journalFailed !== null) return [];
  sealOpen(state);
  const cut = state.outbox.splice(0);
  state.awaitingDurable.push(...cut);
  return cut;
}

/** True when something waits that should not wait for more to come with it. */
export function hasUrgent(state: GateState): boolean {
  return state.outbox.length > 0 || state.open.length > 0;
}

/** The first `count` records that were cut and not yet told are on disk: their effects may leave, their answers may be given. */
export function onDurable(state: GateState, count: number, out: GateCommand[]): void {
  state.durableRecords += count;
  for (const queued of state.awaitingDurable.splice(0, count)) {
    for (const intent of queued.intents) {
      if (intent.lane === 'candidate' && state.unsentCandidate > 0) state.unsentCandidate -= 1;
      if (intent.lane === 'candidate' && intent.no <= state.cutIntent) {
        withhold(state, intent, out);
        continue;
      }
      state.unconfirmed.push(intent);
      out.push({kind: 'send', intent});
    }
    if (queued.record.kind === 'commit' || queued.record.kind === 'close') {
      state.durableConfirmed = Math.max(state.durableConfirmed, queued.record.confirmed);
    }
    if (queued.answer !== null) out.push({kind: 'answer', ...queued.answer});
  }
  for (const lane of OWNERS) state.lanes[lane].track.advance({intent: state.rules.settleLimit(state), record: state.durableRecords});
  tellKillDrained(state, out);
}

/** The downstream has every effect up to this intent. */
export function onConfirmed(state: GateState, through: number, out: GateCommand[]): void {
  const newest = state.unconfirmed.at(-1)?.no ?? state.confirmed;
  if (through > newest) {
    notice(out, 'violation', '', `I6 downstream confirms intent ${through}, sent were ${newest}`);
    state.counts.violations += 1;
    return;
  }
  let done = 0;
  while (done < state.unconfirmed.length) {
    const intent = state.unconfirmed[done] as (typeof state.unconfirmed)[number];
    if (intent.no > through) break;
    intent.owner.released += 1;
    state.counts.released += 1;
    state.counts.inFlight -= 1;
    state.counts.releasedBy[intent.lane] += 1;
    if (intent.fill) state.counts.filled += 1;
    done += 1;
  }
  state.unconfirmed.splice(0, done);
  if (through > state.confirmed) state.confirmed = through;
}

/** A write or sync failed: what was not synced may or may not be there, so nothing that rests on it ever leaves. */
export function onJournalFailed(state: GateState, reason: string, out: GateCommand[]): void {
  if (state.journalFailed !== null) return;
  state.journalFailed = reason;
  state.unsentCandidate = 0;
  for (const queued of [...state.awaitingDurable, ...state.outbox]) {
    if (queued.answer === null) continue;
    out.push({kind: 'answer', requestId: queued.answer.requestId,
      answer: {kind: 'refused', code: 'journal', reason: `the journal cannot be written: ${reason}`, epoch: state.epoch, winner: ''}});
  }
  state.awaitingDurable.length = 0;
  state.outbox.length = 0;
  state.open = [];
  notice(out, 'journal', '', `F47 journal not writable, nothing is released any more: ${reason}`);
  tellKillDrained(state, out);
}

/** I9 when the disk stalls: effects of the candidate that are not on disk by now never leave, and their partitions say so. */
export function onKillCut(state: GateState, out: GateCommand[]): void {
  if (state.killed === null || state.unsentCandidate === 0) return;
  state.cutIntent = state.lastIntent;
  state.unsentCandidate = 0;
  tellKillDrained(state, out);
}

function withhold(state: GateState, intent: TakenIntent, out: GateCommand[]): void {
  state.counts.inFlight -= 1;
  state.counts.dropped['withheld'] = (state.counts.dropped['withheld'] ?? 0) + 1;
  haltPartition(state, intent.owner, {invariant: 'I9', text: `${intent.causeSeq}.${intent.ordinal} was written but not sent when the kill switch was thrown`}, out);
}

/** I9: after the acknowledgement nothing of the candidate is left to leave. */
export function tellKillDrained(state: GateState, out: GateCommand[]): void {
  if (!state.killWaiting || state.unsentCandidate > 0) return;
  state.killWaiting = false;
  out.push({kind: 'kill-drained'});
}
