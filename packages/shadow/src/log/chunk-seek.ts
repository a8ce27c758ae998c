import {crc32} from 'node:zlib';
import {LOG_FORMAT} from '@tandem/contract';
import type {FileWindow} from './file-window.ts';
import {CHUNK_HEAD, FOOTER_SIZE, getU64, MCAP_MAGIC, MESSAGE_HEAD, OP, RECORD_HEAD} from './mcap-layout.ts';
import {readText, recordLength} from './mcap-records.ts';
import {enterChannel, type Channels} from './message-decoder.ts';

/** Where a finished segment's chunks begin and end in time. */
interface ChunkPlace {
  readonly offset: number;
  readonly endNs: number;
}

/** What the index at the end of a finished segment says. */
export interface SegmentIndex {
  readonly chunks: readonly ChunkPlace[];
  readonly channels: Channels;
  /** gap records stand between the chunks: whoever wants them cannot jump over */
  readonly hasGaps: boolean;
}

/** an index that is longer is not worth reading for a jump */
const SUMMARY_BYTES_MAX = 16 * 1024 * 1024;

/** The index of a segment that was finished and whose summary checks; null when it has to be read from its beginning. */
export async function readIndex(window: FileWindow): Promise<SegmentIndex | null> {
  const tail = FOOTER_SIZE + MCAP_MAGIC.length;
  const footerAt = window.size - tail;
  if (footerAt < 0 || !await window.need(footerAt, tail)) return null;
  const at = footerAt - window.base;
  const {bytes, view} = window.octets;
  if (bytes[at] !== OP.footer || !bytes.subarray(at + FOOTER_SIZE, at + tail).equals(MCAP_MAGIC)) return null;
  const summaryAt = getU64(view, at + RECORD_HEAD);
  const expected = view.getUint32(at + FOOTER_SIZE - 4, true);
  const length = footerAt - summaryAt;
  if (length <= 0 || length > SUMMARY_BYTES_MAX || !await window.need(summaryAt, length + tail)) return null;
  const start = summaryAt - window.base;
  const octets = window.octets;
  if (crc32(octets.bytes.subarray(start, start + length + FOOTER_SIZE - 4)) !== expected) return null;
  return indexFrom(octets, start, start + length);
}

function indexFrom(octets: FileWindow['octets'], start: number, end: number): SegmentIndex | null {
  const {bytes, view} = octets;
  const chunks: ChunkPlace[] = [];
  const channels: Channels = new Map();
  let hasGaps = false;
  for (let at = start; at < end;) {
    if (end - at < RECORD_HEAD) return null;
    const next = at + RECORD_HEAD + recordLength(view, at);
    if (next > end) return null;
    if (bytes[at] === OP.channel && !enterChannel(octets, at, next, channels)) return null;
    if (bytes[at] === OP.chunkIndex) chunks.push({offset: getU64(view, at + RECORD_HEAD + 16), endNs: getU64(view, at + RECORD_HEAD + 8)});
    if (bytes[at] === OP.metadataIndex) hasGaps ||= readText(bytes, at + RECORD_HEAD + 16, next)?.text === LOG_FORMAT.gapMetadata;
    at = next;
  }
  return {chunks, channels, hasGaps};
}

/**
 * Offset of a chunk from which on nothing wanted is left out; null: from the beginning. Positions are looked for only in segments of one
 * stream, where they rise with the offset.
 */
export async function seekOffset(window: FileWindow, index: SegmentIndex, wanted: {readonly fromSeq?: number | undefined; readonly fromMonoNs?: number | undefined}): Promise<number | null> {
  const {fromSeq, fromMonoNs} = wanted;
  const byTime = fromMonoNs === undefined ? -1 : index.chunks.findIndex((chunk) => chunk.endNs >= fromMonoNs);
  let from = fromMonoNs === undefined ? 0 : byTime < 0 ? index.chunks.length - 1 : byTime;
  if (fromSeq !== undefined && index.channels.size === 1) {
    let above = index.chunks.length;
    // the last chunk that begins at or before the position
    while (above - from > 1) {
      const middle = (from + above) >>> 1;
      const seq = await firstSeqOf(window, index.chunks[middle] as ChunkPlace);
      if (seq === null) return null;
      if (seq <= fromSeq) from = middle;
      else above = middle;
    }
  }
  return index.chunks[from]?.offset ?? null;
}

/** Position of the first message of a chunk. */
async function firstSeqOf(window: FileWindow, {offset}: ChunkPlace): Promise<number | null> {
  if (!await window.need(offset, CHUNK_HEAD + RECORD_HEAD)) return null;
  let at = offset + CHUNK_HEAD;
  for (let step = 0; step < 2; step += 1) {
    if (!await window.need(at, MESSAGE_HEAD + 12)) return null;
    const start = at - window.base;
    const {bytes, view} = window.octets;
    if (bytes[start] === OP.message) return view.getUint32(start + MESSAGE_HEAD + 8, true) * 0x1_0000_0000 + view.getUint32(start + 11, true);
    if (bytes[start] !== OP.channel) return null;
    at += RECORD_HEAD + recordLength(view, start);
  }
  return null;
}
