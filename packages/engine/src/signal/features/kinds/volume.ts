import type {FeatureKind} from '../feature-kind.ts';
import {add, before, lessThan, mul, select, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {change, derive, previous, product, startingAt, typicalPrice} from '../series/inputs.ts';
import {smoothed, spanOf, total, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import type {Sources} from '../series/sources.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';
import {windowSum} from '../series/window-means.ts';
import {windowSums} from '../series/window-sums.ts';
import {distanceFrom} from './averages.ts';

/** Volume with the sign of the price's change; the first tick changes nothing and counts as 0. */
const signedVolume = (b: ProgramBuilder, from: Sources): Series => startingAt(derive(b, 'signed volume', [change(b, from.held('price')), from.held('volume')], (d, v) => select(lessThan(0, d!), v!, select(lessThan(d!, 0), sub(0, v!), 0))), from.held('price').start);

/** On-balance volume, from 0 or (`first-volume`) from the first volume; `unchanged-adds` adds the volume of an unchanged price too, the first one's included. */
export const obv: FeatureKind = {
  kind: 'obv', outputs: ['obv'], windowNames: [], seeds: ['first-volume', 'unchanged-adds'], conventions: {inputs: ['price', 'volume'], seed: 'none', nanPolicy: 'last', scale: 'volume'},
  build: (b, spec, from) => {
    const step = signedVolume(b, from);
    if (spec.seed === 'unchanged-adds') return {obv: total(b, startingAt(derive(b, 'volume unless it fell', [change(b, from.held('price')), from.held('volume')], (d, v) => select(lessThan(d!, 0), sub(0, v!), v!)), step.start))};
    return {obv: total(b, spec.seed === 'none' ? step : derive(b, 'with the first', [step, from.held('volume')], (s, v) => select(before(step.start + 1), v!, s!)))};
  },
};

/** Exponential mean of the on-balance volume. */
export const obvMean: FeatureKind = {
  kind: 'obvema', outputs: ['obvema'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust'], conventions: {inputs: ['price', 'volume'], seed: 'first-value', nanPolicy: 'last', scale: 'volume'},
  build: (b, spec, from) => ({obvema: smoothed(b, total(b, signedVolume(b, from)), spanOf(spec.windows[0]!, spec.seed as Seed))}),
};

/** Mean price of a window, each weighted with its volume; the price itself where there was none. */
export const vwap: FeatureKind = {
  kind: 'vwap', outputs: ['vwap', 'vwapdev'], windowNames: ['window'], conventions: {inputs: ['price', 'volume'], seed: 'none', nanPolicy: 'window', zeroRule: 'price', scale: 'price'}, zeroRules: ['nan'],
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, price = from.raw('price'), volume = from.raw('volume');
    const {sums, start} = windowSums(b, {name: `traded (${price.key}, ${volume.key})`, ticks: w, series: [price, volume], isAnchored: false, usesPlace: false, terms: {pv: ([p, v]) => mul(p!, v!), v: ([, v]) => v!}});
    const key = `vwap ${spec.zeroRule} ${w} (${price.key}, ${volume.key})`;
    const mean = b.unit(key, (u) => ({key, value: u.let(ratio(sums.pv, sums.v, spec.zeroRule as ZeroRule, price.value)), start, inputs: [...price.inputs, ...volume.inputs]}));
    return spec.output === 'vwap' ? {vwap: mean} : {vwapdev: distanceFrom(b, price, mean)};
  },
};

/** Mean price of all volume since the first tick: typical prices of bars, each weighted with its volume. */
export const vwapTotal: FeatureKind = {
  kind: 'vwaptotal', outputs: ['vwaptotal'], windowNames: [], conventions: {inputs: ['high', 'low', 'price', 'volume'], seed: 'none', nanPolicy: 'last', zeroRule: 'price', scale: 'price'}, zeroRules: ['nan'],
  build: (b, spec, from) => {
    const x = typicalPrice(b, from.bar), volume = from.held('volume');
    return {vwaptotal: derive(b, `vwap ${spec.zeroRule}`, [total(b, product(b, x, volume)), total(b, volume), x], (pv, v, p) => ratio(pv!, v!, spec.zeroRule as ZeroRule, p!))};
  },
};

/** What the best sizes gained on the bid and lost on the ask since the tick before. */
const orderFlow = (b: ProgramBuilder, from: Sources): Series => {
  const bid = from.raw('bidSize'), ask = from.raw('askSize');
  return derive(b, 'order flow', [bid, previous(b, bid), ask, previous(b, ask)], (now, was, nowAsk, wasAsk) => sub(sub(now!, was!), sub(nowAsk!, wasAsk!)), -1);
};

/** Order-flow imbalance summed over a window. */
export const orderFlowImbalance: FeatureKind = {
  kind: 'ofi', outputs: ['ofi'], windowNames: ['window'], conventions: {inputs: ['bidSize', 'askSize'], seed: 'none', nanPolicy: 'window', scale: 'volume'},
  build: (b, spec, from) => ({ofi: windowSum(b, orderFlow(b, from), spec.windows[0]!)}),
};

/** Exponential mean of (bid size - ask size) / (bid size + ask size). */
export const bookImbalance: FeatureKind = {
  kind: 'imb', outputs: ['imb'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust'], conventions: {inputs: ['bidSize', 'askSize'], seed: 'first-value', nanPolicy: 'last', zeroRule: 'zero', scale: 'one'},
  build: (b, spec, from) => {
    const bid = from.held('bidSize'), ask = from.held('askSize');
    const both = derive(b, 'book size', [bid, ask], (x, y) => add(x!, y!));
    const now = derive(b, 'book imbalance', [bid, ask, both], (x, y, z) => ratio(sub(x!, y!), z!, 'zero'));
    return {imb: smoothed(b, now, spanOf(spec.windows[0]!, spec.seed as Seed))};
  },
};
