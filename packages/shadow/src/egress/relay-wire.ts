import {crc32} from 'node:zlib';
import type {Owner} from '@tandem/contract';
import type {GateView} from '../flow/ownership-control.ts';
import type {LaneLife, RelayItem, RelayStart} from '../flow/ownership-output.ts';

/**
 * Frames between relay and gate: one octet kind, CRC-32 of the rest, the rest. Batches are binary, everything else is JSON.
 * A frame that does not fit is refused by its reader and counted; the connection stays.
 */
const HEAD_BYTES = 5;
export const RELAY_FRAME_BYTES_MAX = 4 * 1024 * 1024;
export const PARTITION_BYTES_MAX = 256;
const KIND_BYTES_MAX = 64;
const ITEMS_MAX = 4096;

/** Items of one lane with consecutive positions from `firstPos`. */
export interface RelayBatch {
  readonly kind: 'batch';
  readonly lane: Owner;
  readonly fedSeq: number;
  readonly firstPos: number;
  /** everything below was sent before this frame; equals `firstPos` when nothing was left out */
  readonly sentBefore: number;
  readonly items: readonly RelayItem[];
}

export type RelayToGate = RelayBatch | {readonly kind: 'hello'} | {readonly kind: 'start'; readonly start: RelayStart};

export type GateToRelay =
  /** `lanes`: whose stream is to begin again */
  | {readonly kind: 'welcome'; readonly session: number; readonly lanes: readonly Owner[]}
  | {readonly kind: 'settled'; readonly session: number; readonly legacy: number; readonly candidate: number}
  | {readonly kind: 'view'; readonly session: number; readonly view: GateView};

const BATCH = 1;
const JSON_FRAME = 2;
const LIVES: readonly LaneLife[] = ['up', 'down', 'ended'];
const ITEM = {output: 0, watermark: 1, life: 2} as const;
const ENTRY_BYTES = {output: 1 + 4 + 8 + 4 + 2 + 1 + 4, watermark: 1 + 8, life: 1 + 4 + 1} as const;

function seal(frame: Buffer): Buffer {
  frame.writeUInt32LE(crc32(frame.subarray(HEAD_BYTES)), 1);
  return frame;
}

export function encodeJsonFrame(value: RelayToGate | GateToRelay): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const frame = Buffer.allocUnsafe(HEAD_BYTES + text.length);
  frame[0] = JSON_FRAME;
  text.copy(frame, HEAD_BYTES);
  return seal(frame);
}

interface Prepared {
  readonly item: RelayItem;
  readonly partition: Buffer | null;
  readonly outputKind: Buffer | null;
}

function prepare(item: RelayItem): Prepared {
  if (item.kind !== 'output') return {item, partition: null, outputKind: null};
  return {item, partition: Buffer.from(item.partition), outputKind: Buffer.from(item.outputKind).subarray(0, KIND_BYTES_MAX)};
}

function sizeOf({item, partition, outputKind}: Prepared): number {
  if (item.kind !== 'output') return ENTRY_BYTES[item.kind];
  return ENTRY_BYTES.output + (partition?.length ?? 0) + (outputKind?.length ?? 0) + item.payload.byteLength;
}

export function encodeBatch(batch: RelayBatch): Buffer {
  const prepared = batch.items.map(prepare);
  const size = prepared.reduce((sum, entry) => sum + sizeOf(entry), HEAD_BYTES + 1 + 8 + 8 + 8 + 4);
  const frame = Buffer.allocUnsafe(size);
  frame[0] = BATCH;
  let at = HEAD_BYTES;
  at = frame.writeUInt8(batch.lane === 'candidate' ? 1 : 0, at);
  at = frame.writeDoubleLE(batch.fedSeq, at);
  at = frame.writeDoubleLE(batch.firstPos, at);
  at = frame.writeDoubleLE(batch.sentBefore, at);
  at = frame.writeUInt32LE(batch.items.length, at);
  for (const entry of prepared) at = writeEntry(frame, at, entry);
  return seal(frame);
}

function writeEntry(frame: Buffer, start: number, {item, partition, outputKind}: Prepared): number {
  let at = frame.writeUInt8(ITEM[item.kind], start);
  if (item.kind === 'watermark') return frame.writeDoubleLE(item.causeSeq, at);
  at = frame.writeUInt32LE(item.incarnation, at);
  if (item.kind === 'life') return frame.writeUInt8(LIVES.indexOf(item.life), at);
  at = frame.writeDoubleLE(item.causeSeq, at);
  at = frame.writeUInt32LE(item.ordinal, at);
  at = frame.writeUInt16LE(partition?.length ?? 0, at);
  at = frame.writeUInt8(outputKind?.length ?? 0, at);
  at = frame.writeUInt32LE(item.payload.byteLength, at);
  for (const bytes of [partition, outputKind, item.payload]) {
    if (bytes === null) continue;
    frame.set(bytes, at);
    at += bytes.byteLength;
  }
  return at;
}

/** Null for anything that is not a sound frame. Payloads are copies: the frame's memory can be given back. */
export function decodeRelayFrame(frame: Buffer): RelayToGate | null {
  if (frame[0] !== BATCH) return decodeJsonFrame(frame) as RelayToGate | null;
  if (!isSound(frame) || frame.length < HEAD_BYTES + 29) return null;
  try {
    return readBatch(frame);
  } catch {
    // A read past the end: lengths inside do not fit the frame.
    return null;
  }
}

/** The JSON frames of either direction; the shape is that of our own other half, checked by version of program, not by field. */
export function decodeJsonFrame(frame: Buffer): unknown {
  if (frame[0] !== JSON_FRAME || !isSound(frame)) return null;
  try {
    return JSON.parse(frame.toString('utf8', HEAD_BYTES)) as unknown;
  } catch {
    return null;
  }
}

function isSound(frame: Buffer): boolean {
  return frame.length >= HEAD_BYTES && frame.length <= RELAY_FRAME_BYTES_MAX && frame.readUInt32LE(1) === crc32(frame.subarray(HEAD_BYTES));
}

function readBatch(frame: Buffer): RelayBatch | null {
  let at = HEAD_BYTES;
  const lane: Owner = frame.readUInt8(at) === 1 ? 'candidate' : 'legacy';
  const [fedSeq, firstPos, sentBefore] = [frame.readDoubleLE(at + 1), frame.readDoubleLE(at + 9), frame.readDoubleLE(at + 17)];
  const count = frame.readUInt32LE(at + 25);
  at += 29;
  if (count > ITEMS_MAX || ![fedSeq, firstPos, sentBefore].every((value) => Number.isSafeInteger(value) && value >= 0)) return null;
  const items: RelayItem[] = [];
  for (let index = 0; index < count; index += 1) {
    const pos = firstPos + index;
    const code = frame.readUInt8(at);
    if (code === ITEM.watermark) {
      items.push({kind: 'watermark', lane, pos, causeSeq: frame.readDoubleLE(at + 1)});
      at += ENTRY_BYTES.watermark;
    } else if (code === ITEM.life) {
      items.push({kind: 'life', lane, pos, incarnation: frame.readUInt32LE(at + 1), life: LIVES[frame.readUInt8(at + 5)] ?? 'down'});
      at += ENTRY_BYTES.life;
    } else if (code === ITEM.output) {
      const [partitionBytes, kindBytes, payloadBytes] = [frame.readUInt16LE(at + 17), frame.readUInt8(at + 19), frame.readUInt32LE(at + 20)];
      const text = at + ENTRY_BYTES.output;
      const end = text + partitionBytes + kindBytes + payloadBytes;
      if (end > frame.length) return null;
      items.push({
        kind: 'output', lane, pos, incarnation: frame.readUInt32LE(at + 1), causeSeq: frame.readDoubleLE(at + 5), ordinal: frame.readUInt32LE(at + 13),
        partition: frame.toString('utf8', text, text + partitionBytes), outputKind: frame.toString('utf8', text + partitionBytes, end - payloadBytes),
        payload: Buffer.from(frame.subarray(end - payloadBytes, end)),
      });
      at = end;
    } else {
      return null;
    }
  }
  return at === frame.length ? {kind: 'batch', lane, fedSeq, firstPos, sentBefore, items} : null;
}
