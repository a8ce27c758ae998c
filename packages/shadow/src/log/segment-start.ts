import {open} from 'node:fs/promises';
import {LOG_FORMAT} from '@tandem/contract';
import {messageFilter} from './chunk-decoder.ts';
import {FileWindow} from './file-window.ts';
import {MCAP_MAGIC, OP, RECORD_HEAD, getU64} from './mcap-layout.ts';
import {readText} from './mcap-records.ts';
import {SegmentScan} from './segment-scan.ts';

/** `damaged`: the first octets are wrong, but messages with valid checksums of this version follow. */
export type SegmentStart =
  | {readonly kind: 'ours'}
  | {readonly kind: 'damaged'; readonly reason: string}
  | {readonly kind: 'foreign'; readonly reason: string};

const HEAD_BYTES = 512;
/** how far to look for a valid message behind a wrong start */
const PROBE_STEPS = 64;

export async function judgeStart(path: string): Promise<SegmentStart> {
  const handle = await open(path, 'r');
  try {
    const size = (await handle.stat()).size;
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    const {bytesRead} = await handle.read(head, 0, head.length, 0);
    const problem = headProblem(head.subarray(0, bytesRead));
    if (problem === null) return {kind: 'ours'};
    // A crash right after the start leaves a whole prefix of what we would have written.
    const scan = new SegmentScan('', new FileWindow(handle, size), messageFilter({}), 0);
    scan.distrust(problem);
    for (let count = 0; count < PROBE_STEPS; count += 1) {
      const step = await scan.next();
      if (step.kind === 'messages') return {kind: 'damaged', reason: problem};
      if (step.kind === 'end') break;
    }
    return {kind: 'foreign', reason: problem};
  } finally {
    await handle.close();
  }
}

/** Null when the file starts as ours do. */
function headProblem(head: Buffer): string | null {
  if (head.length < MCAP_MAGIC.length || !head.subarray(0, MCAP_MAGIC.length).equals(MCAP_MAGIC)) return 'it does not start with the MCAP magic';
  const at = MCAP_MAGIC.length;
  if (head.length < at + RECORD_HEAD || head[at] !== OP.header) return 'it has no MCAP header record';
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const end = at + RECORD_HEAD + getU64(view, at + 1);
  if (end > head.length) return 'its MCAP header is cut off or too long';
  const profile = readText(head, at + RECORD_HEAD, end);
  const library = profile === null ? null : readText(head, profile.next, end);
  if (profile === null || library === null || library.next !== end) return 'its MCAP header is malformed';
  if (profile.text === LOG_FORMAT.profile && library.text === LOG_FORMAT.library) return null;
  const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
  return `it was written by "${shown(library.text)}" with profile "${shown(profile.text)}"`;
}
