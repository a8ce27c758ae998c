import type {FeatureKind} from '../feature-kind.ts';
import {abs, add, before, mul, select, sub} from '../ir/expression.ts';
import {change, derive, lagged, startingAt} from '../series/inputs.ts';
import {chain} from './averages.ts';
import {ratio} from '../series/window-moments.ts';
import {weightedMean, windowMean, windowSum} from '../series/window-means.ts';

const recursive = {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'price'} as const;

/** Plain sum of the last n prices. */
export const sum: FeatureKind = {kind: 'sum', outputs: ['sum'], windowNames: ['window'], conventions: recursive, build: (b, spec, from) => ({sum: windowSum(b, from.held('price'), spec.windows[0]!)})};
/** Weights 1..n, the newest heaviest. */
export const wma: FeatureKind = {kind: 'wma', outputs: ['wma'], windowNames: ['window'], conventions: recursive, build: (b, spec, from) => ({wma: weightedMean(b, from.held('price'), spec.windows[0]!)})};
/** Plain mean of plain means, so that the middle weighs most. */
export const trima: FeatureKind = {
  kind: 'trima', outputs: ['trima'], windowNames: ['window'], conventions: recursive,
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, first = w % 2 === 1 ? (w + 1) / 2 : w / 2, second = w % 2 === 1 ? first : first + 1;
    return {trima: windowMean(b, windowMean(b, from.held('price'), first), second)};
  },
};

/** Hull: the weighted mean over √n of twice the quick one less the calm one. */
export const hma: FeatureKind = {
  kind: 'hma', outputs: ['hma'], windowNames: ['window'], conventions: recursive,
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price');
    const ahead = derive(b, 'hull', [weightedMean(b, x, Math.max(1, Math.floor(w / 2))), weightedMean(b, x, w)], (quick, calm) => sub(mul(2, quick!), calm!));
    return {hma: weightedMean(b, ahead, Math.floor(Math.sqrt(w)))};
  },
};

/** Kaufman's: as quick as the way is straight (`er`, 0 to 1). Begins with the price at tick n. */
export const kama: FeatureKind = {
  kind: 'kama', outputs: ['kama', 'er'], windowNames: ['window', 'fast', 'slow'], seeds: ['one-later'], conventions: {...recursive, seed: 'window-end', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const [w = 1, fast = 2, slow = 30] = spec.windows, x = from.held('price'), first = x.start + (spec.seed === 'window-end' ? w - 1 : w);
    const step = derive(b, 'absolute change', [change(b, x)], (d) => abs(d!));
    const way = windowSum(b, startingAt(step, x.start + 1), w), old = lagged(b, x, w);
    if (spec.output === 'er') return {er: derive(b, 'efficiency', [x, old, way], (p, o, y) => ratio(abs(sub(p!, o!)), y!, 'zero'))};
    const key = `kama ${spec.seed} ${w} ${fast} ${slow} ${x.key}`;
    return {kama: b.unit(key, (u) => {
      const straight = u.let(ratio(u.let(abs(sub(x.value, u.let(old.value)))), way.value, 'zero'));
      const quick = u.let(add(mul(straight, 2 / (fast + 1) - 2 / (slow + 1)), 2 / (slow + 1)));
      const slot = u.slot(), last = u.let(u.load(slot));
      const value = u.let(select(before(first + 1), x.value, add(last, mul(mul(quick, quick), sub(x.value, last)))));
      u.set(slot, value);
      return {key, value, start: first, inputs: []};
    })};
  },
};

/** Change in percent of an exponential mean taken three times, over the mean before, or over that of now (`trixnow`), and the mean itself (`trixmean`). */
export const trix: FeatureKind = {
  kind: 'trix', outputs: ['trix', 'trixnow', 'trixmean'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust', 'sma-once', 'first-late'], conventions: {...recursive, seed: 'first-value', scale: 'one'},
  build: (b, spec, from) => {
    const third = chain(b, spec, {x: from.held('price'), length: 3}).at(-1)!, was = lagged(b, third, 1);
    if (spec.output === 'trixmean') return {trixmean: third};
    if (spec.output === 'trixnow') return {trixnow: derive(b, 'trixnow', [third, was], (now, old) => mul(100, ratio(sub(now!, old!), now!, 'nan')))};
    return {trix: derive(b, 'trix', [third, was], (now, old) => mul(100, ratio(sub(now!, old!), old!, 'nan')))};
  },
};
