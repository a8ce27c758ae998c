import type {Owner} from '@tandem/contract';
import {firstReigns, reignAt, type Reign} from '../flow/ownership.ts';
import type {RelayStart} from '../flow/ownership-output.ts';
import {dedupe, drop, finish, haltPartition, notice, suppress} from './gate-core-outcome.ts';
import {advance, compareWithReleased} from './gate-core-release.ts';
import {emptyPartition, type GateCommand, type GatePartition, type GateState, type LaneStream} from './gate-core-state.ts';
import {SettleTrack} from './settle-core.ts';

/** One output as it reaches the gate. */
export interface OfferedOutput {
  readonly lane: Owner;
  readonly pos: number;
  readonly incarnation: number;
  readonly partition: string;
  readonly causeSeq: number;
  readonly ordinal: number;
  readonly outputKind: string;
  readonly hash: string;
  readonly payload: Uint8Array;
}

/** A lane's stream begins (again): what is held of it is forgotten and will come again. */
export function onStart(state: GateState, start: RelayStart): void {
  const stream = state.lanes[start.lane];
  for (const partition of state.partitions.values()) {
    for (const held of partition.queue[start.lane].clear()) {
      state.heldBytes -= held.payload.byteLength;
      // It will be offered anew, so it was not offered yet.
      state.counts.offered -= 1;
      state.counts.inFlight -= 1;
    }
    Object.assign(partition.seen[start.lane], {incarnation: -1, causeSeq: -1, ordinal: -1, maxCause: -1});
  }
  stream.started = true;
  stream.track = new SettleTrack(start.pos);
  stream.incarnation = start.incarnation;
  stream.attested = start.attest === state.config.attest[start.lane];
  stream.watermark = start.watermark;
  stream.settledCause = start.settledCause;
  stream.life = start.life;
}

/** False when the item is out of turn: then nothing may be done with it. */
export function isInTurn(state: GateState, item: {readonly lane: Owner; readonly pos: number}, out: GateCommand[]): boolean {
  const stream = state.lanes[item.lane];
  if (stream.started && item.pos === stream.track.next) {
    stream.track.arrive();
    return true;
  }
  // Delivered twice by the transport: the first one counts. A hole: begin again.
  if (!stream.started || item.pos > stream.track.next) {
    stream.started = false;
    out.push({kind: 'resync', lane: item.lane});
  }
  return false;
}

/** A hole at the end of what was sent shows only here: nothing comes behind it. */
export function onProgress(state: GateState, word: {readonly lane: Owner; readonly seq: number; readonly sentBefore: number}, out: GateCommand[]): void {
  const stream = state.lanes[word.lane];
  stream.fedSeq = Math.max(stream.fedSeq, word.seq);
  if (stream.started && word.sentBefore <= stream.track.next) return;
  stream.started = false;
  out.push({kind: 'resync', lane: word.lane});
}

export function onOutput(state: GateState, item: OfferedOutput, out: GateCommand[]): void {
  if (!isInTurn(state, item, out)) return;
  const {lane} = item;
  state.counts.offered += 1;
  state.counts.inFlight += 1;
  const stream = state.lanes[lane];
  if (!stream.attested) return drop(state, item, 'unattested');
  if (state.killed === 'halt') return drop(state, item, 'killed', state.killNeed);
  const partition = partitionOf(state, item.partition, out);
  if (partition === null) return drop(state, item, 'partition limit');
  if (partition.halted !== null) return drop(state, item, 'halted', partition.haltNeed);
  if (!isOrdered(state, partition, item, out)) return;
  if (state.rules.isDone(partition, item)) return afterItsTurn(state, partition, item);
  const queue = partition.queue[lane];
  const last = queue.last();
  if (last !== undefined && (last.causeSeq > item.causeSeq || (last.causeSeq === item.causeSeq && last.ordinal >= item.ordinal))) {
    if (queue.find(item.causeSeq, item.ordinal) !== undefined) return dedupe(state, partition, item);
    return disordered(state, partition, item, out);
  }
  queue.push({
    lane, pos: item.pos, causeSeq: item.causeSeq, ordinal: item.ordinal, hash: item.hash, outputKind: item.outputKind, payload: item.payload,
    heldSinceMs: state.nowMs,
  });
  state.heldBytes += item.payload.byteLength;
  advance(state, partition, out);
  if (state.heldBytes > state.config.heldBytesMax) overrun(state, out);
}

/** Within one incarnation a lane's outputs of a partition rise by cause and ordinal; a new incarnation begins from the start (I3). */
function isOrdered(state: GateState, partition: GatePartition, item: OfferedOutput, out: GateCommand[]): boolean {
  const seen = partition.seen[item.lane];
  if (item.incarnation !== seen.incarnation) {
    seen.incarnation = item.incarnation;
  } else if (item.causeSeq < seen.causeSeq || (item.causeSeq === seen.causeSeq && item.ordinal <= seen.ordinal)) {
    disordered(state, partition, item, out);
    return false;
  }
  seen.causeSeq = item.causeSeq;
  seen.ordinal = item.ordinal;
  seen.maxCause = Math.max(seen.maxCause, item.causeSeq);
  return true;
}

/** A lane without order cannot be released from: if it owns, the partition stops; if not, it may not become the owner. */
function disordered(state: GateState, partition: GatePartition, item: OfferedOutput, out: GateCommand[]): void {
  const text = `${item.lane} sent ${item.causeSeq}.${item.ordinal} out of order`;
  partition.unsound[item.lane] = text;
  drop(state, item, 'disordered', partition.lastIntent);
  const owns = partition.reigns.slice(partition.reignIndex).some((reign) => reign.owner === item.lane);
  if (owns) haltPartition(state, partition, {invariant: 'I3', text}, out);
}

/** The effect, or its counterpart, was released before; or its cause is over. */
function afterItsTurn(state: GateState, partition: GatePartition, item: OfferedOutput): void {
  const reign = partition.reigns[reignAt(partition.reigns, item.causeSeq)] as Reign;
  const wasOwn = reign.owner === item.lane;
  if (!wasOwn || partition.takenLane !== item.lane) compareWithReleased(state, partition, item);
  if (wasOwn) dedupe(state, partition, item);
  else suppress(state, partition, item);
}

function partitionOf(state: GateState, name: string, out: GateCommand[]): GatePartition | null {
  const known = state.partitions.get(name);
  if (known !== undefined) return known;
  if (state.partitions.size >= state.config.partitionsMax) {
    notice(out, 'violation', name, `more than ${state.config.partitionsMax} partitions`);
    return null;
  }
  const partition = emptyPartition(name, firstReigns());
  state.partitions.set(name, partition);
  return partition;
}

export function onWatermark(state: GateState, item: {readonly lane: Owner; readonly pos: number; readonly causeSeq: number}, out: GateCommand[]): void {
  if (!isInTurn(state, item, out)) return;
  const stream = state.lanes[item.lane];
  finish(state, item.lane, item.pos, 0);
  if (item.causeSeq <= stream.watermark) return;
  stream.watermark = item.causeSeq;
  advanceWaiting(state, out);
}

export function onLife(
  state: GateState, item: {readonly lane: Owner; readonly pos: number; readonly incarnation: number; readonly life: LaneStream['life']}, out: GateCommand[],
): void {
  if (!isInTurn(state, item, out)) return;
  const stream = state.lanes[item.lane];
  stream.life = item.life;
  stream.incarnation = item.incarnation;
  finish(state, item.lane, item.pos, 0);
  advanceWaiting(state, out);
}

export function advanceWaiting(state: GateState, out: GateCommand[]): void {
  for (const partition of [...state.waiting]) advance(state, partition, out);
}

/** The sender keeps to a smaller bound than ours; if ours is passed, something is wrong and memory is at stake. */
function overrun(state: GateState, out: GateCommand[]): void {
  for (const partition of [...state.holding]) {
    haltPartition(state, partition, {invariant: 'I12', text: `more than ${state.config.heldBytesMax} bytes held`}, out);
  }
}
