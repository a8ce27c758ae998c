import {LOG_FORMAT, type CapturedMessage} from '@tandem/contract';
import {CRC_BYTES, DATA_HEAD, DATA_VERSION, getU64, MESSAGE_HEAD, OP, RECORD_HEAD} from './mcap-layout.ts';
import {channelCrc, channelCrcHolds, messageSeed, readPairs, readText} from './mcap-records.ts';
import {recordCrc, type Octets} from './record-crc.ts';

const TWO_32 = 0x1_0000_0000;
const SAFE = Number.MAX_SAFE_INTEGER;
const MESSAGE_MIN = MESSAGE_HEAD + DATA_HEAD + CRC_BYTES;

/** Channel id -> stream, of one segment. */
export type Channels = Map<number, {readonly stream: string; readonly streamCrc: number}>;

/** True when the octets from `start` to `end` are shaped like a message record. Reads nothing beyond `end`. */
export function looksLikeMessage(octets: Octets, start: number, end: number): boolean {
  const {view, bytes} = octets;
  const size = end - start;
  if (size < MESSAGE_MIN || bytes[start] !== OP.message || getU64(view, start + 1) !== size - RECORD_HEAD) return false;
  const data = start + MESSAGE_HEAD;
  const parts = bytes[data + 1] ?? 0;
  if (bytes[data] !== DATA_VERSION || parts === 0 || parts > LOG_FORMAT.partsMax) return false;
  let rest = size - MESSAGE_MIN - view.getUint16(data + 2, true) - 4 * parts;
  for (let index = 0, at = data + DATA_HEAD; index < parts && rest >= 0; index += 1, at += 4) rest -= view.getUint32(at, true);
  return rest === 0;
}

/** The record's own checksum, which knows its place in the file and its stream. False for an unknown channel. */
export function messageCrcHolds(octets: Octets, start: number, end: number, place: {readonly fileOffset: number; readonly channels: Channels}): boolean {
  const channel = place.channels.get(octets.view.getUint16(start + 9, true));
  if (channel === undefined) return false;
  const at = end - CRC_BYTES;
  return octets.view.getUint32(at, true) === recordCrc(octets, start, at, messageSeed(place.fileOffset, channel.streamCrc));
}

/**
 * Decodes a record that `looksLikeMessage` accepted. Frames are views of the memory given, which therefore must not be reused.
 * Null when a number is not an exact integer or the stream is unknown: such a record was not written by us.
 */
export function decodeMessage(octets: Octets, start: number, channels: Channels): CapturedMessage | null {
  const {view, bytes} = octets;
  const data = start + MESSAGE_HEAD;
  const channel = channels.get(view.getUint16(start + 9, true));
  const seq = view.getUint32(data + 8, true) * TWO_32 + view.getUint32(start + 11, true);
  const tMonoNs = getU64(view, start + 15);
  if (channel === undefined || seq > SAFE || seq === 0 || tMonoNs > SAFE) return null;
  const parts = bytes[data + 1]!;
  const identityBytes = view.getUint16(data + 2, true);
  const lengthsAt = data + DATA_HEAD;
  let at = lengthsAt + 4 * parts;
  const identity = identityBytes === 0 ? '' : bytes.toString('utf8', at, at + identityBytes);
  at += identityBytes;
  const frames: Uint8Array[] = [];
  const {buffer, byteOffset} = bytes;
  for (let index = 0; index < parts; index += 1) {
    const size = view.getUint32(lengthsAt + 4 * index, true);
    frames.push(new Uint8Array(buffer, byteOffset + at, size));
    at += size;
  }
  return {stream: channel.stream, epoch: view.getUint32(data + 4, true), seq, tMonoNs, tWallNs: view.getBigUint64(start + 23, true), identity, frames};
}

/** Enters a channel record between `start` and `end`. False when it is not one of ours or contradicts an earlier one. */
export function enterChannel(octets: Octets, start: number, end: number, channels: Channels): boolean {
  const {bytes} = octets;
  const at = start + RECORD_HEAD;
  if (end - at < 4) return false;
  const id = bytes.readUInt16LE(at);
  const topic = readText(bytes, at + 4, end);
  const encoding = topic === null ? null : readText(bytes, topic.next, end);
  const pairs = encoding === null ? null : readPairs(bytes, encoding.next, end);
  if (topic === null || encoding === null || pairs === null || encoding.text !== LOG_FORMAT.messageEncoding) return false;
  if (!channelCrcHolds(id, topic.text, pairs.get('crc32'))) return false;
  // A later record replaces an earlier one: a wrong one (from a captured capture) can hide messages, never misname them.
  channels.set(id, {stream: topic.text, streamCrc: channelCrc(id, topic.text)});
  return true;
}
