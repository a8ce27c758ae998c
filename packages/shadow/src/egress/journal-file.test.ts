import {appendFile, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {JournalRecord} from '../flow/journal-record.ts';
import {readJournal} from '../flow/journal-text.ts';
import {JOURNAL_DIGEST} from './journal-digest.ts';
import {JournalFile, verifyJournal} from './journal-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, {recursive: true, force: true}));

function commit(no: number): JournalRecord {
  return {kind: 'commit', confirmed: no - 1, intents: [
    {no, partition: 'ACC "1" ü', causeSeq: no, ordinal: 0, lane: 'legacy', hash: 'ab12', epoch: 0, fill: false},
  ]};
}

async function written(count: number): Promise<Buffer> {
  const {journal} = await JournalFile.open(path);
  await journal.write([{kind: 'open', session: 1, planHash: 'plan'}]);
  await journal.write(Array.from({length: count}, (_, index) => commit(index + 1)));
  await journal.close();
  return readFile(path);
}

describe('journal', () => {
  test('what is written is read again, with file mode 0600, one JSON object a line', async () => {
    const bytes = await written(3);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const lines = bytes.toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as {n: number; body: {kind: string}});
    expect(lines.map(({n, body}) => [n, body.kind])).toEqual([[1, 'open'], [2, 'commit'], [3, 'commit'], [4, 'commit']]);
    expect(readJournal(bytes, JOURNAL_DIGEST).records).toEqual([{kind: 'open', session: 1, planHash: 'plan'}, commit(1), commit(2), commit(3)]);
    const check = await verifyJournal(path);
    expect([check.records, check.damage, check.violation, check.tornBytes]).toEqual([4, null, null, 0]);
  });

  test('cut at any byte it is a sound prefix', async () => {
    const bytes = await written(8);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    for (let length = 0; length <= bytes.length; length += 1) {
      const reading = readJournal(bytes.subarray(0, length), JOURNAL_DIGEST);
      const whole = ends.filter((end) => end <= length);
      expect([reading.damage, reading.records.length, reading.soundBytes, reading.tornBytes]).toEqual([null, whole.length, whole.at(-1) ?? 0, length - (whole.at(-1) ?? 0)]);
    }
  });

  test('any single flipped bit is found', async () => {
    const bytes = await written(4);
    const whole = readJournal(bytes, JOURNAL_DIGEST).records.length;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const at = bit >> 3;
      bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
      const reading = readJournal(bytes, JOURNAL_DIGEST);
      // A flip of the last line feed looks like a cut tail; every other one is damage.
      const found = reading.damage !== null || (at === bytes.length - 1 && reading.tornBytes > 0 && reading.records.length === whole - 1);
      if (!found) throw new Error(`bit ${bit} of byte ${at} flipped unseen`);
      bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    }
  });

  test('a removed, doubled or exchanged line breaks the chain', async () => {
    const lines = (await written(6)).toString('utf8').trimEnd().split('\n');
    const at = (index: number): string => lines[index] ?? '';
    const changed = {
      removed: [...lines.slice(0, 3), ...lines.slice(4)], doubled: [...lines.slice(0, 4), at(3), ...lines.slice(4)],
      exchanged: [at(0), at(2), at(1), ...lines.slice(3)],
    };
    for (const [how, text] of Object.entries(changed)) {
      const {damage} = readJournal(Buffer.from(`${text.join('\n')}\n`), JOURNAL_DIGEST);
      expect(damage, how).not.toBeNull();
    }
  });

  test('a cut tail is removed at open and writing goes on; damage is refused', async () => {
    const bytes = await written(5);
    await appendFile(path, bytes.subarray(0, 40));
    const again = await JournalFile.open(path);
    expect(again.tornBytes).toBe(40);
    await again.journal.write([commit(6)]);
    await again.journal.close();
    expect((await verifyJournal(path)).folded.lastIntent).toBe(6);
    const damaged = Buffer.from(bytes);
    damaged[300] = (damaged[300] as number) ^ 1;
    await writeFile(path, damaged);
    await expect(JournalFile.open(path)).rejects.toMatchObject({detail: {id: 'TDM-E251'}});
  });

  test('a journal whose sums fit but which breaks the protocol is refused with the invariant', async () => {
    const {journal} = await JournalFile.open(path);
    const again = commit(1) as Extract<JournalRecord, {kind: 'commit'}>;
    await journal.write([{kind: 'open', session: 1, planHash: 'plan'}, commit(1), {...again, intents: again.intents.map((intent) => ({...intent, no: 2}))}]);
    await journal.close();
    expect((await verifyJournal(path)).violation).toContain('record 3: I1');
    await expect(JournalFile.open(path)).rejects.toMatchObject({detail: {seen: expect.stringContaining('I1') as string}});
  });
});
