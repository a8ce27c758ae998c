import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {abs, add, div, max, min, mul, sub} from '../ir/expression.ts';
import {average, AVERAGES} from '../series/average.ts';
import {change, derive, fall, lagged, previous, rise, startingAt, trueRange} from '../series/inputs.ts';
import {smoothed, spanOf, wilderOf, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {meanDistance, windowMean, windowSum} from '../series/window-means.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const prices = {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'one'} as const;
const bars = {...prices, inputs: ['high', 'low', 'price']} as const;
const rule = (spec: FeatureSpec): ZeroRule => spec.zeroRule as ZeroRule;

/** Quick less calm mean, plain (`apo`) or in percent of the calm one (`ppo`). The seed names the mean: `sma` and `wma` are no exponential ones. */
export const oscillator: FeatureKind = {
  kind: 'apo', outputs: ['apo', 'ppo'], windowNames: ['fast', 'slow'], seeds: AVERAGES, zeroRules: ['zero'], conventions: {...prices, seed: 'first-value', zeroRule: 'nan', scale: 'price'},
  build: (b, spec, from) => {
    const means = spec.windows.map((w) => average(b, from.held('price'), w, spec.seed));
    return spec.output === 'apo' ? {apo: derive(b, 'apo', means, (f, s) => sub(f!, s!))} : {ppo: derive(b, `ppo ${spec.zeroRule}`, means, (f, s) => ratio(mul(100, sub(f!, s!)), s!, rule(spec)))};
  },
};

/** Chande's momentum: gains less losses over both, of the last n changes (`sum`) or of Wilder's means as TA-Lib. */
export const cmo: FeatureKind = {
  kind: 'cmo', outputs: ['cmo'], windowNames: ['periods'], seeds: ['wilder-talib'], zeroRules: ['nan'], conventions: {...prices, seed: 'sum', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const x = from.held('price'), [n = 1] = spec.windows;
    const parts = [rise(b, x), fall(b, x)].map((s) => startingAt(s, x.start + 1)).map((s) => (spec.seed === 'sum' ? windowSum(b, s, n) : smoothed(b, s, wilderOf(n, 'sma-seed', 'wilder'))));
    return {cmo: derive(b, `cmo ${spec.zeroRule}`, parts, (u, d) => ratio(mul(100, sub(u!, d!)), add(u!, d!), rule(spec)))};
  },
};

/** Mean of close less open over a window. */
export const qstick: FeatureKind = {
  kind: 'qstick', outputs: ['qstick'], windowNames: ['window'], seeds: ['first-value', 'sma-seed', 'wma'], conventions: {...prices, inputs: ['open', 'price'], seed: 'sma', scale: 'price'},
  build: (b, spec, from) => ({qstick: average(b, derive(b, 'body', [from.held('price'), from.held('open')], (c, o) => sub(c!, o!)), spec.windows[0]!, spec.seed)}),
};

/** Intraday momentum: gains from open to close as a part of gains and losses. */
export const intradayMomentum: FeatureKind = {
  kind: 'imi', outputs: ['imi'], windowNames: ['window'], zeroRules: ['nan', 'zero'], conventions: {...prices, inputs: ['open', 'price'], zeroRule: 'fifty'},
  build: (b, spec, from) => {
    const body = derive(b, 'body', [from.held('price'), from.held('open')], (c, o) => sub(c!, o!)), [w = 1] = spec.windows;
    const parts = [derive(b, 'gain', [body], (x) => max(x!, 0)), derive(b, 'loss', [body], (x) => max(sub(0, x!), 0))].map((x) => windowSum(b, x, w));
    return {imi: derive(b, `imi ${spec.zeroRule}`, parts, (u, d) => ratio(mul(100, u!), add(u!, d!), rule(spec)))};
  },
};

/** Balance of power: close less open over the height of the bar. */
export const balance: FeatureKind = {
  kind: 'bop', outputs: ['bop'], windowNames: [], zeroRules: ['nan'], conventions: {...bars, inputs: ['open', 'high', 'low', 'price'], zeroRule: 'zero'},
  build: (b, spec, from) => ({bop: derive(b, `bop ${spec.zeroRule}`, [from.held('open'), from.held('high'), from.held('low'), from.held('price')], (o, h, l, c) => ratio(sub(c!, o!), sub(h!, l!), rule(spec)))}),
};

/** Ultimate oscillator: buying pressure over true range in three windows, weighted 4, 2, 1. */
export const ultimate: FeatureKind = {
  kind: 'ultosc', outputs: ['ultosc'], windowNames: ['fast', 'middle', 'slow'], zeroRules: ['nan'], conventions: {...bars, zeroRule: 'zero'},
  build: (b, spec, from) => {
    const {bar} = from, was = previous(b, bar.price), pressure = derive(b, 'pressure', [bar.price, bar.low, was], (c, l, o) => sub(c!, min(l!, o!)));
    const range = startingAt(trueRange(b, bar), pressure.start);
    const parts = spec.windows.map((w) => derive(b, `part ${spec.zeroRule}`, [windowSum(b, pressure, w), windowSum(b, range, w)], (p, r) => ratio(p!, r!, rule(spec))));
    return {ultosc: derive(b, 'ultosc', parts, (f, m, s) => div(mul(100, add(add(mul(4, f!), mul(2, m!)), s!)), 7))};
  },
};

/** Detrended price: of n/2 + 1 ticks ago, less the mean of now. Looks back only. */
export const detrended: FeatureKind = {
  kind: 'dpo', outputs: ['dpo'], windowNames: ['window'], conventions: {...prices, scale: 'price'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price');
    return {dpo: derive(b, 'dpo', [lagged(b, x, Math.floor(w / 2) + 1), windowMean(b, x, w)], (old, m) => sub(old!, m!))};
  },
};

/** Chaikin's volatility: change in percent over `lag` ticks of the exponential mean of the bar's height. */
export const chaikinVolatility: FeatureKind = {
  kind: 'cvi', outputs: ['cvi'], windowNames: ['span', 'lag'], seeds: AVERAGES, zeroRules: ['nan'], conventions: {...prices, inputs: ['high', 'low'], seed: 'first-value', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const [span = 1, lag = 1] = spec.windows, mean = average(b, derive(b, 'height', [from.held('high'), from.held('low')], (h, l) => sub(h!, l!)), span, spec.seed);
    return {cvi: derive(b, `cvi ${spec.zeroRule}`, [mean, lagged(b, mean, lag)], (m, was) => ratio(mul(100, sub(m!, was!)), was!, rule(spec)))};
  },
};

/** Mass index: sum over a window of the mean height of bars over the mean of that mean. `first-late` begins each mean when the one before has seen a window. */
export const mass: FeatureKind = {
  kind: 'mass', outputs: ['mass'], windowNames: ['span', 'window'], seeds: ['first-value', 'sma-seed', 'ewm-adjust'], zeroRules: ['nan'], conventions: {...prices, inputs: ['high', 'low'], seed: 'first-late', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const [span = 9, w = 25] = spec.windows, isLate = spec.seed === 'first-late', how = spanOf(span, isLate ? 'first-value' : spec.seed as Seed), late = (x: Series): Series => (isLate ? startingAt(x, x.start + span - 1) : x);
    const once = smoothed(b, derive(b, 'height', [from.held('high'), from.held('low')], (h, l) => sub(h!, l!)), how), twice = smoothed(b, late(once), how);
    return {mass: windowSum(b, derive(b, `mass ${spec.zeroRule}`, [once, late(twice)], (x, y) => ratio(x!, y!, rule(spec))), w)};
  },
};

/** Mean distance of the last n values from their mean. */
export const meanDeviation: FeatureKind = {
  kind: 'md', outputs: ['md'], windowNames: ['window'], conventions: {...prices, scale: 'deviation'}, build: (b, spec, from) => ({md: meanDistance(b, from.held('price'), spec.windows[0]!)}),
};

/** True strength: changes smoothed twice over their sizes smoothed twice, in percent. `first-late` begins the second mean when the first has seen its window. */
export const trueStrength: FeatureKind = {
  kind: 'tsi', outputs: ['tsi'], windowNames: ['slow', 'fast'], seeds: ['sma-seed', 'ewm-adjust', 'first-late'], zeroRules: ['nan'], conventions: {...prices, seed: 'first-value', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const x = from.held('price'), [slow = 1, fast = 1] = spec.windows, isLate = spec.seed === 'first-late', seed = (isLate ? 'first-value' : spec.seed) as Seed, step = startingAt(change(b, x), x.start + 1);
    const parts = [step, derive(b, 'size', [step], (d) => abs(d!))].map((s) => smoothed(b, s, spanOf(slow, seed))).map((s) => smoothed(b, isLate ? startingAt(s, s.start + slow - 1) : s, spanOf(fast, seed)));
    return {tsi: derive(b, `tsi ${spec.zeroRule}`, parts, (d, s) => ratio(mul(100, d!), s!, rule(spec)))};
  },
};

/** Know sure thing: four changes in percent, each smoothed plainly, weighted 1 to 4. */
export const knowSureThing: FeatureKind = {
  kind: 'kst', outputs: ['kst'], windowNames: ['lag1', 'lag2', 'lag3', 'lag4', 'window1', 'window2', 'window3', 'window4'], zeroRules: ['nan'], conventions: {...prices, zeroRule: 'zero'},
  build: (b, spec, from) => {
    const x = from.held('price');
    const parts = [0, 1, 2, 3].map((i) => windowMean(b, derive(b, `change ${spec.zeroRule}`, [x, lagged(b, x, spec.windows[i]!)], (p, o) => ratio(mul(100, sub(p!, o!)), o!, rule(spec))), spec.windows[i + 4]!));
    return {kst: derive(b, 'kst', parts, (p, q, r, s) => add(add(add(p!, mul(2, q!)), mul(3, r!)), mul(4, s!)))};
  },
};
