import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {filesOf} from '../bad-input/fixtures/reading-runs.ts';
import {tandem, type Ended} from '../bad-input/fixtures/tandem-process.ts';

const program = join(import.meta.dirname, 'fixtures/pickle_lane.py');
const door = pathToFileURL(join(import.meta.dirname, '../index.ts')).href;
const COUNT = 300;

interface Shown {
  readonly verdict: {readonly outcome: string};
  readonly parity: {readonly matched: number; readonly outputs: number; readonly bytesEqual: number; readonly undecoded: number; readonly byClass: Record<string, number>; readonly groups: readonly {readonly path: string; readonly fingerprint: string}[]};
}

/** A Python system that speaks pickle, against a successor that speaks something else. */
describe('a replay of pickles', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });
  const inputs = execFileSync('python3', ['-I', program, '--make', String(COUNT)], {encoding: 'utf8', maxBuffer: 1e8}).trim().split('\n').map((line) => Buffer.from(line, 'base64'));

  const migration = (name: string, codec: string, candidate: string): string => bench.write(`${name}.ts`, `import {defineMigration, gzip, json, pickle, python, sub, zlib} from '${door}';
export default defineMigration({
  name: 'pickles', input: {orders: sub('tcp://127.0.0.1:1')}, codec: ${codec},
  legacy: python('${program}'),
  candidate: python('${program}', {args: ['--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', ${candidate}]}),
  match: {cause: {input: '/1/$state/id', output: '/ref'}, partition: '/account', kind: '/kind', barrierEvery: 0},
  gates: {minMessages: 100, parity: {mismatches: 0}},
});
`);
  const replay = async (name: string, codec: string, candidate: string): Promise<{shown: Shown; ended: Ended; file: string}> => {
    const file = migration(name, codec, candidate);
    const ended = await tandem(['replay', await bench.capture(`capture-${name}`, inputs), '-c', file, '--runs', bench.at(name), '--no-twin', '--keep', 'all', '--json'], {temporary: bench.temporary});
    return {shown: ended.json<Shown>(), ended, file};
  };

  it.concurrent('compares a successor that answers in JSON by what the pickles mean', async () => {
    const {shown, ended} = await replay('json', '{input: pickle(), candidate: json()}', "'--answers', 'json'");
    expect(shown.parity, ended.err).toMatchObject({matched: COUNT, outputs: COUNT, bytesEqual: 0, undecoded: 0});
    expect(shown.parity.byClass).toEqual({});
    expect([shown.verdict.outcome, ended.code]).toEqual(['pass', 0]);
  });

  it.concurrent('finds one wrong value behind compression, shows it decoded, and counts what cannot be read', async () => {
    const {shown, ended, file} = await replay('zlib', '{input: pickle(), candidate: zlib(pickle())}', "'--answers', 'zlib', '--wrong-at', '200', '--opaque-at', '250'");
    expect(shown.parity.byClass, ended.err).toEqual({value: 2});
    expect(shown.parity.undecoded).toBe(1);
    expect([shown.verdict.outcome, ended.code]).toEqual(['fail', 10]);
    const group = shown.parity.groups.find(({path}) => path === '/cost');
    const told = await tandem(['explain', group?.fingerprint ?? '', '-c', file, '--runs', bench.at('zlib')], {temporary: bench.temporary});
    expect(told.out).toContain('"big":9007199254741192');
    expect(told.out).toContain('["order",{"$class":"shop.orders.Order"');
    expect(told.out).toMatch(/\/cost\s+[\d.]+ → -1\.0 {3}value/);
    expect(filesOf(bench.onlyRun('zlib')).evidence.parity?.conservation).toMatchObject({in: COUNT, remainder: 0});
  });
});
