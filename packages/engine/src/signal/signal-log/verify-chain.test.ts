import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import type {SignalLogHeader} from './log-header.ts';
import {SignalLogWriter} from './log-writer.ts';
import {verifyChain} from './verify-chain.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-chain-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const hash = '0'.repeat(64);
let nowUs = 1_700_000_000_000_000;

/** Three logs of a hundred records, each after the one before. */
const chain = (name: string): string[] => {
  let previous: SignalLogHeader['previous'] = null;
  return [0, 1, 2].map((at) => {
    const file = join(folder, `${name}-${at}.signals`);
    const log = new SignalLogWriter(file, {formatVersion: '1.0', kind: 'live', modelHash: hash, featureHash: hash, codeHash: hash, symbols: ['A'], blockRecords: 64, firstSeq: at * 100 + 1, previous, arrivalDelayUs: null}, {nowUs: () => ++nowUs, onHead: null, syncEachBlock: false});
    for (let i = 0; i < 100; i++) log.append(1_600_000_000_000_000 + i, 0, i, 1);
    previous = {file, head: log.close()};
    return file;
  });
};

it('passes logs that follow each other, and tells each that is missing, doubled, moved or changed', () => {
  const [a, b, c] = chain('own') as [string, string, string];
  expect(verifyChain([a, b, c])).toMatchObject({outcome: 'pass', records: 300});
  for (const files of [[a, c], [b, c], [a, b, b, c], [b, a, c], [a, c, b]]) expect(verifyChain(files).outcome, files.join(' ')).toBe('fail');
  const [, other] = chain('other') as [string, string];
  expect(verifyChain([a, other, c]).logs[1]?.breaks[0]?.what).toMatch(/another end of own-0|another end of other-0/);
  const octets = readFileSync(b);
  octets[octets.length - 300] = octets[octets.length - 300]! ^ 1;
  writeFileSync(b, octets);
  expect(verifyChain([a, b, c]).outcome).toBe('fail');
  expect(verifyChain([]).outcome).toBe('inconclusive');
});
