import type {FeatureKind} from '../feature-kind.ts';
import {add, div, max, mul, sqrt, sub} from '../ir/expression.ts';
import {average, AVERAGES} from '../series/average.ts';
import {extreme} from '../series/extremes.ts';
import {derive, lagged, startingAt, trueRange} from '../series/inputs.ts';
import {smoothed, wilderOf} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {windowMean, windowSum} from '../series/window-means.ts';
import {ratio, returnMoments, type ZeroRule} from '../series/window-moments.ts';
import {aloneOrPair} from '../series/sources.ts';
import {applied} from './math.ts';

const bars = {inputs: ['high', 'low', 'price'], seed: 'none', nanPolicy: 'last', tieRule: 'newest', scale: 'price'} as const;

/** Mean of the price and so many true ranges around it. The range's mean is Wilder's, from the second bar on. */
export const keltner: FeatureKind = {
  kind: 'keltner', outputs: ['keltneru', 'keltnerm', 'keltnerl'], windowNames: ['span', 'periods'], paramNames: ['ranges'], seeds: AVERAGES, conventions: {...bars, seed: 'first-value', tieRule: 'none'},
  build: (b, spec, from) => {
    const [span = 1, n = 1] = spec.windows, [ranges = 2] = spec.params, middle = average(b, from.held('price'), span, spec.seed), range = trueRange(b, from.bar);
    const wide = smoothed(b, startingAt(range, range.start + 1), wilderOf(n, 'sma-seed', 'wilder'));
    if (spec.output === 'keltnerm') return {keltnerm: middle};
    return {[spec.output]: derive(b, `${spec.output} ${ranges}`, [middle, wide], (m, r) => (spec.output === 'keltneru' ? add(m!, mul(ranges, r!)) : sub(m!, mul(ranges, r!))))};
  },
};

/** Acceleration bands: highs and lows, pushed apart by four times their part of the middle, and the close; each as a plain mean. */
export const acceleration: FeatureKind = {
  kind: 'accbands', outputs: ['accu', 'accm', 'accl'], windowNames: ['window'], conventions: {...bars, zeroRule: 'zero', tieRule: 'none'},
  build: (b, spec, from) => {
    const {high, low, price} = from.bar, [w = 1] = spec.windows, apart = derive(b, 'apart', [high, low], (h, l) => ratio(mul(4, sub(h!, l!)), add(h!, l!), 'zero'));
    if (spec.output === 'accm') return {accm: windowMean(b, price, w)};
    return {[spec.output]: windowMean(b, derive(b, spec.output, [spec.output === 'accu' ? high : low, apart], (x, a) => (spec.output === 'accu' ? mul(x!, add(1, a!)) : mul(x!, sub(1, a!)))), w)};
  },
};

/** Ichimoku: middles of channels, and the two spans as they stand over this bar, made `shift` ticks ago. The lagging line would need the future. */
export const ichimoku: FeatureKind = {
  kind: 'ichimoku', outputs: ['tenkan', 'kijun', 'spana', 'spanb'], windowNames: ['tenkan', 'kijun', 'senkou', 'shift'], conventions: bars,
  build: (b, spec, from) => {
    const [tenkan = 1, kijun = 1, senkou = 1, shift = 0] = spec.windows;
    const middle = (w: number): Series => derive(b, 'middle', [extreme(b, 'max', from.held('high'), w), extreme(b, 'min', from.held('low'), w)], (h, l) => mul(add(h!, l!), 0.5));
    const ago = (x: Series): Series => derive(b, 'ago', [lagged(b, x, shift)], (v) => v!);
    switch (spec.output) {
      case 'tenkan': return {tenkan: middle(tenkan)};
      case 'kijun': return {kijun: middle(kijun)};
      case 'spanb': return {spanb: ago(middle(senkou))};
      default: return {spana: ago(derive(b, 'span', [middle(tenkan), middle(kijun)], (t, k) => mul(add(t!, k!), 0.5)))};
    }
  },
};

/** Ulcer index: root of the mean square of how far in percent the price is below its highest of the window, or (`growing`) of what there is of it. */
export const ulcer: FeatureKind = {
  kind: 'ulcer', outputs: ['ulcer'], windowNames: ['window'], seeds: ['growing'], conventions: {...bars, inputs: ['price'], scale: 'one'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price'), top = extreme(b, 'max', x, w), down = derive(b, 'below', [x, spec.seed === 'growing' ? startingAt(top, x.start) : top], (p, h) => mul(100, div(sub(p!, h!), h!)));
    return {ulcer: derive(b, 'root', [windowMean(b, derive(b, 'square', [down], (d) => mul(d!, d!)), w)], (m) => sqrt(max(m!, 0)))};
  },
};

/** Choppiness: logarithm of the true ranges over the channel's height, as a part of that of n, in percent. `first-bar` counts the true range of the first bar, which has no close before it. */
export const choppiness: FeatureKind = {
  kind: 'chop', outputs: ['chop'], windowNames: ['window'], seeds: ['first-bar'], zeroRules: ['zero'], conventions: {...bars, zeroRule: 'nan', scale: 'one'},
  build: (b, spec, from) => {
    const {bar} = from, [w = 2] = spec.windows, range = trueRange(b, bar), sum = windowSum(b, startingAt(range, spec.seed === 'first-bar' ? range.start : range.start + 1), w);
    const part = derive(b, `part ${spec.zeroRule}`, [sum, extreme(b, 'max', bar.high, w), extreme(b, 'min', bar.low, w)], (s, h, l) => ratio(s!, sub(h!, l!), spec.zeroRule as ZeroRule));
    return {chop: derive(b, `chop ${w}`, [applied(b, 'log10', part)], (v) => mul(v!, 100 / Math.log10(w)))};
  },
};

/** Elder's rays: how far the high (`bull`) and the low (`bear`) are from the mean price. */
export const elderRay: FeatureKind = {
  kind: 'elderray', outputs: ['bull', 'bear'], windowNames: ['span'], seeds: AVERAGES, conventions: {...bars, seed: 'first-value', tieRule: 'none'},
  build: (b, spec, from) => ({[spec.output]: derive(b, 'ray', [spec.output === 'bull' ? from.held('high') : from.held('low'), average(b, from.held('price'), spec.windows[0]!, spec.seed)], (x, m) => sub(x!, m!))}),
};

/** Deviation of the returns over a window, for a year of so many ticks: of plain returns, or of their logarithms (`volatilitylog`). */
export const volatility: FeatureKind = {
  kind: 'volatility', outputs: ['volatility', 'volatilitylog'], windowNames: ['window'], paramNames: ['ticksPerYear'], ddofs: [1], conventions: {inputs: ['price'], seed: 'none', ddof: 0, nanPolicy: 'window', scale: 'one'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, year = (w / (w - spec.ddof!)) * spec.params[0]!;
    if (spec.output === 'volatility') return {volatility: derive(b, `volatility ${year}`, [returnMoments(b, aloneOrPair(b, from.raw('price')), w).variance], (v) => sqrt(max(mul(v!, year), 0)))};
    const x = from.held('price'), steps = applied(b, 'ln', derive(b, 'factor', [x, lagged(b, x, 1)], (p, o) => ratio(p!, o!, 'nan')));
    const [mean, squares] = [steps, derive(b, 'square', [steps], (s) => mul(s!, s!))].map((s) => windowMean(b, s, w));
    return {volatilitylog: derive(b, `volatility ${year}`, [mean!, squares!], (m, q) => sqrt(max(mul(sub(q!, mul(m!, m!)), year), 0)))};
  },
};
