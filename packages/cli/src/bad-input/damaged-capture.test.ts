import {cpSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {logInputs, openLogReader} from '@tandem/shadow';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {filesOf} from './fixtures/reading-runs.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

const COUNT = 400;
/** all damages; otherwise every second one */
const deep = process.env['TANDEM_DEEP'] === '1';
const SEGMENT = '000001.mcap';

describe('a capture that is damaged, foreign or empty', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  let capture = '', migration = '';
  beforeAll(async () => {
    capture = await bench.capture('capture', orders(COUNT));
    migration = bench.migration();
  });
  afterAll(() => { bench.remove(); });

  const damaged = (name: string, damage: (segment: string, folder: string) => void): string => {
    const folder = bench.at(name);
    cpSync(capture, folder, {recursive: true});
    damage(join(folder, SEGMENT), folder);
    return folder;
  };
  const cut = (segment: string): void => { truncateSync(segment, Math.floor(statSync(segment).size / 2)); };
  const replay = (log: string, runs: string, ...more: string[]): Promise<Ended> => tandem(['replay', log, '-c', migration, '--runs', bench.at(runs), '--no-twin', '--json', ...more], {temporary: bench.temporary});
  /** what an independent pass over the log still finds whole */
  const wholeMessages = async (log: string): Promise<number> => {
    let count = 0;
    for await (const batch of (await openLogReader(log)).batches()) count += batch.length;
    return count;
  };

  it.concurrent('passes when it is whole: what follows is due to the damage', async () => {
    const {code, json} = await replay(capture, 'whole');
    expect(code).toBe(0);
    expect(json<{parity: {conservation: unknown}}>().parity.conservation).toMatchObject({in: COUNT, compared: COUNT, remainder: 0});
  });

  const DAMAGES = [
    ['cut in the middle', cut, /the seal counts 400 messages, \d+ are there.*000001\.mcap at octet \d+: shorter than sealed/],
    ['cut in the middle, seal lost', (segment: string, folder: string) => { cut(segment); rmSync(join(folder, 'seal.json')); }, /000001\.mcap at octet \d+: cut off/],
    ['one bit flipped', (segment: string) => {
      const octets = readFileSync(segment);
      octets[Math.floor(octets.length / 2)] = (octets[Math.floor(octets.length / 2)] ?? 0) ^ 4;
      writeFileSync(segment, octets);
    }, /000001\.mcap at octet \d+: chunk checksum/],
    ['cut within its first octets', (segment: string) => { truncateSync(segment, 4000); }, /the seal counts 400/],
    ['seal lost alone', (_: string, folder: string) => { rmSync(join(folder, 'seal.json')); }, /no seal says how the recording ended/],
    ['seal edited', (_: string, folder: string) => { writeFileSync(join(folder, 'seal.json'), '{"formatVersion":"1.0"}'); }, /seal unreadable/],
    ['rubbish behind its end', (segment: string) => { writeFileSync(segment, Buffer.concat([readFileSync(segment), Buffer.from('rubbish')])); }, /longer than sealed/],
  ] as const;
  it.concurrent.each(DAMAGES.filter((_, at) => deep || at % 2 === 0))('%s: every whole message is compared, and the run never passes', async (name, damage, reason) => {
    const log = damaged(name.replaceAll(' ', '-').replaceAll(',', ''), damage);
    const whole = await wholeMessages(log);
    const runs = `runs-${name.replaceAll(' ', '-')}`;
    const {code, json} = await replay(log, runs);
    const {verdict, parity} = json<{verdict: {outcome: string; gates: {id: string; outcome: string; reason: string}[]}; parity: {conservation: {in: number; compared: number; remainder: number}; groups: unknown[]}}>();
    expect(code).toBe(11);
    expect(whole).toBeGreaterThan(0);
    expect(parity.conservation).toMatchObject({in: whole, compared: whole, remainder: 0});
    expect(parity.groups).toEqual([]);
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.gates.find(({id}) => id === 'evidence.loss')).toMatchObject({outcome: 'inconclusive', reason: expect.stringMatching(reason) as string});
    const {evidence, manifest} = filesOf(bench.onlyRun(runs));
    expect(evidence.gaps.unknown + evidence.gaps.messages).toBeGreaterThan(0);
    expect(evidence.gaps.reasons?.join(' ')).toMatch(reason);
    expect(manifest.complete).toBe(true);
  });

  it.each([
    ['no such path', () => bench.at('nowhere'), 'TDM-E274', /ENOENT/],
    ['an empty folder', () => { mkdirSync(bench.at('empty')); return bench.at('empty'); }, 'TDM-E275', /000001\.mcap/],
    ['another program\'s file', () => { mkdirSync(bench.at('foreign')); return bench.write(`foreign/${SEGMENT}`, 'hello world, this is no log'); }, 'TDM-E276', /MCAP magic/],
    ['a file of no octets', () => { mkdirSync(bench.at('zero')); bench.write(`zero/${SEGMENT}`, ''); return bench.at('zero'); }, 'TDM-E276', /every file is empty/],
    ['a run folder', () => { mkdirSync(bench.at('run')); bench.write('run/manifest.json', '{}'); return bench.at('run'); }, 'TDM-E275', /no file named/],
  ] as const)('%s is refused', async (_name, path, id, seen) => {
    await expect(logInputs(path())).rejects.toMatchObject({detail: {id, kind: 'usage', where: expect.stringContaining(bench.path) as string, seen: expect.stringMatching(seen) as string, fix: expect.stringMatching(/\S/) as string}});
  });

  it('a capture without a message says so, and so does a part that holds none', async () => {
    const where = await bench.capture('none', []);
    await expect(logInputs(where)).rejects.toMatchObject({detail: {id: 'TDM-E131', what: 'the capture holds no input', where, seen: expect.stringContaining('0 messages') as string, fix: expect.stringContaining('record') as string}});
    for (const part of [{fromSeq: 1000}, {fromSeq: 300, toSeq: 200}, {messages: 0}]) {
      await expect(logInputs(capture, part)).rejects.toMatchObject({detail: {id: 'TDM-E131', what: expect.stringMatching(/fits --(from|messages)/) as string, seen: '400 messages: orders 1 to 400'}});
    }
  });

  it.concurrent('the program refuses it with exit 2, before anything starts', async () => {
    const {code, json} = await replay(capture, 'refused', '--only', 'NOBODY');
    expect(code).toBe(2);
    expect(json().error).toMatchObject({id: 'TDM-E131', where: capture, seen: '400 messages: orders 1 to 400'});
    expect(bench.runFolders('refused')).toEqual([]);
  });
});
