import type {FeatureKind} from '../feature-kind.ts';
import {abs, add, before, mul, select, sub} from '../ir/expression.ts';
import {change, derive, held, lagged} from '../series/inputs.ts';
import {chain} from './averages.ts';
import {ratio} from '../series/window-moments.ts';
import {weightedMean, windowMean, windowSum} from '../series/window-means.ts';

const recursive = {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'price'} as const;

/** Plain sum of the last n prices. */
export const sum: FeatureKind = {kind: 'sum', outputs: ['sum'], windowNames: ['window'], conventions: recursive, build: (b, spec) => ({sum: windowSum(b, held(b, 'price'), spec.windows[0]!)})};
/** Weights 1..n, the newest heaviest. */
export const wma: FeatureKind = {kind: 'wma', outputs: ['wma'], windowNames: ['window'], conventions: recursive, build: (b, spec) => ({wma: weightedMean(b, held(b, 'price'), spec.windows[0]!)})};
/** Plain mean of plain means, so that the middle weighs most. */
export const trima: FeatureKind = {
  kind: 'trima', outputs: ['trima'], windowNames: ['window'], conventions: recursive,
  build: (b, spec) => {
    const [w = 1] = spec.windows, first = w % 2 === 1 ? (w + 1) / 2 : w / 2, second = w % 2 === 1 ? first : first + 1;
    return {trima: windowMean(b, windowMean(b, held(b, 'price'), first), second)};
  },
};

/** Hull: the weighted mean over √n of twice the quick one less the calm one. */
export const hma: FeatureKind = {
  kind: 'hma', outputs: ['hma'], windowNames: ['window'], conventions: recursive,
  build: (b, spec) => {
    const [w = 1] = spec.windows, x = held(b, 'price');
    const ahead = derive(b, `hull ${w}`, [weightedMean(b, x, Math.floor(w / 2)), weightedMean(b, x, w)], (quick, calm) => sub(mul(2, quick!), calm!));
    return {hma: weightedMean(b, ahead, Math.floor(Math.sqrt(w)))};
  },
};

/** Kaufman's: as quick as the way is straight. Begins with the price at tick n. */
export const kama: FeatureKind = {
  kind: 'kama', outputs: ['kama'], windowNames: ['window', 'fast', 'slow'], seeds: ['one-later'], conventions: {...recursive, seed: 'window-end', zeroRule: 'zero'},
  build: (b, spec) => {
    const [w = 1, fast = 2, slow = 30] = spec.windows, x = held(b, 'price'), first = spec.seed === 'window-end' ? w - 1 : w;
    const step = derive(b, 'absolute change', [change(b, x)], (d) => abs(d!));
    const way = windowSum(b, {...step, start: 1}, w), old = lagged(b, x, w);
    return {kama: b.unit(`kama ${spec.seed} ${w} ${fast} ${slow}`, (u) => {
      const straight = u.let(ratio(u.let(abs(sub(x.value, u.let(old.value)))), way.value, 'zero'));
      const quick = u.let(add(mul(straight, 2 / (fast + 1) - 2 / (slow + 1)), 2 / (slow + 1)));
      const slot = u.slot(), last = u.let(u.load(slot));
      const value = u.let(select(before(first + 1), x.value, add(last, mul(mul(quick, quick), sub(x.value, last)))));
      u.set(slot, value);
      return {key: `kama ${w}`, value, start: first, inputs: []};
    })};
  },
};

/** Change in percent of an exponential mean taken three times. */
export const trix: FeatureKind = {
  kind: 'trix', outputs: ['trix'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust', 'sma-once', 'first-late'], conventions: {...recursive, seed: 'first-value', scale: 'one'},
  build: (b, spec) => {
    const third = chain(b, spec, 3).at(-1)!, was = lagged(b, third, 1);
    return {trix: derive(b, `trix ${spec.seed} ${spec.windows[0]}`, [third, was], (now, old) => mul(100, ratio(sub(now!, old!), old!, 'nan')))};
  },
};
