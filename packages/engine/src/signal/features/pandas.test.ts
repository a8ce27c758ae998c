import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {catalogue} from './catalogue.ts';
import {feature, type Feature} from './feature.ts';
import {runFeatures, type Columns} from './fixtures/run-features.ts';

const golden = JSON.parse(readFileSync(new URL('fixtures/pandas-golden.json', import.meta.url), 'utf8')) as {pandas: string; columns: Columns; expected: Record<string, (number | null)[]>};
const kindOf: Readonly<Record<string, string>> = {z: 'std', corr: 'pair', cov: 'pair', beta: 'pair', max: 'channel', min: 'channel', ewm: 'ema'};

const ours = (): Feature[] => Object.keys(golden.expected).map((id) => {
  const [output = '', numbers = ''] = id.split('_'), [w, q] = numbers.split('-').map(Number) as [number, number?];
  const kind = catalogue.get(kindOf[output] ?? output)!;
  return feature(kind, [w], {output: output === 'ewm' ? 'ema' : output, id, ...(q === undefined ? {} : {params: [q]}), ...(output === 'ewm' ? {seed: 'ewm-adjust'} : {})});
});

// A z near 0 is what rounding left of price less mean, so it has 1e-12 of a deviation.
// Classes: `ema` (adjust=False), extremes, rank repeat pandas bit for bit. The others update in another order: one part in 10^9, where pandas' own drift is the larger part.
const EXACT = /^(ema|max|min|rank)_/;

test('values of pandas 1.5.3, each in its class', async () => {
  expect(golden.pandas).toBe('1.5.3');
  const made = await runFeatures(ours(), golden.columns), wrong: string[] = [];
  for (const [id, values] of Object.entries(golden.expected)) {
    const mine = made.get(id)!.slice(-values.length);
    values.forEach((value, i) => {
      const x = mine[i]!;
      if (value === null ? !Number.isNaN(x) : EXACT.test(id) ? x !== value : !(Math.abs(x - value) <= 1e-9 * Math.max(Math.abs(x), Math.abs(value)) + (id.startsWith('z_') ? 1e-12 : 1e-15))) wrong.push(`${id} ${i}: ${x} instead of ${value}`);
    });
  }
  expect(wrong.slice(0, 8)).toEqual([]);
});
