import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {getU64, MCAP_MAGIC, OP, RECORD_HEAD} from './mcap-layout.ts';
import {locateLog} from './log-place.ts';
import {readPairs, readText} from './mcap-records.ts';

/** a header record of ours takes some 50 octets, what stands about a segment a few hundred */
const HEAD_BYTES = 16 * 1024;
const ABOUT = 'tandem.about';

/** Pairs that the writer put at the head of a segment (`LogWriterOptions.about`); none when it put none, or the head cannot be read. */
export const pairsAtHead = (head: Buffer): ReadonlyMap<string, string> => {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let at = MCAP_MAGIC.length;
  for (let records = 0; records < 2 && at + RECORD_HEAD <= head.length; records++) {
    const end = at + RECORD_HEAD + getU64(view, at + 1);
    if (!(end <= head.length)) break;
    const name = head[at] === OP.metadata ? readText(head, at + RECORD_HEAD, end) : null;
    if (name?.text === ABOUT) return readPairs(head, name.next, end) ?? new Map();
    at = end;
  }
  return new Map();
};

/**
 * What the writer of a log said about it, at the head of its first segment that is still there.
 * @throws TandemError TDM-E274 when there is no log
 */
export const aboutLog = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const place = await locateLog(folder);
  const [first] = place.files;
  if (first === undefined) return new Map();
  const handle = await open(join(place.folder, first.name), 'r');
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, first.sizeBytes));
    const {bytesRead} = await handle.read(head, 0, head.length, 0);
    return pairsAtHead(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
};
