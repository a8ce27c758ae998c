import type {CapturedMessage} from '@tandem/contract';
import {getU64, OP, RECORD_HEAD} from './mcap-layout.ts';
import {decodeMessage, enterChannel, looksLikeMessage, messageCrcHolds, type Channels} from './message-decoder.ts';
import type {Octets} from './record-crc.ts';

/** Which messages are wanted. */
export interface MessageFilter {
  /** null: all streams */
  readonly stream: string | null;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly fromMonoNs: number;
  readonly toMonoNs: number;
  takesStream(stream: string): boolean;
}

/** The part of a log that is wanted; both ends count. */
export interface WantedPart {
  readonly stream?: string | undefined;
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  /** CLOCK_MONOTONIC ns of the recording */
  readonly fromMonoNs?: number | undefined;
  readonly toMonoNs?: number | undefined;
}

export function messageFilter(wanted: WantedPart): MessageFilter {
  const stream = wanted.stream ?? null;
  return {stream, fromSeq: wanted.fromSeq ?? 0, toSeq: wanted.toSeq ?? Infinity, fromMonoNs: wanted.fromMonoNs ?? 0, toMonoNs: wanted.toMonoNs ?? Infinity, takesStream: (name) => stream === null || stream === name};
}

export function takes(filter: MessageFilter, message: CapturedMessage): boolean {
  return (filter.stream === null || message.stream === filter.stream) && message.seq >= filter.fromSeq && message.seq <= filter.toSeq
    && message.tMonoNs >= filter.fromMonoNs && message.tMonoNs <= filter.toMonoNs;
}

/** Where decoded records go, and where in the file the memory's first octet stands. */
export interface RecordSink {
  readonly base: number;
  readonly channels: Channels;
  readonly filter: MessageFilter;
  readonly messages: CapturedMessage[];
}

/**
 * Decodes the records of a chunk whose checksum holds. That makes each record's own checksum superfluous, except for the first
 * message of each stream (it follows the channel record): it proves that the chunk stands where it was written. Returns the position of the first one that is not well-formed, or -1.
 * Nothing of a chunk with such a record is kept: the caller goes through it again record by record.
 */
export function decodeRecords(octets: Octets, start: number, end: number, sink: RecordSink): number {
  const {view, bytes} = octets;
  const {channels, filter, messages, base} = sink;
  let unproven = true;
  for (let at = start; at < end;) {
    if (end - at < RECORD_HEAD) return at;
    const size = getU64(view, at + 1);
    const next = at + RECORD_HEAD + size;
    if (next > end) return at;
    if (bytes[at] === OP.message) {
      if (!looksLikeMessage(octets, at, next)) return at;
      if (unproven && !messageCrcHolds(octets, at, next, {fileOffset: base + at, channels})) return at;
      unproven = false;
      const message = decodeMessage(octets, at, channels);
      if (message === null) return at;
      if (takes(filter, message)) messages.push(message);
    } else if (bytes[at] === OP.channel && enterChannel(octets, at, next, channels)) {
      unproven = true;
    } else {
      return at;
    }
    at = next;
  }
  return unproven ? end : -1;
}
