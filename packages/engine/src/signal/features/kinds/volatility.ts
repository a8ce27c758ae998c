import type {FeatureKind} from '../feature-kind.ts';
import {div, mul, sqrt, max} from '../ir/expression.ts';
import {derive, startingAt, trueRange} from '../series/inputs.ts';
import {smoothed, wilderOf, type Seed} from '../series/recursive.ts';
import {aloneOrPair} from '../series/sources.ts';
import {returnMoments} from '../series/window-moments.ts';

/** True range: high less low, or further from the close before. */
export const tr: FeatureKind = {
  kind: 'tr', outputs: ['tr'], windowNames: [], conventions: {inputs: ['high', 'low', 'price'], seed: 'first-value', nanPolicy: 'last', scale: 'price'},
  build: (b, _spec, from) => ({tr: trueRange(b, from.bar)}),
};

/** Wilder's mean of the true range, and its part of the price (`natr`), that in percent too (`natrpct`). `sma-seed` counts the first bar, `talib` begins with the second. */
export const atr: FeatureKind = {
  kind: 'atr', outputs: ['atr', 'natr', 'natrpct'], windowNames: ['periods'], seeds: ['sma-seed', 'talib'],
  conventions: {inputs: ['high', 'low', 'price'], seed: 'first-value', nanPolicy: 'last', scale: 'value'},
  build: (b, spec, from) => {
    const range = trueRange(b, from.bar), seed: Seed = spec.seed === 'first-value' ? 'first-value' : 'sma-seed';
    const first = spec.seed === 'talib' ? startingAt(range, range.start + 1) : range;
    const mean = smoothed(b, first, wilderOf(spec.windows[0]!, seed, seed === 'sma-seed' ? 'wilder' : 'blend'));
    if (spec.output === 'natrpct') return {natrpct: derive(b, 'natrpct', [mean, from.held('price')], (m, p) => div(mul(100, m!), p!))};
    return spec.output === 'atr' ? {atr: mean} : {natr: derive(b, 'natr', [mean, from.held('price')], (m, p) => div(m!, p!))};
  },
};

/** Deviation of the returns over a window, of the sample. */
export const realisedVolatility: FeatureKind = {
  kind: 'rvol', outputs: ['rvol'], windowNames: ['window'], ddofs: [0], conventions: {inputs: ['price'], seed: 'none', ddof: 1, nanPolicy: 'window', zeroRule: 'zero', scale: 'value'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows;
    return {rvol: derive(b, `rvol ${spec.ddof} ${w}`, [returnMoments(b, aloneOrPair(b, from.raw('price')), w).variance], (v) => sqrt(max(mul(v!, w / (w - spec.ddof!)), 0)))};
  },
};
