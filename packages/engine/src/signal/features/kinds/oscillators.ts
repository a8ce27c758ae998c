import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {add, lessThan, mul, select, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {extreme, extremeAge, quantile as quantileOf, rank as rankOf} from '../series/extremes.ts';
import {change, derive, lagged, startingAt, typicalPrice} from '../series/inputs.ts';
import {smoothed, spanOf, total, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';
import {meanDistance, windowMean, windowSum} from '../series/window-means.ts';
import {applied} from './math.ts';
import {rsiOf} from './momentum.ts';

const bars = {inputs: ['high', 'low', 'price'], seed: 'none', nanPolicy: 'last', scale: 'one'} as const;
const prices = {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'one'} as const;

/** Commodity channel index: distance of the typical price from its mean, in 0.015 mean distances. */
export const cci: FeatureKind = {
  kind: 'cci', outputs: ['cci'], windowNames: ['window'], conventions: {...bars, zeroRule: 'zero'}, zeroRules: ['nan'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = typicalPrice(b, from.bar);
    return {cci: derive(b, `cci ${spec.zeroRule}`, [x, windowMean(b, x, w), meanDistance(b, x, w)], (p, m, d) => ratio(sub(p!, m!), mul(0.015, d!), spec.zeroRule as ZeroRule))};
  },
};

/** Money flow index: volume times typical price where it rose, as a part of all. With `first-zero` the first bar counts as one that did not move. */
export const mfi: FeatureKind = {
  kind: 'mfi', outputs: ['mfi'], windowNames: ['window'], seeds: ['first-zero'], conventions: {...bars, inputs: ['high', 'low', 'price', 'volume'], zeroRule: 'hundred'}, zeroRules: ['nan', 'fifty', 'zero'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = typicalPrice(b, from.bar), d = change(b, x), flow = derive(b, 'money flow', [x, from.held('volume')], (p, v) => mul(p!, v!));
    const part = (name: string, up: boolean): Series => windowSum(b, startingAt(derive(b, `money ${name}`, [d, flow], (c, f) => select(up ? lessThan(0, c!) : lessThan(c!, 0), f!, 0)), spec.seed === 'first-zero' ? x.start : x.start + 1), w);
    return {mfi: derive(b, `mfi ${spec.zeroRule}`, [part('in', true), part('out', false)], (i, o) => ratio(mul(100, i!), add(i!, o!), spec.zeroRule as ZeroRule))};
  },
};

/** Chaikin's oscillator: quick less calm mean of the accumulation line, and the line itself. */
export const chaikin: FeatureKind = {
  kind: 'chaikin', outputs: ['chaikin', 'adl'], windowNames: ['fast', 'slow'], seeds: ['sma-seed'], conventions: {...bars, inputs: ['high', 'low', 'price', 'volume'], seed: 'first-value', zeroRule: 'zero', scale: 'volume'},
  build: (b, spec, from) => {
    const step = derive(b, 'accumulation', [from.held('high'), from.held('low'), from.held('price'), from.held('volume')], (h, l, p, v) => mul(ratio(sub(sub(p!, l!), sub(h!, p!)), sub(h!, l!), 'zero'), v!));
    const line = total(b, step), [fast = 3, slow = 10] = spec.windows, seed = spec.seed as Seed;
    return {adl: line, chaikin: derive(b, 'chaikin', [smoothed(b, line, spanOf(fast, seed)), smoothed(b, line, spanOf(slow, seed))], (f, s) => sub(f!, s!))};
  },
};

const place = (b: ProgramBuilder, x: Series, bounds: readonly [Series, Series], spec: FeatureSpec): Series =>
  derive(b, `place ${spec.zeroRule}`, [x, ...bounds], (p, h, l) => ratio(mul(100, sub(p!, l!)), sub(h!, l!), spec.zeroRule as ZeroRule));

/** Stochastic oscillator: place in the channel, smoothed once (`k`) and once more (`d`), and `j`, three times the one less twice the other. */
export const stochastic: FeatureKind = {
  kind: 'stochastic', outputs: ['k', 'd', 'j'], windowNames: ['window', 'smooth', 'signal'], conventions: {...bars, tieRule: 'newest', zeroRule: 'zero'}, zeroRules: ['fifty', 'nan'],
  build: (b, spec, from) => {
    const [w = 1, smooth = 1, signal = 1] = spec.windows;
    const k = windowMean(b, place(b, from.held('price'), [extreme(b, 'max', from.held('high'), w), extreme(b, 'min', from.held('low'), w)], spec), smooth);
    if (spec.output === 'k') return {k};
    const d = windowMean(b, k, signal);
    return spec.output === 'd' ? {d} : {j: derive(b, 'j', [k, d], (x, y) => sub(mul(3, x!), mul(2, y!)))};
  },
};

/** Stochastic oscillator of the RSI, in percent; `rsiplace` is the first as a part of one. */
export const stochasticRsi: FeatureKind = {
  kind: 'stochrsi', outputs: ['stochrsi', 'stochrsid', 'rsiplace'], windowNames: ['periods', 'window', 'smooth', 'signal'], seeds: ['wilder-first', 'ewm-adjust', 'ewm', 'talipp', 'sma'],
  conventions: {...bars, inputs: ['price'], seed: 'wilder-talib', tieRule: 'newest', zeroRule: 'zero'}, zeroRules: ['fifty', 'nan'],
  build: (b, spec, from) => {
    const [, w = 1, smooth = 1, signal = 1] = spec.windows, x = rsiOf(b, from.held('price'), {...spec, zeroRule: 'hundred'});
    const k = windowMean(b, place(b, x, [extreme(b, 'max', x, w), extreme(b, 'min', x, w)], {...spec, windows: [w]}), smooth);
    if (spec.output === 'rsiplace') return {rsiplace: derive(b, 'part', [k], (v) => mul(v!, 0.01))};
    return spec.output === 'stochrsi' ? {stochrsi: k} : {stochrsid: windowMean(b, k, signal)};
  },
};

/** Williams' %R: place in the channel from above, 0 to -100. */
export const williams: FeatureKind = {
  kind: 'willr', outputs: ['willr'], windowNames: ['window'], conventions: {...bars, tieRule: 'newest', zeroRule: 'nan'}, zeroRules: ['zero'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, top = extreme(b, 'max', from.held('high'), w);
    return {willr: derive(b, `willr ${spec.zeroRule}`, [from.held('price'), top, extreme(b, 'min', from.held('low'), w)], (p, h, l) => ratio(mul(-100, sub(h!, p!)), sub(h!, l!), spec.zeroRule as ZeroRule))};
  },
};

/** How long ago the extremes of n + 1 bars were, in percent of n. */
export const aroon: FeatureKind = {
  kind: 'aroon', outputs: ['aroonup', 'aroondown', 'aroonosc'], windowNames: ['window'], conventions: {...bars, tieRule: 'newest'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows;
    const part = (side: 'max' | 'min'): Series => derive(b, `aroon ${side} ${w}`, [extremeAge(b, side, from.held(side === 'max' ? 'high' : 'low'), w + 1)], (age) => mul(100 / w, sub(w, age!)));
    const up = part('max'), down = part('min');
    return {aroonup: up, aroondown: down, aroonosc: derive(b, 'aroon', [up, down], (x, y) => sub(x!, y!))};
  },
};

/** Change over n ticks: in percent (`roc`), plain (`mom`), as a factor (`rocr`), that in percent (`rocr100`). */
export const roc: FeatureKind = {
  kind: 'roc', outputs: ['roc', 'mom', 'rocr', 'rocr100'], windowNames: ['lag'], conventions: {...prices, zeroRule: 'nan'},
  build: (b, spec, from) => {
    const x = from.raw('price'), old = lagged(b, x, spec.windows[0]!);
    const was = derive(b, 'was', [old], (v) => v!);
    if (spec.output === 'mom') return {mom: derive(b, 'mom', [x, was], (p, o) => sub(p!, o!))};
    const factor = derive(b, 'rocr', [x, was], (p, o) => ratio(p!, o!, 'nan'));
    if (spec.output === 'rocr100') return {rocr100: derive(b, 'percent', [factor], (f) => mul(100, f!))};
    return {rocr: factor, roc: derive(b, 'roc', [x, was], (p, o) => mul(100, ratio(sub(p!, o!), o!, 'nan')))};
  },
};

/** Natural logarithm of price over price n ticks ago. */
export const logReturn: FeatureKind = {
  kind: 'logret', outputs: ['logret'], windowNames: ['lag'], conventions: prices,
  build: (b, spec, from) => {
    const old = derive(b, 'was', [lagged(b, from.raw('price'), spec.windows[0]!)], (v) => v!);
    return {logret: applied(b, 'ln', derive(b, 'factor', [from.raw('price'), old], (p, o) => ratio(p!, o!, 'nan')))};
  },
};

/** Quantile of the last n prices, linear between neighbours; median for 0.5. */
export const quantile: FeatureKind = {
  kind: 'quantile', outputs: ['quantile'], windowNames: ['window'], paramNames: ['q'], conventions: {...prices, scale: 'value'},
  build: (b, spec, from) => ({quantile: quantileOf(b, from.raw('price'), spec.windows[0]!, spec.params[0]!)}),
};

/** Place of the newest price among the last n, equals sharing theirs. */
export const rank: FeatureKind = {
  kind: 'rank', outputs: ['rank'], windowNames: ['window'], conventions: prices, build: (b, spec, from) => ({rank: rankOf(b, from.raw('price'), spec.windows[0]!)}),
};
