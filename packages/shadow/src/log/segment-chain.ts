import {createHash} from 'node:crypto';
import type {SealedSegment} from './log-seal.ts';

/** What the first segment of a log is chained to. */
export const CHAIN_START = '0'.repeat(64);

/** Ties a segment to all before it: whoever replaces, drops or swaps one has to change every later value, and the last one stands in the run that used it. */
export function chainOf(previous: string, {file, sizeBytes, sha256}: Pick<SealedSegment, 'file' | 'sizeBytes' | 'sha256'>): string {
  return createHash('sha256').update(`${previous} ${file} ${sizeBytes} ${sha256}\n`).digest('hex');
}

/** The first segment whose chain value does not follow from the one before; null when all do. Segments of older logs have none. */
export function brokenLink(segments: readonly SealedSegment[], before: string | undefined): SealedSegment | null {
  let previous = before;
  for (const segment of segments) {
    if (segment.chain === undefined) continue;
    if (previous !== undefined && chainOf(previous, segment) !== segment.chain) return segment;
    previous = segment.chain;
  }
  return null;
}
