import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {signalTools} from '../session-plan.ts';
import {createRandom} from '../traffic/seeded-random.ts';
import type {ClaimContext} from './claim.ts';

const RECORDS = 64 * 40 + 9;
const RECORD_BYTES = 48, FRAME_BYTES = 16, HEAD_BYTES = 32, BLOCK_RECORDS = 64;
const BLOCK_BYTES = FRAME_BYTES + BLOCK_RECORDS * RECORD_BYTES + HEAD_BYTES;

/** Every record and every block of a log changed, moved, left out, doubled, cut off or taken from another log. */
export const tamperTrials = async (context: ClaimContext): Promise<{tried: number; found: number; kinds: string}> => {
  const tools = await signalTools();
  const chance = createRandom(context.seed);
  const folder = mkdtempSync(join(tmpdir(), 'tandem-claims-'));
  const heads: {blocks: number; records: number; head: string}[] = [];
  const written = (name: string, salt: number): Buffer => {
    let nowUs = 1_700_000_000_000_000;
    const log = new tools.SignalLogWriter(join(folder, name), {formatVersion: '1.0', kind: 'live', modelHash: 'a'.repeat(64), featureHash: 'b'.repeat(64), codeHash: 'c'.repeat(64), symbols: ['A'], blockRecords: BLOCK_RECORDS, firstSeq: 1, previous: null, arrivalDelayUs: null},
      {nowUs: () => (nowUs += 5), onHead: (head) => { if (salt === 0) heads.push(head); }, syncEachBlock: false});
    for (let at = 0; at < RECORDS; at++) log.append(1_600_000_000_000_000 + at, 0, Math.sin(at + salt), 100);
    log.close();
    return readFileSync(join(folder, name));
  };
  try {
    const [log, other] = [written('a', 0), written('b', 1)];
    const start = log.length - (40 * BLOCK_BYTES + FRAME_BYTES + 9 * RECORD_BYTES + HEAD_BYTES) - 56;
    const counts = new Map<string, [tried: number, found: number]>();
    const attempt = (kind: string, octets: Buffer, witnessed = false): void => {
      const verdict = new tools.LogVerifier(tools.memorySource(octets), witnessed ? heads : []).verify();
      const [tried, found] = counts.get(kind) ?? [0, 0];
      // an open end is never a pass; without a witness that is all that can be said about a clean cut
      counts.set(kind, [tried + 1, found + (verdict.outcome === 'fail' || (kind === 'cut' && verdict.outcome === 'inconclusive') ? 1 : 0)]);
    };
    const block = (at: number): Buffer => log.subarray(start + at * BLOCK_BYTES, start + (at + 1) * BLOCK_BYTES);
    const before = (at: number): Buffer => log.subarray(0, start + at * BLOCK_BYTES);
    for (let record = 0; record < RECORDS; record++) {
      const changed = Buffer.from(log);
      const at = start + Math.floor(record / BLOCK_RECORDS) * BLOCK_BYTES + FRAME_BYTES + (record % BLOCK_RECORDS) * RECORD_BYTES + chance.below(RECORD_BYTES);
      changed[at] = (changed[at] as number) ^ (1 << chance.below(8));
      attempt('record changed', changed);
      attempt('cut', log.subarray(0, at));
    }
    for (let at = 0; at < 39; at++) {
      attempt('blocks swapped', Buffer.concat([before(at), block(at + 1), block(at), log.subarray(start + (at + 2) * BLOCK_BYTES)]));
      attempt('block left out', Buffer.concat([before(at), log.subarray(start + (at + 1) * BLOCK_BYTES)]));
      attempt('block doubled', Buffer.concat([before(at), block(at), log.subarray(start + at * BLOCK_BYTES)]));
      attempt('block of another log', Buffer.concat([before(at), other.subarray(start + at * BLOCK_BYTES, start + (at + 1) * BLOCK_BYTES), log.subarray(start + (at + 1) * BLOCK_BYTES)]));
      attempt('cut at a block, heads published', Buffer.from(before(at)), true);
      attempt('end of another log, heads published', Buffer.concat([before(at), other.subarray(start + at * BLOCK_BYTES)]), true);
      attempt('records swapped', swapped(log, start + at * BLOCK_BYTES + FRAME_BYTES + chance.below(BLOCK_RECORDS - 1) * RECORD_BYTES));
    }
    attempt('octets after the seal', Buffer.concat([log, block(0)]));
    const all = [...counts.values()];
    return {tried: all.reduce((sum, [tried]) => sum + tried, 0), found: all.reduce((sum, [, found]) => sum + found, 0), kinds: [...counts].map(([kind, [tried, found]]) => `${kind} ${found}/${tried}`).join(', ')};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
};

const swapped = (log: Buffer, at: number): Buffer => {
  const copy = Buffer.from(log);
  log.copy(copy, at, at + RECORD_BYTES, at + 2 * RECORD_BYTES);
  log.copy(copy, at + RECORD_BYTES, at, at + RECORD_BYTES);
  return copy;
};
