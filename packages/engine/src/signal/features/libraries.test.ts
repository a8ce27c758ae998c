import {beforeAll, describe, expect, test} from 'vitest';
import {featureNamed as named} from './catalogue.ts';
import type {Feature} from './feature.ts';
import {openEmitted, runModule, type Columns} from './fixtures/run-features.ts';
import {isSharedThere, sharedRows, titled} from './fixtures/shared-data.ts';

// Files with inputs and expected values side by side: StockCharts' worked examples as bukosabino/ta keeps them (`ta/`), and tests of QuantConnect/Lean (`lean/`).

/** One expected column: our feature, how far from a printed value its printing lets us be, and (`times`) what ours is multiplied with there. */
interface Expected {readonly column: number; readonly feature: Feature; readonly within: (theirs: number, at: number) => number; readonly times?: number}
interface Plan {readonly path: string; readonly inputs: Readonly<Partial<Record<keyof Columns, number>>>; readonly silent?: number; readonly expected: readonly Expected[]}

/** Half of the last printed digit; a tie may have gone either way. */
const digits = (count: number) => (): number => 0.5 * 10 ** -count + 1e-10;
/** Half of the seventh digit. */
const sevenDigits = (theirs: number): number => 0.5 * 10 ** (Math.floor(Math.log10(Math.max(1, Math.abs(theirs)))) - 6);
/** What the printed volumes of the first rows may be off, together. */
const lostUntil = (at: number): number => obvVolumes().slice(0, at + 1).reduce((sum, volume) => sum + sevenDigits(volume), 0);
let volumes: readonly number[] | null = null;
const obvVolumes = (): readonly number[] => (volumes ??= sharedRows('lean/spy_with_obv.txt.gz').map((row) => Number(row[5])));
const share = (part: number) => (theirs: number): number => part * Math.abs(theirs);

const rsi = {seed: 'ewm', minPeriods: 15} as const, bands = {params: [2], ddof: 0} as const, typical = ['hlc3'];
const PLANS: readonly Plan[] = [
  {path: 'ta/cs-bbands.csv', inputs: {price: 1}, expected: [
    {column: 2, feature: named('mean', [20]), within: digits(6)}, {column: 3, feature: named('std', [20], {ddof: 0}), within: digits(6)}, {column: 6, feature: named('bollinger', [20], {...bands, output: 'bbw'}), within: digits(6), times: 100},
    ...(['bbu', 'bbl'] as const).map((output, i) => ({column: 4 + i, feature: named('bollinger', [20], {...bands, output}), within: digits(6)})), {column: 9, feature: named('bollinger', [20], {...bands, output: 'bbp'}), within: digits(6)},
    {column: 7, feature: named('cross', [], {output: 'above', id: 'above', inputs: ['price', named('bollinger', [20], {...bands, output: 'bbu'})]}), within: () => 0},
    {column: 8, feature: named('cross', [], {output: 'below', id: 'below', inputs: ['price', named('bollinger', [20], {...bands, output: 'bbl'})]}), within: () => 0},
  ]},
  {path: 'ta/cs-cci.csv', inputs: {high: 2, low: 3, price: 4}, expected: [
    {column: 5, feature: named('barprice', [], {output: 'typprice'}), within: digits(4)}, {column: 6, feature: named('mean', [20], {inputs: typical}), within: digits(4)},
    {column: 7, feature: named('md', [20], {inputs: typical}), within: digits(4)}, {column: 8, feature: named('cci', [20]), within: digits(4)},
  ]},
  {path: 'ta/cs-kama.csv', inputs: {price: 1}, expected: [{column: 8, feature: named('kama', [10, 2, 30]), within: digits(6)}, {column: 4, feature: named('kama', [10, 2, 30], {output: 'er'}), within: digits(6)}]},
  {path: 'ta/cs-obv.csv', inputs: {price: 1, volume: 2}, silent: 1, expected: [{column: 5, feature: named('obv', [], {minPeriods: 2}), within: digits(0)}]},
  {path: 'ta/cs-percentr.csv', inputs: {high: 1, low: 2, price: 5}, expected: [
    {column: 3, feature: named('extreme', [14], {inputs: ['high']}), within: digits(6)}, {column: 4, feature: named('extreme', [14], {inputs: ['low'], output: 'lowest'}), within: digits(6)}, {column: 6, feature: named('willr', [14]), within: digits(6)},
  ]},
  {path: 'ta/cs-rsi.csv', inputs: {price: 1}, expected: [{column: 8, feature: named('rsi', [14], rsi), within: digits(6)}]},
  {path: 'ta/cs-stochrsi.csv', inputs: {price: 1}, expected: [
    {column: 2, feature: named('rsi', [14], rsi), within: digits(6)}, {column: 5, feature: named('stochrsi', [14, 14, 1, 1], {...rsi, output: 'rsiplace', minPeriods: 28}), within: digits(6)},
    ...(['highest', 'lowest'] as const).map((output, i) => ({column: 3 + i, feature: named('extreme', [14], {output, inputs: [named('rsi', [14], rsi)], minPeriods: 28}), within: digits(6)})),
  ]},
  {path: 'lean/spy_atr_wilder.txt.gz', inputs: {high: 2, low: 3, price: 4}, expected: [{column: 5, feature: named('atr', [14], {seed: 'sma-seed'}), within: digits(5)}]},
  {path: 'lean/spy_ema.csv.gz', inputs: {price: 1}, expected: [{column: 2, feature: named('ema', [14], {seed: 'sma-seed'}), within: share(1e-12)}]},
  // their variance is the mean of squares less the square of the mean: 16 digits of 250² leave 10 of the variance
  {path: 'lean/spy_var.txt.gz', inputs: {price: 4}, expected: [{column: 6, feature: named('std', [10], {output: 'var', ddof: 0}), within: () => 2e-10}]},
  // volumes and sums are printed with seven digits, so each volume until then may have lost half of one
  {path: 'lean/spy_with_obv.txt.gz', inputs: {price: 4, volume: 5}, expected: [{column: 6, feature: named('obv', [], {seed: 'first-volume', minPeriods: 2}), within: (theirs, at) => sevenDigits(theirs) + lostUntil(at)}]},
];
const isThere = isSharedThere('ta') && isSharedThere('lean');
const numberOf = (text: string | undefined): number | null => (text === undefined || text.trim() === '' || text === 'NaN' ? null : Number(text));

const differences = (rows: readonly (readonly string[])[], values: readonly number[], {column, within, times = 1}: Expected): {compared: number; wrong: string[]} => {
  const wrong: string[] = [];
  let compared = 0;
  rows.forEach((row, i) => {
    const theirs = numberOf(row[column]), ours = values[i]! * times;
    if (theirs === null) { if (!Number.isNaN(ours)) wrong.push(`${i}: ${ours} where theirs is none`); return; }
    compared++;
    if (!(Math.abs(ours - theirs) <= within(theirs, i))) wrong.push(`${i}: ${ours} instead of ${theirs}`);
  });
  return {compared, wrong};
};

describe.skipIf(!isThere)(titled('values of ta and Lean', 'ta'), () => {
  const made = new Map<string, Map<string, number[]>>(), rowsOf = (path: string): string[][] => sharedRows(path);
  const columnsOf = ({path, inputs}: Plan): Columns => {
    const rows = rowsOf(path), columns = Object.fromEntries(Object.entries(inputs).map(([name, at]) => [name, rows.map((row) => numberOf(row[at]) ?? Number.NaN)]));
    return {price: rows.map(() => Number.NaN), ...columns};
  };
  const ids = (at: number, {expected}: Plan): Feature[] => expected.map((one, i) => ({...one.feature, spec: {...one.feature.spec, id: `${at} ${i}`}}));

  beforeAll(async () => {
    const module = await openEmitted(PLANS.flatMap((plan, at) => ids(at, plan)));
    for (const plan of PLANS) made.set(plan.path, runModule(module, columnsOf(plan)));
  });

  test.each(PLANS.flatMap((plan, at) => plan.expected.map((one, i) => [plan.path, one.feature.spec.id, plan, one, `${at} ${i}`] as const)))('%s: %s', (path, _, __, one, id) => {
    const {compared, wrong} = differences(rowsOf(path), made.get(path)!.get(id)!, one);
    expect(compared).toBeGreaterThan(5);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('lean/spy_qqq_cov.csv.gz: covariance of 252 returns', async () => {
    const all = rowsOf('lean/spy_qqq_cov.csv.gz'), of = (symbol: string): string[][] => all.filter(([name]) => name === symbol), [spy, qqq] = [of('SPY'), of('QQQ')];
    const one = {column: 7, feature: named('pair', [252], {output: 'cov', id: 'cov'}), within: share(1e-12)};
    const module = await openEmitted([one.feature]), values = runModule(module, {price: spy.map((row) => Number(row[5])), reference: qqq.map((row) => Number(row[5]))}).get('cov')!;
    // what the first 252 rows are made of is not in the file
    const {compared, wrong} = differences(spy.slice(252), values.slice(252), one);
    expect(compared).toBe(3460);
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
