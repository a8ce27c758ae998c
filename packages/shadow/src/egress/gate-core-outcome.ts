import type {Owner} from '@tandem/contract';
import type {JournalRecord} from '../flow/journal-record.ts';
import {OWNERS} from '../flow/ownership-output.ts';
import {recordNeed} from './settle-core.ts';
import type {GateCommand, GateNotice, GatePartition, GateState, QueuedRecord} from './gate-core-state.ts';

/** What can become of an output, and how each ending is counted (I12). */

export interface Broken {
  readonly invariant: string;
  readonly text: string;
}

/** A position is dealt with once the intent that it rests on is confirmed on disk. */
export function finish(state: GateState, lane: Owner, pos: number, need: number): void {
  const {track} = state.lanes[lane];
  track.finish(pos, need);
  track.advance({intent: state.rules.settleLimit(state), record: state.durableRecords});
}

interface Ended {
  readonly lane: Owner;
  readonly pos: number;
}

export function suppress(state: GateState, partition: GatePartition, held: Ended): void {
  if (state.rules.isFenced(state, held.lane)) state.counts.fenced += 1;
  else state.counts.suppressed += 1;
  state.counts.inFlight -= 1;
  finish(state, held.lane, held.pos, partition.lastIntent);
}

export function dedupe(state: GateState, partition: GatePartition, held: Ended): void {
  state.counts.deduped += 1;
  state.counts.inFlight -= 1;
  finish(state, held.lane, held.pos, partition.lastIntent);
}

export function drop(state: GateState, held: Ended, reason: string, need = 0): void {
  state.counts.dropped[reason] = (state.counts.dropped[reason] ?? 0) + 1;
  state.counts.inFlight -= 1;
  finish(state, held.lane, held.pos, need);
}

export function notice(out: GateCommand[], kind: GateNotice['kind'], partition: string, text: string): void {
  out.push({kind: 'notice', notice: {kind, partition, text}});
}

/** Queues a record behind everything that was taken before it, so that the order on disk is the order of decisions. */
export function appendRecord(state: GateState, record: JournalRecord, answer: QueuedRecord['answer'] = null): void {
  sealOpen(state);
  state.recordCount += 1;
  state.outbox.push({record, intents: [], answer});
}

/** Closes the open group of intents: at most 256 of them make one record. */
export function sealOpen(state: GateState): void {
  while (state.open.length > 0 || state.confirmed > state.cutConfirmed) {
    const intents = state.open.length > 256 ? state.open.splice(0, 256) : state.open;
    if (intents === state.open) state.open = [];
    state.cutConfirmed = state.confirmed;
    state.recordCount += 1;
    const bare = intents.map(({no, partition, causeSeq, ordinal, lane, hash, epoch, fill}) => ({no, partition, causeSeq, ordinal, lane, hash, epoch, fill}));
    state.outbox.push({record: {kind: 'commit', confirmed: state.confirmed, intents: bare}, intents, answer: null});
  }
}

/** Nothing of the partition leaves any more; what it holds is dropped, and the journal says from where on. */
export function haltPartition(state: GateState, partition: GatePartition, broken: Broken, out: GateCommand[]): void {
  if (partition.halted !== null) return;
  partition.halted = `${broken.invariant} ${broken.text}`;
  const position = partition.takenCause < 0 ? null : {causeSeq: partition.takenCause, ordinal: partition.takenOrdinal};
  appendRecord(state, {kind: 'halt', partition: partition.partition, position, invariant: broken.invariant, reason: broken.text});
  partition.haltNeed = recordNeed(state.recordCount);
  notice(out, 'halt', partition.partition, partition.halted);
  dropAll(state, partition, 'halted', partition.haltNeed);
}

/** Drops everything that a partition holds; it may be forgotten once the record that says so is on disk. */
export function dropAll(state: GateState, partition: GatePartition, reason: string, need: number): void {
  for (const lane of OWNERS) {
    for (const held of partition.queue[lane].clear()) {
      state.heldBytes -= held.payload.byteLength;
      drop(state, held, reason, need);
    }
  }
  state.waiting.delete(partition);
  state.holding.delete(partition);
}
