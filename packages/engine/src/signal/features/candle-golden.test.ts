import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, expect, test} from 'vitest';
import {emitFeatures} from './emit-features.ts';
import {openModule, openWasm, type EmittedModule} from './emitted-features.ts';
import {candleFeatures} from './fixtures/candle-features.ts';
import {candle, candleDepth} from './kinds/candle.ts';
import {SignalFeatures} from './signal-features.ts';

// Where TA-Lib's candlestick patterns are not 0, and the edges of that: fixtures/make_candle_golden.py, on bars in which each of them occurs and on those of library-golden.json.
interface Places {readonly lookback: number; readonly places: Readonly<Record<string, readonly number[]>>}
/** From the close before to the open, above the body, below it, from open to close. */
type Shape = readonly [gap: number, up: number, down: number, body: number];
/** Moved by so much, a bar's open, high, low or close (0 to 3), it and all later bars (4) or the bar alone (5) gives the last one another value, 0 where none is named; or its open and close change places (6). */
type Edge = readonly [bar: number, what: number, by: number, value?: number];
interface Base {readonly name: string; readonly value: number; readonly bars: readonly Shape[]; readonly edges: readonly Edge[]}
interface Golden {readonly start: number; readonly perUnit: number; readonly bars: readonly Shape[]; readonly bases: readonly Base[]; readonly expected: Readonly<Record<string, Places>>; readonly ofWalk: Readonly<Record<string, Places>>}
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
const golden = read('candle-golden') as Golden, NAMES = Object.keys(golden.expected), COLUMNS = 8;

type Prices = [open: number, high: number, low: number, close: number];
const bar = ([open, high, low, close]: Prices): number[] => [close, high, low, 1, 1, 1, close, open];
/** Open, high, low and close in eighths. */
const shaped = (shapes: readonly Shape[]): Prices[] => {
  let close = golden.start;
  return shapes.map(([gap, up, down, body]) => {
    const open = close + gap;
    close = open + body;
    return [open, Math.max(open, close) + up, Math.min(open, close) - down, close];
  });
};
const inUnits = (prices: readonly Prices[]): number[][] => prices.map((one) => bar(one.map((x) => x / golden.perUnit) as Prices));
const variedBars = (): number[][] => inUnits(shaped(golden.bars));
const moved = (prices: readonly Prices[], row: number, {what, by}: {what: number; by: number}): Prices[] => prices.map((one, i) => {
  const [o, h, l, c] = one;
  if (what === 4 && i > row) return one.map((x) => x + by) as Prices;
  if (i !== row) return [...one];
  if (what === 6) return by === 0 ? [o, h, l, c] : [c, h, l, o];
  if (what > 3) return one.map((x) => x + by) as Prices;
  const other = one.map((x, k) => (k === what ? x + by : x)) as Prices;
  return [other[0], Math.max(other[0], other[1], other[3]), Math.min(other[0], other[2], other[3]), other[3]];
});
const walkedBars = (): number[][] => {
  const {columns: {open, high, low, price}} = read('library-golden') as {columns: Record<'open' | 'high' | 'low' | 'price', number[]>};
  return price.map((close, i) => bar([open[i]!, high[i]!, low[i]!, close]));
};
/** Every bar's value: none before the first, 0 where no place is named. */
const unpacked = ({lookback, places}: Places, count: number): number[] => {
  const values = Array.from({length: count}, (_, i) => (i < lookback ? Number.NaN : 0));
  for (const [value, steps] of Object.entries(places)) {
    let at = 0;
    for (const step of steps) values[at += step] = Number(value);
  }
  return values;
};

const folder = mkdtempSync(join(tmpdir(), 'candles-'));
afterAll(() => { rmSync(folder, {recursive: true}); });
emitFeatures('candles', candleFeatures(NAMES), {folder, typesFrom: '../emitted-features.ts'});
const module = await import(pathToFileURL(join(folder, 'candles.mjs')).href) as EmittedModule;
const octets = new Uint8Array(readFileSync(join(folder, 'candles.wasm')));

const SCRIPT = `
import struct
from candles_features import Features, IDS
octets = open('bars.bin', 'rb').read(); t = struct.unpack('<%dd' % (len(octets) // 8), octets)
f = Features()
with open('rows.bin', 'wb') as out:
    for i in range(0, len(t), 8): out.write(struct.pack('<%dd' % len(IDS), *f.tick(*t[i:i + 8])))`;
/** Rows in the order of the names that the engine has. */
const rowsOfPython = (bars: readonly number[][]): Float64Array => {
  writeFileSync(join(folder, 'bars.bin'), new Uint8Array(Float64Array.from(bars.flat()).buffer));
  execFileSync('python3', ['-c', SCRIPT], {cwd: folder});
  return new Float64Array(new Uint8Array(readFileSync(join(folder, 'rows.bin'))).buffer);
};
const engines = {TypeScript: () => new SignalFeatures(openModule(module, 1), 1), WebAssembly: () => new SignalFeatures(openWasm(module.manifest, octets, 1), 1)};
const rowsOf = (engine: SignalFeatures, bars: readonly number[][]): Float64Array => {
  const rows = new Float64Array(bars.length * NAMES.length);
  bars.forEach((one, i) => {
    engine.step(0, Float64Array.from(one));
    rows.set(engine.row.subarray(0, NAMES.length), i * NAMES.length);
  });
  return rows;
};

test.each([['varied', golden.expected, variedBars()], ['walked', golden.ofWalk, walkedBars()]] as const)('every pattern is TA-Lib\'s on each of the %s bars, in all three languages', {timeout: 60_000}, (_, expected, bars) => {
  const names = engines.TypeScript().names, wrong: string[] = [];
  const made = {TypeScript: rowsOf(engines.TypeScript(), bars), WebAssembly: rowsOf(engines.WebAssembly(), bars), Python: rowsOfPython(bars)};
  for (const [language, rows] of Object.entries(made)) {
    expect(rows).toHaveLength(bars.length * NAMES.length);
    names.forEach((name, place) => {
      unpacked(expected[name]!, bars.length).forEach((value, i) => { if (!Object.is(rows[i * NAMES.length + place], value)) wrong.push(`${language} ${name} at ${i}: ${rows[i * NAMES.length + place]} instead of ${value}`); });
    });
  }
  expect(names.toSorted()).toEqual(NAMES.toSorted());
  expect(COLUMNS).toBe(bars[0]!.length);
  expect(wrong.slice(0, 8)).toEqual([]);
});

test('every pattern begins and ends to be where TA-Lib\'s does, to the eighth, in TypeScript and WebAssembly', {timeout: 60_000}, () => {
  const bars: number[][] = [], wanted: {at: number; name: string; value: number; edge: string}[] = [];
  for (const {name, value, bars: shapes, edges} of golden.bases) {
    const prices = shaped(shapes);
    for (const [row, what, by, other = 0] of edges) {
      for (const [step, expected] of [[by - Math.sign(by), value], [by, other]] as const) {
        bars.push(...inUnits(moved(prices, row, {what, by: step})));
        wanted.push({at: bars.length - 1, name, value: expected, edge: `${row} ${what} ${step}`});
      }
    }
  }
  const wrong: string[] = [];
  for (const [language, make] of Object.entries(engines)) {
    const engine = make(), rows = rowsOf(engine, bars), place = new Map(engine.names.map((name, i) => [name, i]));
    for (const {at, name, value, edge} of wanted) {
      const found = rows[at * NAMES.length + place.get(name)!];
      if (found !== value) wrong.push(`${language} ${name} moved ${edge}: ${found} instead of ${value}`);
    }
  }
  expect(wanted.length).toBeGreaterThan(5000);
  expect(NAMES.filter((name) => !golden.bases.some((base) => base.name === name && base.edges.length >= 4))).toEqual([]);
  expect(wrong.slice(0, 8)).toEqual([]);
});

test('no pattern is equal because it never occurs: each of its values does, three times at least', () => {
  const rare = NAMES.flatMap((name) => Object.entries(golden.expected[name]!.places).filter(([, at]) => at.length < 3).map(([value, at]) => `${name} ${value}: ${at.length}`));
  expect(rare).toEqual([]);
  expect(NAMES.filter((name) => Object.keys(golden.expected[name]!.places).length === 0)).toEqual([]);
  expect(NAMES).toHaveLength(61);
  expect(NAMES.map((name) => name.toLowerCase()).toSorted()).toEqual([...candle.outputs, ...candleDepth.outputs].toSorted());
});
