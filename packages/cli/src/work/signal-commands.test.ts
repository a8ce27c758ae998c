import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {packageRoot, repositoryRoot} from '../package-root.ts';
import {signalTools} from '../session-plan.ts';
import {seededWalk} from './seeded-walk.ts';

// each asks a process of its own: all of them in the deep run, one of each kind always
const deep = process.env['TANDEM_DEEP'] === '1';
const folder = mkdtempSync(join(tmpdir(), 'tandem-signals-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const bin = join(packageRoot(), 'bin/tandem.cjs');
const tandem = (...args: string[]): {code: number | null; out: string; err: string} => {
  const {status, stdout, stderr} = spawnSync(process.execPath, [bin, ...args], {encoding: 'utf8', cwd: repositoryRoot(), env: {...process.env, NO_COLOR: '1', LANG: 'C.UTF-8'}});
  return {code: status, out: stdout, err: stderr};
};
const file = (name: string, text = ''): string => {
  if (text !== '') writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const WORLD = `
export const openWorld = async () => ({
  makeFeatures: (symbols) => {
    const state = new Float64Array(symbols * 2), row = new Float64Array(2);
    return {names: ['fast', 'slow'], featureHash: 'a'.repeat(64), row, warmupSteps: 10,
      step(symbol, values) { row[0] = state[symbol * 2] += (values[0] - state[symbol * 2]) / 5; row[1] = state[symbol * 2 + 1] += (values[0] - state[symbol * 2 + 1]) / 50; },
      snapshot: () => new Uint8Array(state.slice().buffer), restore: (octets) => { state.set(new Float64Array(octets.slice().buffer)); }};
  },
  model: {modelHash: 'b'.repeat(64), fit: null, predict: (row) => row[0] - row[1]},
});
`;
const simulate = (out: string, ...more: string[]): string[] => ['simulate', file('walk.ticks'), '--world', file('world.mjs'), '--enter', '0.05', '--exit', '0.01', '--fee-bps', '1', '--out', join(folder, out), ...more];

beforeAll(async () => {
  const tools = await signalTools();
  tools.writeTickStore(file('walk.ticks'), await seededWalk(80_000, 3), 'a walk');
  file('world.mjs', WORLD);
});

describe('tandem simulate', () => {
  it('decides over a recording; killed in the middle it goes on and ends with the same orders and signals', async () => {
    const whole = tandem(...simulate('whole'), '--json');
    expect(whole.code).toBe(0);
    const told = JSON.parse(whole.out) as {hash: string; orders: number; signals: number};
    expect(told.orders).toBeGreaterThan(200);
    const child = spawn(process.execPath, [bin, ...simulate('killed', '--snapshot-every', '20ms')], {stdio: 'ignore', cwd: repositoryRoot()});
    const ended = new Promise((resolve) => { child.once('close', resolve); });
    while (!existsSync(join(folder, 'killed/snapshot')) && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(join(folder, 'killed/result.json'))).toBe(false);
    expect(tandem(...simulate('killed', '--resume', '--size', '2'))).toMatchObject({code: 2, err: expect.stringContaining('TDM-E148') as string});
    const again = tandem(...simulate('killed', '--resume'), '--json');
    expect(JSON.parse(again.out)).toMatchObject({hash: told.hash, orders: told.orders, signals: told.signals});
    expect(readFileSync(join(folder, 'killed/orders.csv'))).toEqual(readFileSync(join(folder, 'whole/orders.csv')));
    const segments = readdirSync(join(folder, 'killed')).filter((name) => name.endsWith('.signals')).sort();
    expect(segments.length).toBeGreaterThan(1);
    const chain = JSON.parse(tandem('signals', 'verify', join(folder, 'killed'), '--json').out) as {outcome: string; records: number; logs: unknown[]};
    expect(chain).toMatchObject({outcome: 'pass', records: told.signals});
    expect(chain.logs).toHaveLength(segments.length);
    // each log is whole and sealed, so only what witnesses the end can find that one is missing there
    rmSync(join(folder, 'killed', segments.at(-1) as string));
    expect(tandem('signals', 'verify', join(folder, 'killed'))).toMatchObject({code: 10, out: expect.stringMatching(/^fail[\s\S]*missing {2}result\.json states/) as string});
    rmSync(join(folder, 'killed/result.json'));
    expect(tandem('signals', 'verify', join(folder, 'killed'))).toMatchObject({code: 11, out: expect.stringMatching(/^inconclusive[\s\S]*logs may be missing at the end/) as string});
    const head = file('witness.heads', `${JSON.stringify({blocks: 1, records: 1, head: (JSON.parse(tandem('signals', 'verify', join(folder, 'killed'), '--json').out) as {logs: {verdict: {head: string}}[]}).logs.at(-1)?.verdict.head})}\n`);
    expect(tandem('signals', 'verify', join(folder, 'killed'), '--heads', head).code).toBe(0);
    // what an earlier run left behind a hole is no part of the next one
    rmSync(join(folder, 'killed', segments[0] as string));
    expect(tandem(...simulate('killed')).code).toBe(0);
    expect(tandem('signals', 'verify', join(folder, 'killed')).code).toBe(0);
  });

  it('tells a log that was changed by its exit code, and where', () => {
    const log = join(folder, 'whole/signals-000001.signals');
    expect(tandem('signals', 'verify', log)).toMatchObject({code: 0, out: expect.stringMatching(/^pass {2}[\d,]+ records[\s\S]*simulated/) as string});
    const octets = readFileSync(log);
    octets[octets.length - 5000] = (octets[octets.length - 5000] as number) ^ 1;
    const changed = file('changed.signals');
    writeFileSync(changed, octets);
    expect(tandem('signals', 'verify', changed)).toMatchObject({code: 10, out: expect.stringMatching(/^fail[\s\S]*tampered {2}block \d+, octet \d+/) as string});
    const store = join(folder, 'store');
    expect(tandem('signals', 'publish', log, '--store', store, '--as', 'desk').code).toBe(0);
    expect(tandem('signals', 'verify', 'desk', '--store', store).code).toBe(0);
    for (const [name, where] of [['desks', store], ['desk', join(folder, 'no-store')]] as const) expect(tandem('signals', 'verify', name, '--store', where)).toMatchObject({code: 2, err: expect.stringMatching(/TDM-E432 +the store holds no signal log of this name/) as string});
    expect(tandem('signals', 'publish', log, '--store', store, '--as', '../beside')).toMatchObject({code: 2, err: expect.stringContaining('TDM-E104') as string});
    expect(tandem('signals', 'publish', changed, '--store', store, '--as', 'desk')).toMatchObject({code: 3, err: expect.stringContaining('TDM-E434') as string});
    expect(tandem('signals', 'verify', file('walk.ticks'))).toMatchObject({code: 2, err: expect.stringContaining('TDM-E430') as string});
  });
});

describe('what is said beside a result', () => {
  it('without a model, nothing was decided, and the next command says what is missing; with one that never answers, that', () => {
    expect(tandem('simulate', file('walk.ticks'), '--out', join(folder, 'none'))).toMatchObject({code: 0, out: expect.stringMatching(/ 0 signals, 0 orders[\s\S]*no signal: there is no model[\s\S]*next +tandem simulate \S*walk\.ticks --model <file>/) as string});
    const silent = tandem('simulate', file('walk.ticks'), '-q', '--out', join(folder, 'silent'), '--world', file('silent.mjs', WORLD.replace('row[0] - row[1]', 'NaN')));
    expect(silent).toMatchObject({code: 0, out: expect.stringMatching(/^no signal: a symbol's first 10 steps.*\n$/) as string});
  });
  it('--resume without a snapshot begins anew and says so; -q says nothing where nothing failed, and what failed where something did', () => {
    expect(tandem(...simulate('anew', '--resume'))).toMatchObject({code: 0, out: expect.stringMatching(/^no snapshot in \S*anew: the simulation begins anew\n/) as string});
    expect(tandem(...simulate('anew', '-q'))).toMatchObject({code: 0, out: ''});
    const log = join(folder, 'anew/signals-000001.signals');
    expect(tandem('signals', 'verify', join(folder, 'anew'), '-q')).toMatchObject({code: 0, out: ''});
    expect(tandem('signals', 'verify', log, '-q')).toMatchObject({code: 0, out: ''});
    const octets = readFileSync(log);
    octets[octets.length - 5000] = (octets[octets.length - 5000] as number) ^ 1;
    writeFileSync(log, octets);
    for (const place of [log, join(folder, 'anew')]) expect(tandem('signals', 'verify', place, '-q')).toMatchObject({code: 10, out: expect.stringMatching(/^fail[\s\S]*tampered {2}block \d+/) as string});
  });
});

describe('tandem signals perturb', () => {
  it('finds what a user\'s own function sees ahead', () => {
    const leaky = file('leaky.mjs', 'export const compute = ({price}) => ({honest: price.map((p) => p * 2), centred: price.map((_, i) => (price[i - 2] + price[i + 2]) / 2)});\n');
    expect(tandem('signals', 'perturb', leaky)).toMatchObject({code: 10, out: expect.stringMatching(/^1 of 2 features look ahead[\s\S]*centred +sees 2 ticks ahead/) as string});
    expect(tandem('signals', 'perturb')).toMatchObject({code: 0, out: expect.stringMatching(/^no feature looks ahead/) as string});
    expect(tandem('signals', 'perturb', file('empty.mjs', 'export const nothing = 1;\n'))).toMatchObject({code: 2, err: expect.stringContaining('TDM-E146') as string});
  });
});

describe('modules and files of the user', () => {
  it('a feature of one\'s own, in one file, is emitted and tried', () => {
    const emitted = join(folder, 'emitted');
    const made = spawnSync(process.execPath, [join(repositoryRoot(), 'examples/signals/spread-of-means.ts'), emitted], {encoding: 'utf8'});
    expect(made.stderr).toBe('');
    expect(tandem('signals', 'perturb', join(emitted, 'spread-of-means.mjs'))).toMatchObject({code: 0, out: expect.stringMatching(/^no feature looks ahead {2}2 features/) as string});
  });
  it.each<[what: string, source: string, code: number, said: RegExp]>(([
    ['throws', 'export const compute = () => { throw new Error("boom"); };', 2, /TDM-E146[\s\S]*line 1[\s\S]*boom/], ['is no JavaScript', 'this is none', 2, /TDM-E146/],
    ['promises', 'export const compute = async ({price}) => ({price});', 2, /TDM-E429[\s\S]*a promise/], ['has no feature', 'export const compute = () => ({});', 2, /TDM-E429/],
    ['rolls dice', 'export const compute = ({price}) => ({dice: price.map(() => Math.random())});', 2, /TDM-E447 +the feature dice/], ['has more names than places', 'export const makeFeatures = () => ({names: ["a", "b"], row: new Float64Array(1), step() {}});', 2, /TDM-E429/],
    ['never has a value', 'export const compute = ({price}) => ({none: price.map(() => NaN), some: price});', 11, /no value up to the last cut: none/],
    ['works on its table', 'export const compute = ({price}) => { for (let i = 0; i < price.length; i++) price[i] -= 100; return {price}; };', 0, /no feature looks ahead/],
  ] as [string, string, number, RegExp][]).filter(([what]) => deep || ['throws', 'has no feature', 'never has a value'].includes(what)))('a module that %s is told so', (what, source, code, said) => {
    const {code: got, out, err} = tandem('signals', 'perturb', file(`${what.replaceAll(' ', '-')}.mjs`, source));
    expect(out + err).toMatch(said);
    expect(out + err).not.toMatch(/^ +at /m);
    expect(got).toBe(code);
  });
  it('a world that lacks what a simulation needs, or breaks, and a snapshot that is none', () => {
    const world = (name: string, text: string, ...more: string[]): string => tandem('simulate', file('walk.ticks'), '--world', file(name, text), '--out', join(folder, 'broken'), ...more).err;
    expect(world('half.mjs', 'export const openWorld = async () => ({});')).toMatch(/TDM-E146[\s\S]*missing: makeFeatures/);
    expect(world('breaks.mjs', WORLD.replace('step(symbol, values) {', 'step(symbol, values) { throw new Error("boom");'))).toMatch(/TDM-E146[\s\S]*boom/);
    writeFileSync(join(folder, 'broken/snapshot'), 'no snapshot');
    expect(world('whole.mjs', WORLD, '--resume')).toMatch(/TDM-E148/);
  });
});

describe('tandem sweep', () => {
  it.each(deep ? ['null', '[]', '{"toString": [1]}', '{"enter": [1e999]}', '{"barMs": [0]}'] : ['{"toString": [1]}'])('refuses the grid %s', (text) => {
    expect(tandem('sweep', file('walk.ticks'), '--grid', file('bad-grid.json', text), '--out', join(folder, 'bad'))).toMatchObject({code: 2, err: expect.stringContaining('TDM-E149') as string});
  });
  it('gives one result for any number of workers, and refuses a grid that it does not know', () => {
    const grid = file('grid.json', '{"enter": [0.05, 0.1], "exit": [0.01], "size": [1], "feeBps": [1]}');
    const run = (out: string, workers: string): {hash: string; done: number; resumed: number} => JSON.parse(tandem('sweep', file('walk.ticks'), '--world', file('world.mjs'), '--grid', grid, '--workers', workers, '--out', join(folder, out), '--json').out) as never;
    const [one, two] = [run('one', '1'), run('two', '2')];
    expect(two).toMatchObject({hash: one.hash, done: 2, resumed: 0});
    expect(run('two', '1')).toMatchObject({hash: one.hash, done: 0, resumed: 2});
    expect(tandem('sweep', file('walk.ticks'), '--grid', file('bad.json', '{"entry": [1]}'))).toMatchObject({code: 2, err: expect.stringMatching(/TDM-E149[\s\S]*"entry"/) as string});
  });
  it.each<[what: string, broken: string, said: RegExp]>([
    ['throws', 'throw new Error("boom");', /TDM-E146[\s\S]*breaks-throws\.mjs, line 6[\s\S]*boom/],
    ...(deep ? [['throws what is no error', 'throw "boom";', /TDM-E146[\s\S]*boom/], ['ends its thread', 'process.exit(3);', /TDM-E146[\s\S]*it ended with 3/]] as [string, string, RegExp][] : []),
  ])('a world that %s in a worker is told as the user\'s', (what, broken, said) => {
    const world = file(`breaks-${what.replaceAll(' ', '-')}.mjs`, WORLD.replace('step(symbol, values) {', `step(symbol, values) { ${broken}`));
    const {code, err} = tandem('sweep', file('walk.ticks'), '--world', world, '--grid', file('one.json', '{"enter": [0.05]}'), '--workers', '1', '--out', join(folder, `sweep-${what}`));
    expect(err).toMatch(said);
    expect(code).toBe(2);
  });
});
