import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import fc from 'fast-check';
import {afterAll, expect, test} from 'vitest';
import {deep, seed} from '../../../../test/seed.ts';
import {featureNamed} from '../catalogue.ts';
import {emitFeatures} from '../emit-features.ts';
import {openModule, openWasm, type EmittedModule} from '../emitted-features.ts';
import type {Feature} from '../feature.ts';
import {SignalFeatures} from '../signal-features.ts';

const runs = deep ? 5_000 : 150;
const WINDOWS = [1, 2, 3, 5, 8, 13], OUTPUTS = ['highest', 'lowest', 'highestage', 'lowestage'];
/** a series that is made: the steady version cannot know that it is finite */
const made = featureNamed('ema', [3], {id: 'made', inputs: ['volume']});
const over = (w: number, output: string, source: string | Feature, name: string): Feature => featureNamed('extreme', [w], {output, inputs: [source], id: `${name} ${output} ${w}`});
const list = [made, ...WINDOWS.flatMap((w) => OUTPUTS.flatMap((output) => [over(w, output, 'price', 'raw'), over(w, output, made, 'made')]))];

const folder = mkdtempSync(join(tmpdir(), 'extremes-'));
afterAll(() => { rmSync(folder, {recursive: true}); });
emitFeatures('extremes', list, {folder, typesFrom: '../emitted-features.ts'});
const module = await import(pathToFileURL(join(folder, 'extremes.mjs')).href) as EmittedModule;
const octets = new Uint8Array(readFileSync(join(folder, 'extremes.wasm')));

/** Looks at every value of the window. */
const lookedUp = (values: readonly number[], w: number, output: string): number => {
  let best = Number.NaN, age = Number.NaN;
  values.slice(-w).forEach((x, i, window) => {
    if (Number.isFinite(x) && !(output.startsWith('highest') ? x < best : x > best)) { best = x; age = window.length - 1 - i; }
  });
  return output.endsWith('age') ? age : best;
};

const price = fc.oneof({weight: 20, arbitrary: fc.integer({min: 1, max: 6})}, {weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)});
const run = fc.array(fc.oneof({weight: 5, arbitrary: fc.array(price, {minLength: 1, maxLength: 12})}, {weight: 1, arbitrary: fc.nat(9).map((n) => Array.from({length: 20}, (_, i) => 10 + (n < 5 ? i : -i / 4)))}), {minLength: 1, maxLength: 10}).map((parts) => parts.flat());

test('one deque for all windows says what looking at every value says, ties, gaps and long rises included', () => {
  fc.assert(fc.property(run, (prices) => {
    const js = new SignalFeatures(openModule(module, 1), 1), wasm = new SignalFeatures(openWasm(module.manifest, octets, 1), 1);
    const means: number[] = [], tick = new Float64Array(7).fill(1), at = new Map(js.names.map((name, i) => [name, i]));
    const wrong: string[] = [];
    const compare = (id: string, i: number, wanted: number): void => {
      const place = at.get(id)!, found = js.row[place]!;
      if (!Object.is(found, wanted) || !Object.is(wasm.row[place], wanted)) wrong.push(`${id} at ${i}: ${found} and ${wasm.row[place]} instead of ${wanted}`);
    };
    prices.forEach((x, i) => {
      tick[0] = x;
      tick[3] = Number.isFinite(x) ? (x * 5) % 7 : 1;
      js.step(0, tick);
      wasm.step(0, tick);
      means.push(js.row[at.get('made')!]!);
      for (const w of WINDOWS) {
        const isFull = i >= w - 1, isWhole = isFull && prices.slice(i + 1 - w, i + 1).every(Number.isFinite);
        for (const output of OUTPUTS) {
          compare(`raw ${output} ${w}`, i, isWhole ? lookedUp(prices.slice(0, i + 1), w, output) : Number.NaN);
          compare(`made ${output} ${w}`, i, isFull ? lookedUp(means, w, output) : Number.NaN);
        }
      }
    });
    expect(wrong).toEqual([]);
  }), {seed, numRuns: runs});
});
