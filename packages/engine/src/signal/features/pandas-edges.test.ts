import {readFileSync} from 'node:fs';
import {beforeAll, describe, expect, test} from 'vitest';
import {featureNamed} from './catalogue.ts';
import type {Feature} from './feature.ts';
import {openEmitted, runModule, type Columns} from './fixtures/run-features.ts';

type Text = number | null | 'inf' | '-inf';
const golden = JSON.parse(readFileSync(new URL('fixtures/pandas-edges.json', import.meta.url), 'utf8')) as {pandas: string; at: readonly number[]; columns: Record<string, readonly Text[]>; exact: Record<string, readonly (number | null)[]>; expected: Record<string, readonly Text[]>};
const numberOf = (x: Text): number => (x === null ? Number.NaN : x === 'inf' ? Number.POSITIVE_INFINITY : x === '-inf' ? Number.NEGATIVE_INFINITY : x);
const columns = Object.fromEntries(Object.entries(golden.columns).map(([name, list]) => [name, list.map(numberOf)])) as unknown as Columns;

/** Our feature for what pandas was asked: the words of its id are its arguments. */
const featureFor = (id: string): Feature => {
  const words = id.split(' '), after = (name: string): string => words[words.indexOf(name) + 1] ?? '', [first = '', second = ''] = words;
  if (first === 'ewm') {
    const output = second === 'mean' ? 'ewm' : second === 'std' ? 'ewmstd' : 'ewmvar';
    return featureNamed('ewm', [Number(after('min_periods'))], {id, output, params: [Number(words[2])], seed: after('adjust') === 'True' ? 'ewm-adjust' : 'first-value', nanPolicy: after('ignore_na') === 'True' ? 'skip' : 'decay', ddof: second === 'biased' ? 0 : 1});
  }
  if (first === 'rolling') {
    const isSigned = words.includes('signed'), w = Number(words[isSigned ? 4 : 2]);
    return featureNamed('rolling', [w, Number(after('min_periods'))], {id, output: `roll${second}`, ...(words.includes('ddof') ? {ddof: Number(after('ddof'))} : {}), ...(isSigned ? {inputs: ['high', 'reference']} : {})});
  }
  if (first === 'quantile') return featureNamed('quantile', [Number(second)], {id, params: [Number(words[2])]});
  if (first === 'rank') return featureNamed('rank', [Number(second)], {id});
  return featureNamed('extreme', [Number(second)], {id, output: first === 'max' ? 'highest' : 'lowest'});
};

/** Everything here is the same operations in the same order, so it is bit for bit what pandas says; linear quantiles are one product away. */
const EXACT = (id: string): boolean => !id.startsWith('quantile');

describe('pandas over missing, equal, infinite values and a wick', () => {
  const ids = Object.keys(golden.expected), ours = [...ids.map(featureFor), ...[5, 20].map((w) => featureNamed('std', [w], {id: `std ${w}`}))];
  let made = new Map<string, number[]>();
  beforeAll(async () => { made = runModule(await openEmitted(ours), columns); });

  test.each(ids)('%s', (id) => {
    const own = made.get(id)!, wrong = golden.expected[id]!.flatMap((text, k) => {
      const mine = own[golden.at[k]!]!, value = numberOf(text);
      return Object.is(mine + 0, value + 0) || (!EXACT(id) && Math.abs(mine - value) <= 1e-13 * Math.abs(value)) ? [] : [`${golden.at[k]}: ${mine} instead of ${value}`];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test.each([5, 20])('where pandas drifts after the wick, the deviation of %i that does not is right', (w) => {
    const own = made.get(`std ${w}`)!, theirs = golden.expected[`rolling std ${w} min_periods ${w} ddof 1`]!;
    let worst = 0, worstOfPandas = 0;
    golden.exact[`std ${w}`]!.forEach((value, k) => {
      const mine = own[golden.at[k]!]!;
      if (value === null) { expect(mine, String(golden.at[k])).toBeNaN(); return; }
      const off = (x: number): number => Math.abs(x - value) / Math.max(value, 1e-9);
      worst = Math.max(worst, off(mine));
      worstOfPandas = Math.max(worstOfPandas, off(numberOf(theirs[k]!)));
    });
    // five prices that hardly move, some way off the anchor of their sums, lose a digit of their deviation
    expect(worst).toBeLessThanOrEqual(4e-12);
    // this is why both exist: pandas' own recursion carries what the wick left
    expect(worstOfPandas).toBeGreaterThan(1e-9);
  });
});
