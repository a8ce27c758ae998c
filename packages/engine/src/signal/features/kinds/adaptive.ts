import type {FeatureKind} from '../feature-kind.ts';
import {add, before, div, equal, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, lagged, recorded, startingAt} from '../series/inputs.ts';
import {smoothed, spanOf, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {windowMean} from '../series/window-means.ts';
import {deviation, momentsOf, ratio} from '../series/window-moments.ts';

const recursive = {inputs: ['price'], seed: 'first-value', nanPolicy: 'last', scale: 'price'} as const;

/** Chande's: alpha grows with the deviation of the last few ticks over that of many. Begins with the price one tick before the long window is full. */
export const vidya: FeatureKind = {
  kind: 'vidya', outputs: ['vidya'], windowNames: ['fast', 'slow'], paramNames: ['alpha'], conventions: {...recursive, seed: 'window-end', zeroRule: 'zero'},
  build: (b, spec, from) => {
    const [fast = 2, slow = 3] = spec.windows, x = from.held('price'), [quick, calm] = [fast, slow].map((w) => deviation(b, momentsOf(b, x, w), w, 0));
    const first = calm!.start, key = `vidya ${fast} ${slow} ${spec.params[0]} ${x.key}`;
    return {vidya: b.unit(key, (u) => {
      const slot = u.slot(), last = u.let(u.load(slot));
      const part = u.let(ratio(quick!.value, calm!.value, 'zero')), k = u.let(mul(select(equal(part, part), part, 0), spec.params[0]!));
      const value = u.let(select(before(first), x.value, add(mul(sub(x.value, last), k), last)));
      u.set(slot, value);
      return {key, value, start: first - 1, inputs: []};
    })};
  },
};

/** Exponential mean of the price with what it gained over half the window added: lag taken off. Begins when there is a value so long ago, with the price before. */
export const zlema: FeatureKind = {
  kind: 'zlema', outputs: ['zlema'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust'], conventions: recursive,
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price'), shift = Math.floor((w - 1) / 2), old = lagged(b, x, shift);
    const ahead = derive(b, `ahead ${shift}`, [x, old], (p, o) => add(p!, sub(p!, o!)));
    if (spec.seed !== 'first-value' || shift === 0) return {zlema: smoothed(b, ahead, spanOf(w, spec.seed as Seed))};
    const begun = derive(b, `ahead or price ${shift}`, [x, startingAt(ahead, x.start)], (p, a) => select(before(x.start + shift), p!, a!));
    return {zlema: smoothed(b, startingAt(begun, x.start + shift - 1), spanOf(w, 'first-value'))};
  },
};

/** Tillson's: three times a mean that is pushed ahead by `factor`. */
export const t3: FeatureKind = {
  kind: 't3', outputs: ['t3'], windowNames: ['span'], paramNames: ['factor'], seeds: ['sma-seed', 'ewm-adjust'], conventions: recursive,
  build: (b, spec, from) => {
    const [v = 0.7] = spec.params, means: Series[] = [];
    for (let i = 0; i < 6; i++) means.push(smoothed(b, means.at(-1) ?? from.held('price'), spanOf(spec.windows[0]!, spec.seed as Seed)));
    const c1 = -v * v * v, c2 = 3 * v * v + 3 * v * v * v, c3 = -6 * v * v - 3 * v - 3 * v * v * v, c4 = 1 + 3 * v + v * v * v + 3 * v * v;
    return {t3: derive(b, `t3 ${v}`, [means[5]!, means[4]!, means[3]!, means[2]!], (e6, e5, e4, e3) => add(add(add(mul(c1, e6!), mul(c2, e5!)), mul(c3, e4!)), mul(c4, e3!)))};
  },
};

/** McGinley's dynamic: the further the price runs away upwards, the slower it follows. */
export const mcginley: FeatureKind = {
  kind: 'mcginley', outputs: ['mcginley'], windowNames: ['periods'], paramNames: ['factor'], seeds: ['sma-seed'], conventions: recursive,
  build: (b, spec, from) => {
    const x = from.held('price'), [n = 1] = spec.windows, begin = spec.seed === 'sma-seed' ? windowMean(b, x, n) : x, key = `mcginley ${spec.seed} ${n} ${spec.params[0]} ${x.key}`;
    return {mcginley: b.unit(key, (u) => {
      const slot = u.slot(), last = u.let(u.load(slot)), part = u.let(div(x.value, last)), two = u.let(mul(part, part));
      const value = u.let(select(before(begin.start + 1), begin.value, select(equal(last, 0), x.value, add(last, div(sub(x.value, last), mul(mul(spec.params[0]! * n, two), two))))));
      u.set(slot, value);
      return {key, value, start: begin.start, inputs: []};
    })};
  },
};

/** Sum of the last n values, each times a weight that a recurrence makes while they are visited, oldest first. */
const visitedSum = (b: ProgramBuilder, x: Series, {key, ticks, begin, next}: {key: string; ticks: number; begin: readonly number[]; next: (state: readonly Expression[]) => readonly Expression[]}): Series => {
  const field = recorded(b, x);
  return b.unit(key, (u) => {
    const sum = u.slot(), state = begin.map(() => u.slot());
    u.set(sum, 0);
    state.forEach((slot, i) => { u.set(slot, begin[i]!); });
    u.loop(ticks, () => {
      u.set(sum, add(u.load(sum), mul(u.load(state[0]!), {k: 'visited', field})));
      next(state.map((slot) => u.let(u.load(slot)))).forEach((value, i) => { u.set(state[i]!, value); });
    });
    return {key, value: u.let(u.load(sum)), start: x.start + ticks - 1, inputs: x.inputs};
  });
};

/** Arnaud Legoux's: weights of a bell that stands at `offset` (0 oldest, 1 newest) and is n / sigma wide. */
export const alma: FeatureKind = {
  kind: 'alma', outputs: ['alma'], windowNames: ['window'], paramNames: ['offset', 'sigma'], conventions: {...recursive, seed: 'none'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, [offset = 0.85, sigma = 6] = spec.params, m = offset * (w - 1), s = w / sigma;
    const bell = (i: number): number => Math.exp(-((i - m) ** 2) / (2 * s * s));
    const total = Array.from({length: w}, (_, i) => bell(i)).reduce((a, c) => a + c, 0);
    // each weight is the one before times a ratio that itself shrinks by the same factor
    const sum = visitedSum(b, from.held('price'), {
      key: `alma ${w} ${offset} ${sigma} ${from.held('price').key}`, ticks: w, begin: [bell(0) / total, Math.exp((2 * m - 1) / (2 * s * s))],
      next: ([weight, by]) => [mul(weight!, by!), mul(by!, Math.exp(-1 / (s * s)))],
    });
    return {alma: sum};
  },
};
