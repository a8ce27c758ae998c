import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {TandemError} from '@tandem/contract';
import {expect, test} from 'vitest';
import {walkTicks} from '../../../bench/signal-feature-ticks.ts';
import {catalogue, featureNamed, featureOf} from './catalogue.ts';
import {compileFeatures} from './compile-features.ts';
import {emitFeatures} from './emit-features.ts';
import {openModule, openWasm, type EmittedModule} from './emitted-features.ts';
import {feature, type Feature, type Wishes} from './feature.ts';
import type {FeatureKind} from './feature-kind.ts';
import {RECIPES} from './fixtures/recipes.ts';
import {runFeatures, type Columns} from './fixtures/run-features.ts';
import {rsi} from './kinds/momentum.ts';
import {COLUMN_NAMES} from './series/inputs.ts';
import {SignalFeatures} from './signal-features.ts';

const SIZES: Readonly<Record<string, number>> = {fast: 3, slow: 9, signal: 4, smooth: 3, shift: 5, shortest: 2, longest: 9};
const NUMBERS: Readonly<Record<string, number>> = {q: 0.3, step: 0.02, most: 0.2, alpha: 0.2, factor: 0.7, offset: 0.85, sigma: 6, start: 1000, scale: 10_000, ticksPerYear: 252, fastLimit: 0.5, slowLimit: 0.05, penetration: 0.3, initLong: 0.03, stepLong: 0.02, mostLong: 0.2, initShort: 0.02, stepShort: 0.04, mostShort: 0.3};
const POSITIVE = new Set(['ln', 'log10', 'sqrt']);

/** Every output, seed, divisor and rule of every kind, with small windows. Functions of one number get returns, which are in the domain of all of them. */
const everyOf = (kind: FeatureKind): Feature[] => {
  const make = (output: string, name: string, wishes: Wishes): Feature => feature(kind, kind.windowNames.map((w) => SIZES[w] ?? 14), {
    output, params: (kind.paramNames ?? []).map((p) => NUMBERS[p] ?? 2), id: `${kind.kind} ${output} ${name}`, ...(kind.kind === 'math' && !POSITIVE.has(output) ? {inputs: [featureNamed('ret', [1])]} : {}), ...wishes,
  });
  const {conventions: c} = kind, [first = ''] = kind.outputs;
  return [
    ...kind.outputs.flatMap((output) => [c.seed, ...(kind.seeds ?? [])].map((seed) => make(output, seed, {seed}))),
    ...(kind.ddofs ?? []).map((ddof) => make(first, `ddof ${ddof}`, {ddof})), ...(kind.zeroRules ?? []).map((zeroRule) => make(first, `rule ${zeroRule}`, {zeroRule})),
  ];
};
const rsi14 = featureNamed('rsi', [14], {seed: 'wilder-talib'});
/** Features of other columns, of prices of a bar and of features. */
const composed = (): Feature[] => [
  featureNamed('mean', [10], {inputs: ['volume']}), featureNamed('ema', [10], {inputs: ['ohlc4']}), featureNamed('std', [10], {inputs: ['hl2']}), featureNamed('std', [10], {nanPolicy: 'last', id: 'held std'}), featureNamed('slope', [7], {inputs: ['hlcc4']}),
  featureNamed('mean', [5], {inputs: [rsi14]}), featureNamed('quantile', [9], {params: [0.5], inputs: [rsi14]}), featureNamed('levelpair', [12], {inputs: [rsi14, featureNamed('rsi', [7])]}), featureNamed('skew', [12], {inputs: ['reference']}),
  featureNamed('atr', [6], {inputs: ['high', 'low', 'reference']}), featureNamed('apo', [3, 7], {seed: 'wma', inputs: [featureNamed('roc', [3])]}),
  ...['sma', 'wma', 'ema'].map((seed) => featureNamed('variablemean', [2, 9], {seed, id: `${seed} of a rank`, inputs: ['price', featureNamed('scaled', [], {params: [0.1, 0], inputs: [featureNamed('percentrank', [20])]})]})),
  featureNamed('psarext', [], {params: [0, 0.01, 0.03, 0.02, 0.15, 0.05, 0.3, 0.25]}),
];
const recipes = (): Feature[] => Object.entries(RECIPES).map(([id, one]) => ({...one, spec: {...one.spec, id}}));
const everything = (): Feature[] => [...[...catalogue.values()].flatMap(everyOf), ...composed(), ...recipes()];

const COLUMNS = 8;
/** A walk with opens; twenty ticks that miss more and more, and a wick. */
const roughBars = (count: number): Float64Array => {
  const walk = walkTicks(count, 21), bars = new Float64Array(count * COLUMNS);
  for (let i = 0; i < count; i++) {
    bars.set(walk.subarray(i * 7, i * 7 + 7), i * COLUMNS);
    bars[i * COLUMNS + 7] = walk[Math.max(0, i - 1) * 7]!;
  }
  for (let i = 0; i < 20; i++) bars.fill(Number.NaN, (200 + i) * COLUMNS, (200 + i) * COLUMNS + 1 + (i % COLUMNS));
  bars[300 * COLUMNS]! *= 1000;
  return bars;
};

const SCRIPT = `
import struct, sys
from all_features import Features, IDS
n, k = int(sys.argv[1]), len(IDS)
t = struct.unpack('<%dd' % (n * 8), open('ticks.bin', 'rb').read()); r = struct.unpack('<%dd' % (n * k), open('rows.bin', 'rb').read())
f, bad = Features(), set()
for i in range(n):
    for a, b, name in zip(f.tick(*t[i * 8:i * 8 + 8]), r[i * k:i * k + k], IDS):
        if a != b and not (a != a and b != b): bad.add(name)
print(sorted(bad))`;

test('every kind gives the same bits in JavaScript, WebAssembly and Python, and heals after bad ticks', {timeout: 90_000}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-')), list = everything(), count = 370, ticks = roughBars(count);
  emitFeatures('all', list, {folder, typesFrom: '../emitted-features.ts'});
  const module = await import(pathToFileURL(join(folder, 'all.mjs')).href) as EmittedModule;
  const js = new SignalFeatures(openModule(module, 1), 1), wasm = new SignalFeatures(openWasm(module.manifest, new Uint8Array(readFileSync(join(folder, 'all.wasm'))), 1), 1);
  const n = list.length, rows = new Float64Array(count * n), differing = new Set<string>();
  for (let i = 0; i < count; i++) {
    const bar = ticks.subarray(i * COLUMNS, i * COLUMNS + COLUMNS);
    js.step(0, bar);
    wasm.step(0, bar);
    rows.set(js.row, i * n);
    for (let f = 0; f < n; f++) if (!Object.is(js.row[f], wasm.row[f])) differing.add(js.names[f]!);
  }
  expect([...differing]).toEqual([]);
  expect(js.names.filter((_, f) => !Number.isFinite(js.row[f]))).toEqual([]);
  writeFileSync(join(folder, 'ticks.bin'), new Uint8Array(ticks.buffer));
  writeFileSync(join(folder, 'rows.bin'), new Uint8Array(rows.buffer));
  expect(execFileSync('python3', ['-c', SCRIPT, String(count)], {cwd: folder, encoding: 'utf8'}).trim()).toBe('[]');
  rmSync(folder, {recursive: true});
});

test('a feature is the same alone and among all others', {timeout: 90_000}, async () => {
  const list = [...catalogue.values()].flatMap((kind) => everyOf(kind).slice(0, kind.outputs.length * (1 + (kind.seeds ?? []).length)).filter(({spec}) => spec.seed === kind.conventions.seed)), bars = roughBars(90);
  const columns = Object.fromEntries(COLUMN_NAMES.map((name, k) => [name, Array.from({length: 90}, (_, i) => bars[i * COLUMNS + k]!)])) as unknown as Columns;
  const together = await runFeatures(list, columns), differing: string[] = [];
  for (const one of list) {
    const alone = (await runFeatures([one], columns)).get(one.spec.id)!, among = together.get(one.spec.id)!;
    if (alone.some((value, i) => !Object.is(value, among[i]))) differing.push(one.spec.id);
  }
  expect(list.length).toBeGreaterThan(200);
  expect(differing).toEqual([]);
});

test('a descriptor that was written down is the same feature again', () => {
  const list = everything(), again = list.map(({spec}) => featureOf(JSON.parse(JSON.stringify(spec)) as Feature['spec']));
  expect(again.map(({spec}) => spec)).toEqual(list.map(({spec}) => spec));
  const two = [list[0]!, composed()[7]!];
  expect(compileFeatures('one', two.map(({spec}) => featureOf(spec))).featureHash).toBe(compileFeatures('one', two).featureHash);
  expect(() => featureOf({...list[0]!.spec, kind: 'nothing'})).toThrow('a feature cannot be made');
});

test.each([
  [() => feature(rsi, [14], {seed: 'sma-seed'})], [() => feature(rsi, [])], [() => feature(rsi, [1.5])], [() => feature(rsi, [14], {zeroRule: 'half'})], [() => feature(rsi, [14], {output: 'x'})], [() => feature(rsi, [14], {inputs: ['close']})], [() => feature(rsi, [14], {inputs: ['price', 'high']})],
  [() => featureNamed('levelpair', [14], {inputs: ['price']})], [() => featureNamed('ema', [14], {nanPolicy: 'window'})], [() => featureNamed('quantile', [14], {params: [Number.NaN]})], [() => featureNamed('nothing', [])],
])('what does not fit its kind is refused (%#)', (make) => {
  let thrown: unknown;
  try { make(); } catch (error) { thrown = error; }
  expect(thrown).toBeInstanceOf(TandemError);
  expect((thrown as TandemError).detail.id).toBe('TDM-E450');
});
