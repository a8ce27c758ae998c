import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {JOURNAL_DIGEST} from './egress/journal-digest.ts';
import {CHAIN_START, encodeJournalLine, type JournalRecord} from './flow/journal-record.ts';
import {auditReleases, type SunkEffect} from './release-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-audit-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const effect = (partition: string, causeSeq: number, ordinal: number, lane: SunkEffect['lane'] = 'legacy'): SunkEffect => ({partition, causeSeq, ordinal, lane});

/** A journal in which the candidate owns partition `a` from cause 100 on. */
const journal = (spoil: (text: string) => string = (text) => text, more: readonly JournalRecord[] = []): string => {
  const planHash = 'p'.repeat(64);
  const records: JournalRecord[] = [
    {kind: 'open', session: 1, planHash},
    {kind: 'ownership', after: 0, epoch: 1, stage: 'CANARY', share: 0.5, nonce: 'n1', actor: 'test', reason: 'test',
      records: [{partition: 'a', epoch: 1, fromSeq: 100, owner: 'candidate', evidenceHash: 'e'.repeat(64), planHash, actor: 'test'}]},
    ...more,
  ];
  let prev = CHAIN_START, text = '';
  for (const [at, record] of records.entries()) {
    const line = encodeJournalLine(record, {n: at + 1, prev}, JOURNAL_DIGEST);
    text += line.text.endsWith('\n') ? line.text : `${line.text}\n`;
    prev = line.hash;
  }
  const file = join(folder, `journal-${Math.random()}.jsonl`);
  writeFileSync(file, spoil(text));
  return file;
};

describe('holding releases against the journal', () => {
  it('finds nothing when each effect came once, in order, from its owner', async () => {
    expect((await auditReleases(journal(), [effect('a', 1, 0), effect('b', 1, 0), effect('a', 99, 1), effect('a', 100, 0, 'candidate'), effect('b', 200, 0)])).faults).toEqual([]);
  });
  it('finds a double, a step back and the wrong owner', async () => {
    expect((await auditReleases(journal(), [effect('a', 1, 0), effect('a', 1, 0)])).faults).toEqual(['twice: a 1.0']);
    expect((await auditReleases(journal(), [effect('a', 3, 0), effect('a', 2, 4)])).faults).toEqual(['out of order: a 2.4 after 3.0']);
    expect((await auditReleases(journal(), [effect('a', 100, 0, 'legacy')])).faults).toEqual(['by legacy, which did not own it: a 100.0']);
    expect((await auditReleases(journal(), [effect('b', 100, 0, 'candidate')])).faults).toEqual(['by candidate, which did not own it: b 100.0']);
  });
  it('finds what the journal calls confirmed and the downstream does not have', async () => {
    const intent = (no: number, causeSeq: number) => ({no, partition: 'b', causeSeq, ordinal: 0, lane: 'legacy' as const, hash: 'h', epoch: 0, fill: false});
    const file = journal(undefined, [{kind: 'commit', confirmed: 0, intents: [intent(1, 5), intent(2, 6), intent(3, 7)]}, {kind: 'commit', confirmed: 2, intents: []}]);
    expect((await auditReleases(file, [effect('b', 5, 0), effect('b', 6, 0)])).faults).toEqual([]);
    expect((await auditReleases(file, [effect('b', 5, 0)])).faults).toEqual(['lost: b has 1 effects downstream, and 2 are confirmed in the journal']);
  });
  it('finds a changed journal', async () => {
    expect((await auditReleases(journal((text) => text.replace('"fromSeq":100', '"fromSeq":101')), [])).faults[0]).toMatch(/journal/);
  });
});
