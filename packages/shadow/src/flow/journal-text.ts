import {CHAIN_START, decodeJournalLine, type JournalDigest, type JournalRecord} from './journal-record.ts';

const LINE_FEED = 0x0a;
const decoder = new TextDecoder('utf-8', {fatal: true});

/** What a journal's bytes say. */
export interface JournalReading {
  readonly records: readonly JournalRecord[];
  /** bytes of whole, sound lines: where the next line belongs */
  readonly soundBytes: number;
  readonly lastHash: string;
  /** bytes after the last line feed: a write that a crash cut short; they were never acknowledged */
  readonly tornBytes: number;
  /** the first line that is whole but wrong; everything from it on is not trusted */
  readonly damage: {readonly line: number; readonly offset: number; readonly reason: string} | null;
}

/**
 * Reads journal bytes from the start. A cut tail is tolerated, a wrong line is not: what was acknowledged may stand behind it.
 * `onRecord` gets each record in order; without it they are collected.
 */
export function readJournal(bytes: Uint8Array, digest: JournalDigest, onRecord?: (record: JournalRecord) => void): JournalReading {
  const records: JournalRecord[] = [];
  let offset = 0;
  let prev = CHAIN_START;
  let n = 1;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, offset);
    if (end < 0) return {records, soundBytes: offset, lastHash: prev, tornBytes: bytes.length - offset, damage: null};
    const line = decodeLine(bytes.subarray(offset, end), {n, prev}, digest);
    if (!line.ok) return {records, soundBytes: offset, lastHash: prev, tornBytes: 0, damage: {line: n, offset, reason: line.reason}};
    if (onRecord === undefined) records.push(line.record);
    else onRecord(line.record);
    prev = line.hash;
    n += 1;
    offset = end + 1;
  }
}

function decodeLine(bytes: Uint8Array, place: {n: number; prev: string}, digest: JournalDigest): ReturnType<typeof decodeJournalLine> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return {ok: false, reason: 'not UTF-8'};
  }
  return decodeJournalLine(text, place, digest);
}
