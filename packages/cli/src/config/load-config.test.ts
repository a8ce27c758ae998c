import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {TandemError} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {loadConfig} from './load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-config-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const door = pathToFileURL(join(import.meta.dirname, '../index.ts')).href;
let count = 0;
const write = (text: string, extension = 'ts'): string => {
  count += 1;
  const file = join(folder, `migration-${count}.${extension}`);
  writeFileSync(file, text);
  return file;
};
const good = `import {defineMigration, sub, python, engine, decimal, ignore} from '${door}';
export default defineMigration({
  name: 'order-path',
  input: {orders: sub('tcp://127.0.0.1:5555')},
  legacy: python('order_path.py'),
  candidate: engine('order'),
  match: {cause: {input: '/msgSeqNum', output: '/refSeqNum'}, partition: '/account'},
  compare: {
    '/price': decimal(),
    '/latencyUs': ignore({reason: 'measured, not decided', owner: 'oms', expires: '2027-03-31'}),
  },
  gates: {latency: {p99Ratio: 0.5}, memory: {slopePerHour: '1MiB'}},
  canary: {stages: ['1%', '50%', '100%'], bake: '10m', minMessages: 1000},
});
`;
const failure = async (text: string, extension?: string): Promise<TandemError['detail']> => {
  try {
    await loadConfig(write(text, extension));
  } catch (error) {
    return (error as TandemError).detail;
  }
  throw new Error('the file was accepted');
};

describe('loading a migration', () => {
  it('reads a code file, turns texts with units into numbers and remembers the lines of rules', async () => {
    const {config} = await loadConfig(write(good));
    expect(config.canary).toMatchObject({stages: [0.01, 0.5, 1], bake: 600_000});
    expect(config.gates.memory.slopePerHour).toBe(1024 * 1024);
    expect(config.compare['/price']?.source).toMatch(/migration-\d+\.ts:9$/);
  });
  it('names file, line and nearest key for an unknown key', async () => {
    const detail = await failure(good.replace('gates: {latency', 'gates: {latnecy'));
    expect(detail).toMatchObject({id: 'TDM-E103', kind: 'usage'});
    expect(detail.where).toMatch(/migration-\d+\.ts:12 {2}gates\.latnecy: unknown key "latnecy", did you mean "latency"\?/);
  });
  it('names the line of a bare number where a unit is needed', async () => {
    const detail = await failure(good.replace("bake: '10m'", "bake: '10'"));
    expect(detail.where).toMatch(/:13 {2}canary\.bake: expected a text with a unit such as "10m"/);
  });
  it('refuses an ignore rule without owner', async () => {
    expect((await failure(good.replace(", owner: 'oms'", ''))).where).toMatch(/owner/);
  });
  it('says which builder was meant', async () => {
    const detail = await failure(good.replace("'/price': decimal()", "'/price': decimall()"));
    expect(detail).toMatchObject({id: 'TDM-E102', likely: '"decimall" is meant to be "decimal"'});
    expect(detail.where).toMatch(/:9$/);
  });
  it('gives the line of broken JSON, of a missing file and of a file that exports nothing', async () => {
    expect(await failure('{\n  "name": "x",\n  oops\n}', 'json')).toMatchObject({id: 'TDM-E102', where: expect.stringMatching(/:3$/) as string});
    expect(await failure('export const a = 1;\n')).toMatchObject({id: 'TDM-E102', what: 'the migration file exports nothing'});
    await expect(loadConfig(join(folder, 'nowhere.ts'))).rejects.toMatchObject({detail: {id: 'TDM-E101'}});
  });
  it('refuses stages that do not end with everything', async () => {
    expect((await failure(good.replace("'100%'", "'90%'"))).where).toMatch(/canary\.stages: expected rising shares/);
  });
});
