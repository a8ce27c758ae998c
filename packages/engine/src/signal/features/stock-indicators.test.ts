import {beforeAll, describe, expect, test} from 'vitest';
import {featureNamed} from './catalogue.ts';
import type {Feature, Wishes} from './feature.ts';
import {openEmitted, runModule, type Columns} from './fixtures/run-features.ts';
import {isSharedThere, sharedRows, sharedText, titled} from './fixtures/shared-data.ts';

// Expected values of DaveSkender/Stock.Indicators over its own quotes.
const FOLDER = 'stock-indicators', isThere = isSharedThere(FOLDER);

const quotes = (name: string): Columns => {
  const rows = sharedRows(`${FOLDER}/quotes/${name}.csv.gz`).map((cells) => cells.slice(1).map(Number)), column = (at: number): number[] => rows.map((row) => row[at]!);
  return {open: column(0), high: column(1), low: column(2), price: column(3), volume: column(4)};
};

/** Field of a file, and our feature for it. `read` makes it of more than one of ours where theirs counts bars from the beginning of the file. */
interface Row {readonly file: string; readonly field: string; readonly feature: Feature}
const row = (file: string, field: string, [kind, windows, wishes]: readonly [kind: string, windows: readonly number[], wishes?: Wishes]): Row => ({file, field, feature: featureNamed(kind, windows, {...wishes, id: `${file} ${field}`})});
const rows = (file: string, kind: string, windows: readonly number[], fields: Readonly<Record<string, Wishes>>): Row[] => Object.entries(fields).map(([field, wishes]) => row(file, field, [kind, windows, wishes]));

const sma = {seed: 'sma-seed'} as const, population = {ddof: 0} as const, all = ['high', 'low'].map((input) => featureNamed('lag', [1], {inputs: [input]}));
const bands = {params: [2], ...population}, line = featureNamed('chaikin', [3, 10], {output: 'adl'}), pairs = {ddof: 0} as const;
// the channel there ends one bar before the one that it stands on
const before = {inputs: [...all, 'price']};
const ROWS: readonly Row[] = [
  ...rows('rsi', 'rsi', [14], {rsi: {seed: 'wilder-talib', zeroRule: 'hundred'}}), ...rows('ema', 'ema', [20], {ema: sma}), ...rows('sma', 'mean', [20], {sma: {}}), ...rows('wma', 'wma', [14], {wma: {}}), ...rows('hma', 'hma', [14], {hma: {}}), ...rows('smma', 'smma', [20], {smma: {}}),
  ...rows('dema', 'dema', [14], {dema: {seed: 'sma-once'}}), ...rows('kama', 'kama', [10, 2, 30], {kama: {}, er: {output: 'er'}}), ...rows('trix', 'trix', [14], {trix: {seed: 'sma-once'}, ema3: {seed: 'sma-once', output: 'trixmean', minPeriods: 15}}),
  ...rows('macd', 'macd', [12, 26, 9], {macd: sma, signal: {...sma, output: 'macds'}, histogram: {...sma, output: 'macdh'}}), row('macd', 'fastEma', ['ema', [12], sma]), row('macd', 'slowEma', ['ema', [26], sma]),
  ...rows('bb', 'bollinger', [20], {sma: {...bands, output: 'bbm'}, upperBand: {...bands, output: 'bbu'}, lowerBand: {...bands, output: 'bbl'}, percentB: {...bands, output: 'bbp'}, width: {...bands, output: 'bbw'}}), row('bb', 'zScore', ['std', [20], {output: 'z', ...population}]),
  ...rows('stdev', 'std', [14], {stdDev: population, zScore: {...population, output: 'z'}}), row('stdev', 'mean', ['mean', [14]]), ...rows('atr', 'atr', [14], {atr: {seed: 'talib'}, atrp: {seed: 'talib', output: 'natrpct'}}), row('atr', 'tr', ['tr', [], {minPeriods: 2}]), row('tr', 'tr', ['tr', [], {minPeriods: 2}]),
  ...rows('stoch', 'stochastic', [14, 3, 3], {oscillator: {}, k: {}, signal: {output: 'd'}, d: {output: 'd'}, percentJ: {output: 'j'}, j: {output: 'j'}}), ...rows('stoch-rsi', 'stochrsi', [14, 14, 1, 3], {stochRsi: {}, signal: {output: 'stochrsid'}}),
  ...rows('cci', 'cci', [20], {cci: {}}), ...rows('roc', 'roc', [14], {roc: {}, momentum: {output: 'mom'}}), ...rows('mfi', 'mfi', [14], {mfi: {}}), ...rows('obv', 'obv', [], {obv: {}}), ...rows('vwap', 'vwaptotal', [], {vwap: {}}),
  ...rows('donchian', 'channel', [20], {upperBand: {...before, output: 'max'}, lowerBand: {...before, output: 'min'}, centerline: {...before, output: 'mid'}, width: {...before, output: 'width'}}),
  ...rows('slope', 'linreg', [14], {rSquared: {output: 'r2'}, intercept: {output: 'linregintercept'}, line: {}}), row('slope', 'slope', ['slope', [14]]), row('slope', 'stdDev', ['std', [14], population]),
  ...rows('chaikin-osc', 'chaikin', [3, 10], {oscillator: sma, adl: {output: 'adl'}}), ...rows('chaikin-osc', 'cmf', [1], {moneyFlowMultiplier: {output: 'mfm'}, moneyFlowVolume: {output: 'mfv'}}), row('chaikin-osc', 'fastEma', ['ema', [3], {...sma, inputs: [line]}]), row('chaikin-osc', 'slowEma', ['ema', [10], {...sma, inputs: [line]}]),
  ...rows('corr', 'levelpair', [20], {covariance: {...pairs, output: 'levelcov'}, correlation: pairs, rSquared: {output: 'levelr2'}}), row('corr', 'varianceA', ['std', [20], {output: 'var', ...population}]), row('corr', 'varianceB', ['std', [20], {output: 'var', ...population, inputs: ['reference']}]),
  ...rows('beta', 'pair', [50], {beta: {output: 'beta'}}), row('beta', 'returnsEval', ['ret', [1], {seed: 'first-zero'}]), row('beta', 'returnsMrkt', ['ret', [1], {seed: 'first-zero', inputs: ['reference']}]),
];
const PAIRS = new Set(['corr', 'beta']);

describe.skipIf(!isThere)(titled('values of Stock.Indicators', FOLDER), () => {
  const ours = new Map<string, readonly number[]>(), expected = new Map<string, readonly Record<string, number | null>[]>();

  beforeAll(async () => {
    const module = await openEmitted(ROWS.map(({feature}) => feature)), base = quotes('default');
    const alone = runModule(module, base), compared = runModule(module, {...quotes('compare'), reference: base.price});
    for (const {file, feature: {spec}} of ROWS) {
      ours.set(spec.id, (PAIRS.has(file) ? compared : alone).get(spec.id)!);
      if (!expected.has(file)) expected.set(file, sharedText(`${FOLDER}/${file}.standard.jsonl.gz`).trim().split('\n').map((text) => JSON.parse(text) as Record<string, number | null>));
    }
  });

  // Sums are taken in another order there: one part in 10^9 of what they are made of. The line of `slope` is drawn once, through the last window.
  const theirsInOurs = (file: string, field: string, i: number): number => {
    const own = ours.get(`${file} ${field}`)!;
    if (file !== 'slope') return own[i]!;
    const slope = ours.get('slope slope')!, start = ours.get('slope intercept')!, last = slope.length - 1;
    if (field === 'intercept') return start[i]! - slope[i]! * (i - 12);
    return field === 'line' ? start[last]! + slope[last]! * (i - last + 13) : own[i]!;
  };

  test.each(ROWS.map(({file, field}) => [file, field] as const))('%s.%s', (file, field) => {
    const wrong: string[] = [], own = ours.get(`${file} ${field}`)!;
    let compared = 0;
    expected.get(file)!.forEach((row, i) => {
      const value = row[field] ?? null;
      if (value === null) {
        if (field !== 'line' && !Number.isNaN(own[i])) wrong.push(`${i}: ${own[i]} where theirs is none`);
        return;
      }
      compared++;
      const mine = theirsInOurs(file, field, i);
      if (!(Math.abs(mine - value) <= 1e-9 * Math.max(1, Math.abs(value)))) wrong.push(`${i}: ${mine} instead of ${value}`);
    });
    expect(compared).toBeGreaterThan(field === 'line' ? 13 : 300);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('every field with numbers is compared', () => {
    const silent = ['beta.betaUp', 'beta.betaDown', 'beta.ratio', 'beta.convexity'];
    const fields = [...expected].flatMap(([file, list]) => Object.keys(list[0]!).filter((field) => field !== 'timestamp').map((field) => `${file}.${field}`));
    expect(fields.filter((name) => !silent.includes(name)).sort()).toEqual(ROWS.map(({file, field}) => `${file}.${field}`).sort());
    // these are asked for by other calls: they hold nothing
    for (const name of silent) expect(expected.get('beta')!.every((row) => row[name.split('.')[1]!] === null)).toBe(true);
  });
});
