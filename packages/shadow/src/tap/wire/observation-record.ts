import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {RingReader, RingWriter} from './observation-ring.ts';

/**
 * One record of the ring between the tap and the log, little endian:
 * kind u8, stream u8, parts u16, identity octets u32, epoch f64, seq f64, time f64 (ns), identity, then per part its length u32 and its octets.
 * A gap has its count in the place of `parts` (u16 unused) as the last f64 and its reason in the place of the identity.
 */
const HEAD_BYTES = 32;
const MESSAGE = 1;
const GAP = 2;
const COUNT_BYTES = 8;

/** What the tap writes of one message, part by part; filled by the caller, so that nothing is made for a message. */
export interface MessageHead {
  stream: number;
  epoch: number;
  seq: number;
  tMonoNs: number;
  identity: Uint8Array;
}

export const messageBytes = (head: MessageHead, partCount: number, partsBytes: number): number => HEAD_BYTES + head.identity.length + 4 * partCount + partsBytes;

/** Writes the head at a reserved place; where the first part goes. */
export const writeHead = (ring: RingWriter, at: number, head: MessageHead, partCount: number): number => {
  const {view, octets} = ring;
  view.setUint8(at, MESSAGE);
  view.setUint8(at + 1, head.stream);
  view.setUint16(at + 2, partCount, true);
  view.setUint32(at + 4, head.identity.length, true);
  view.setFloat64(at + 8, head.epoch, true);
  view.setFloat64(at + 16, head.seq, true);
  view.setFloat64(at + 24, head.tMonoNs, true);
  octets.set(head.identity, at + HEAD_BYTES);
  return at + HEAD_BYTES + head.identity.length;
};

/** False: there is no room for it either. */
export const writeGap = (ring: RingWriter, gap: Omit<GapRecord, 'stream'> & {stream: number}): boolean => {
  const reason = Buffer.from(gap.reason, 'utf8');
  const at = ring.reserve(HEAD_BYTES + COUNT_BYTES + reason.length);
  if (at < 0) return false;
  const {view, octets} = ring;
  view.setUint8(at, GAP);
  view.setUint8(at + 1, gap.stream);
  view.setUint16(at + 2, 0, true);
  view.setUint32(at + 4, reason.length, true);
  view.setFloat64(at + 8, gap.epoch, true);
  view.setFloat64(at + 16, gap.afterSeq, true);
  view.setFloat64(at + 24, gap.tMonoNs, true);
  view.setFloat64(at + HEAD_BYTES, gap.count ?? Number.NaN, true);
  octets.set(reason, at + HEAD_BYTES + COUNT_BYTES);
  ring.commit();
  return true;
};

/** The record that the reader stands at. Its octets are copied out. `wallOffsetNs` is added to the time for people. */
export const readRecord = (ring: RingReader, streams: readonly string[], wallOffsetNs: bigint): {message: CapturedMessage} | {gap: GapRecord} => {
  const {view, at} = ring;
  const stream = streams[view.getUint8(at + 1)] ?? '';
  const textBytes = view.getUint32(at + 4, true);
  const epoch = view.getFloat64(at + 8, true);
  const seq = view.getFloat64(at + 16, true);
  const tMonoNs = view.getFloat64(at + 24, true);
  if (view.getUint8(at) === GAP) {
    const count = view.getFloat64(at + HEAD_BYTES, true);
    const reason = Buffer.from(copied(ring, at + HEAD_BYTES + COUNT_BYTES, textBytes)).toString('utf8');
    return {gap: {stream, epoch, afterSeq: seq, count: Number.isNaN(count) ? null : count, reason, tMonoNs}};
  }
  const identity = identityAt(ring, at + HEAD_BYTES, textBytes);
  const frames: Uint8Array[] = [];
  let place = at + HEAD_BYTES + textBytes;
  for (let left = view.getUint16(at + 2, true); left > 0; left -= 1) {
    const bytes = view.getUint32(place, true);
    frames.push(copied(ring, place + 4, bytes));
    place += 4 + bytes;
  }
  return {message: {stream, epoch, seq, tMonoNs, tWallNs: wallOffsetNs + BigInt(tMonoNs), identity, frames}};
};

/** The last one, as octets and text: from message to message it is nearly always the same. */
const last = {octets: new Uint8Array(0), text: ''};
const identityAt = ({octets}: RingReader, at: number, bytes: number): string => {
  let same = bytes === last.octets.length;
  for (let index = 0; same && index < bytes; index += 1) same = octets[at + index] === last.octets[index];
  if (same) return last.text;
  last.octets = octets.slice(at, at + bytes);
  last.text = Buffer.from(last.octets).toString('latin1');
  return last.text;
};

/** Shared memory is written again, and text decoders refuse it. */
const copied = ({octets}: RingReader, at: number, bytes: number): Uint8Array => octets.slice(at, at + bytes);
