import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {catalogue} from './catalogue.ts';
import {feature, type Wishes} from './feature.ts';
import {runFeatures, type Columns} from './fixtures/run-features.ts';

// Expected values of TulipCharts/tulipindicators, three digits behind the point; not part of this repository.
const path = join(process.env['TANDEM_SHARED'] ?? join(import.meta.dirname, '../../../../../../shared'), 'data/indicators/tulip/untest.txt');
const isThere = existsSync(path);

interface Case {readonly name: string; readonly options: readonly number[]; readonly arrays: readonly (readonly number[])[]}
const cases = (): Case[] => readFileSync(path, 'utf8').split(/\n\s*\n/).map((block) => block.trim().split('\n').filter((line) => !line.startsWith('#'))).filter((lines) => lines.length > 1 && /^[a-z]/.test(lines[0]!)).map((lines) => {
  const [head = '', ...rest] = lines, [name = '', ...options] = head.split(' ');
  return {name, options: options.map(Number), arrays: rest.map((line) => line.slice(1, line.indexOf('}')).split(',').map(Number))};
});

type Own = readonly [kind: string, windows: (o: readonly number[]) => readonly number[], wishes?: Wishes];
const one = (o: readonly number[]): readonly number[] => o.slice(0, 1);
const none = (): readonly number[] => [];
// trix divides by the newer mean there and by the older one here (as Stock.Indicators does); macd has 0.15 and 0.075 written in
/** Columns that an indicator takes, and our feature for each of its outputs. */
const known: Readonly<Record<string, {readonly inputs: readonly (keyof Columns)[]; readonly ours: readonly Own[]}>> = {
  sma: {inputs: ['price'], ours: [['mean', one]]}, ema: {inputs: ['price'], ours: [['ema', one]]}, wma: {inputs: ['price'], ours: [['wma', one]]}, dema: {inputs: ['price'], ours: [['dema', one, {seed: 'first-late'}]]},
  tema: {inputs: ['price'], ours: [['tema', one, {seed: 'first-late'}]]}, trima: {inputs: ['price'], ours: [['trima', one]]}, hma: {inputs: ['price'], ours: [['hma', one]]},
  wilders: {inputs: ['price'], ours: [['smma', one]]}, kama: {inputs: ['price'], ours: [['kama', (o) => [o[0]!, 2, 30]]]}, rsi: {inputs: ['price'], ours: [['rsi', one, {seed: 'wilder-talib'}]]},
  sum: {inputs: ['price'], ours: [['sum', one]]}, roc: {inputs: ['price'], ours: [['ret', one]]}, rocr: {inputs: ['price'], ours: [['roc', one, {output: 'rocr'}]]}, mom: {inputs: ['price'], ours: [['roc', one, {output: 'mom'}]]},
  stddev: {inputs: ['price'], ours: [['std', one, {ddof: 0}]]}, var: {inputs: ['price'], ours: [['std', one, {output: 'var', ddof: 0}]]}, linregslope: {inputs: ['price'], ours: [['slope', one]]},
  bbands: {inputs: ['price'], ours: (['bbl', 'bbm', 'bbu'] as const).map((output): Own => ['bollinger', one, {output, params: [2], ddof: 0}])},
  tr: {inputs: ['high', 'low', 'price'], ours: [['tr', none]]}, atr: {inputs: ['high', 'low', 'price'], ours: [['atr', one, {seed: 'sma-seed'}]]}, cci: {inputs: ['high', 'low', 'price'], ours: [['cci', one]]},
  willr: {inputs: ['high', 'low', 'price'], ours: [['willr', one]]}, stoch: {inputs: ['high', 'low', 'price'], ours: [['stochastic', (o) => o, {output: 'k'}], ['stochastic', (o) => o, {output: 'd'}]]},
  aroon: {inputs: ['high', 'low'], ours: [['aroon', one, {output: 'aroondown'}], ['aroon', one, {output: 'aroonup'}]]}, aroonosc: {inputs: ['high', 'low'], ours: [['aroon', one, {output: 'aroonosc'}]]},
  mfi: {inputs: ['high', 'low', 'price', 'volume'], ours: [['mfi', one]]}, ad: {inputs: ['high', 'low', 'price', 'volume'], ours: [['chaikin', () => [3, 10], {output: 'adl'}]]},
  adosc: {inputs: ['high', 'low', 'price', 'volume'], ours: [['chaikin', (o) => o]]}, obv: {inputs: ['price', 'volume'], ours: [['obv', none]]},
};

describe.skipIf(!isThere)(isThere ? 'values of Tulip' : 'values of Tulip: skipped, the reference data is not beside the repository', () => {
  const all = isThere ? cases() : [];
  for (const [at, {name, options, arrays}] of all.entries()) {
    const how = known[name];
    if (how === undefined) continue;
    test(`${name} ${options.join(' ')} (${at})`, async () => {
      const given = Object.fromEntries(how.inputs.map((input, i) => [input, arrays[i]!]));
      const columns = {...given, price: (given['price'] ?? given['high'])!};
      for (const [i, [kind, windows, wishes]] of how.ours.entries()) {
        const own = feature(catalogue.get(kind)!, windows(options), wishes), theirs = arrays[how.inputs.length + i]!;
        const ours = (await runFeatures([own], columns)).get(own.spec.id)!.slice(-theirs.length);
        const wrong = theirs.flatMap((value, k) => (Math.abs(ours[k]! - value) <= 0.00051 ? [] : [`${k}: ${ours[k]} instead of ${value}`]));
        expect(wrong).toEqual([]);
      }
    });
  }
  test('covers what it says', () => { expect(all.filter(({name}) => known[name] !== undefined).length).toBeGreaterThanOrEqual(28); });
});
