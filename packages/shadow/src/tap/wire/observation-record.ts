import type {CapturedMessage, GapRecord} from '@tandem/contract';
import type {PackedMessage} from '../../flow/packed-message.ts';
import type {RingReader, RingWriter} from './observation-ring.ts';

/**
 * One record of the ring between the tap and the log, little endian:
 * kind u8, stream u8, parts u16, identity octets u32, epoch f64, seq f64, time f64 (ns), a length u32 for each part, the identity in UTF-8, the parts
 * (from the lengths on it lies as the log wants it, which then copies once). A gap has its count in the place of `parts` (u16 unused) as the last f64 and its reason in the place of the identity.
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
  /** UTF-8 */
  identity: Uint8Array;
}

export const messageBytes = (head: MessageHead, partCount: number, partsBytes: number): number => HEAD_BYTES + head.identity.length + 4 * partCount + partsBytes;

/** Writes the head at a reserved place; where the first part goes. Their lengths are the caller's: `writeLength`. */
export const writeHead = (ring: RingWriter, at: number, head: MessageHead, partCount: number): number => {
  const {view, octets} = ring;
  const {identity} = head;
  view.setUint8(at, MESSAGE);
  view.setUint8(at + 1, head.stream);
  view.setUint16(at + 2, partCount, true);
  view.setUint32(at + 4, identity.length, true);
  view.setFloat64(at + 8, head.epoch, true);
  view.setFloat64(at + 16, head.seq, true);
  view.setFloat64(at + 24, head.tMonoNs, true);
  const place = at + HEAD_BYTES + 4 * partCount;
  // mostly a few octets: a call for them costs more
  for (let index = 0; index < identity.length; index += 1) octets[place + index] = identity[index]!;
  return place + identity.length;
};

/** The length of a part (counted from 0), octets. */
export const writeLength = (ring: RingWriter, at: number, part: number, bytes: number): void => { ring.view.setUint32(at + HEAD_BYTES + 4 * part, bytes, true); };

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

/** Whether the record that the reader stands at is a gap. */
export const isGap = ({view, at}: RingReader): boolean => view.getUint8(at) === GAP;

export const readGap = ({view, octets, at}: RingReader, streams: readonly string[]): GapRecord => {
  const count = view.getFloat64(at + HEAD_BYTES, true);
  const reasonAt = at + HEAD_BYTES + COUNT_BYTES;
  return {
    stream: streams[view.getUint8(at + 1)] ?? '', epoch: view.getFloat64(at + 8, true), afterSeq: view.getFloat64(at + 16, true), count: Number.isNaN(count) ? null : count,
    reason: textOf(octets, reasonAt, view.getUint32(at + 4, true)), tMonoNs: view.getFloat64(at + 24, true),
  };
};

/** The message that the reader stands at. Its octets are copied out. `wallOffsetNs` is added to the time for people. */
export const readMessage = ({view, octets, at}: RingReader, streams: readonly string[], wallOffsetNs: bigint): CapturedMessage => {
  const partCount = view.getUint16(at + 2, true);
  const identityBytes = view.getUint32(at + 4, true);
  const tMonoNs = view.getFloat64(at + 24, true);
  const identityAt = at + HEAD_BYTES + 4 * partCount;
  const frames: Uint8Array[] = [];
  let place = identityAt + identityBytes;
  for (let part = 0; part < partCount; part += 1) {
    const bytes = view.getUint32(at + HEAD_BYTES + 4 * part, true);
    frames.push(copied(octets, place, bytes));
    place += bytes;
  }
  return {
    stream: streams[view.getUint8(at + 1)] ?? '', epoch: view.getFloat64(at + 8, true), seq: view.getFloat64(at + 16, true), tMonoNs, tWallNs: wallOffsetNs + BigInt(tMonoNs),
    identity: textOf(octets, identityAt, identityBytes), frames,
  };
};

const TWO_32 = 0x1_0000_0000;

/** The message that a reader stands at, where it lies: one object for all of them. */
export class RingMessage implements PackedMessage {
  readonly octets: Buffer<ArrayBufferLike>;
  stream = '';
  epoch = 0;
  seq = 0;
  tMonoNs = 0;
  tWallHigh = 0;
  tWallLow = 0;
  partCount = 0;
  identityBytes = 0;
  at = 0;
  sizeBytes = 0;
  readonly #ring: RingReader;
  readonly #streams: readonly string[];
  #offsetHigh = 0;
  #offsetLow = 0;

  constructor(ring: RingReader, streams: readonly string[]) {
    this.#ring = ring;
    this.#streams = streams;
    this.octets = ring.octets;
  }

  /** What is added to the time for people, ns; once a batch, because it is too long for a number. */
  set wallOffsetNs(offsetNs: bigint) {
    this.#offsetHigh = Number(BigInt.asUintN(32, offsetNs >> 32n));
    this.#offsetLow = Number(BigInt.asUintN(32, offsetNs));
  }

  /** octets of its parts */
  get partsBytes(): number {
    return this.sizeBytes - this.identityBytes - 4 * this.partCount;
  }

  read(): void {
    const {view, at, bytes} = this.#ring;
    this.stream = this.#streams[view.getUint8(at + 1)] ?? '';
    this.partCount = view.getUint16(at + 2, true);
    this.identityBytes = view.getUint32(at + 4, true);
    this.epoch = view.getFloat64(at + 8, true);
    this.seq = view.getFloat64(at + 16, true);
    const tMonoNs = view.getFloat64(at + 24, true);
    this.tMonoNs = tMonoNs;
    const low = this.#offsetLow + (tMonoNs >>> 0);
    this.tWallLow = low >>> 0;
    this.tWallHigh = (this.#offsetHigh + Math.floor(tMonoNs / TWO_32) + (low >= TWO_32 ? 1 : 0)) >>> 0;
    this.at = at + HEAD_BYTES;
    this.sizeBytes = bytes - HEAD_BYTES;
  }
}

const textOf = (octets: Buffer<ArrayBufferLike>, at: number, bytes: number): string => (bytes === 0 ? '' : Buffer.from(copied(octets, at, bytes)).toString('utf8'));

/** Shared memory is written again, and text decoders refuse it. */
const copied = (octets: Buffer<ArrayBufferLike>, at: number, bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(octets.subarray(at, at + bytes));
