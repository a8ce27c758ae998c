import type {FeatureKind} from '../feature-kind.ts';
import {add, atMost, before, lessThan, max, min, mul, select, sub, type Expression} from '../ir/expression.ts';
import {change, derive, lagged, previous} from '../series/inputs.ts';
import {smoothed, type Seed} from '../series/recursive.ts';

const prices = {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'one'} as const;

/** Heikin-Ashi: bars whose close is the mean of the bar, and whose open is the middle of the body before; the first opens in the middle of its own. */
export const heikinAshi: FeatureKind = {
  kind: 'heikinashi', outputs: ['haclose', 'haopen', 'hahigh', 'halow'], windowNames: [], conventions: {...prices, inputs: ['open', 'high', 'low', 'price'], scale: 'price'},
  build: (b, spec, from) => {
    const o = from.held('open'), {high, low, price} = from.bar;
    const close = derive(b, 'avgprice', [o, high, low, price], (x, h, l, c) => mul(add(add(add(x!, h!), l!), c!), 0.25)), was = previous(b, close), key = `ha open (${o.key}, ${close.key})`;
    if (spec.output === 'haclose') return {haclose: close};
    const open = b.unit(key, (u) => {
      const slot = u.slot(), last = u.let(u.load(slot)), value = u.let(select(before(close.start + 1), mul(add(o.value, price.value), 0.5), mul(add(last, was.value), 0.5)));
      u.set(slot, value);
      return {key, value, start: close.start, inputs: []};
    });
    if (spec.output === 'haopen') return {haopen: open};
    return spec.output === 'hahigh' ? {hahigh: derive(b, 'ha high', [high, open, close], (h, x, c) => max(max(h!, x!), c!))} : {halow: derive(b, 'ha low', [low, open, close], (l, x, c) => min(min(l!, x!), c!))};
  },
};

/** How many ticks in a row the price rose (positive) or fell (negative); 0 on one that did not move. */
export const streak: FeatureKind = {
  kind: 'streak', outputs: ['streak'], windowNames: [], conventions: prices,
  build: (b, _spec, from) => {
    const x = from.held('price'), d = change(b, x), key = `streak ${x.key}`;
    return {streak: b.unit(key, (u) => {
      const slot = u.slot(), last = u.let(select(before(x.start + 1), 0, u.load(slot)));
      const value = u.let(select(lessThan(0, d.value), add(max(last, 0), 1), select(lessThan(d.value, 0), sub(min(last, 0), 1), 0)));
      u.set(slot, value);
      return {key, value, start: x.start, inputs: []};
    })};
  },
};

/** Share in percent of the n values before that are below this one (or not above it: `percentupto`). Looks at each of them on every tick. */
export const percentRank: FeatureKind = {
  kind: 'percentrank', outputs: ['percentrank', 'percentupto'], windowNames: ['window'], conventions: prices,
  build: (b, spec, from) => {
    const x = from.held('price'), [n = 1] = spec.windows, was = lagged(b, x, n), key = `${spec.output} ${n} ${x.key}`;
    if (was.value.k !== 'past') return {[spec.output]: x};
    const {field} = was.value;
    return {[spec.output]: b.unit(key, (u) => {
      const slot = u.slot();
      u.set(slot, 0);
      u.loop(n + 1, () => {
        const old: Expression = {k: 'visited', field};
        u.set(slot, add(u.load(slot), select(spec.output === 'percentrank' ? lessThan(old, x.value) : atMost(old, x.value), 1, 0)));
      });
      // the newest is among the visited, and never below itself
      const count = spec.output === 'percentrank' ? u.load(slot) : sub(u.load(slot), 1);
      return {key, value: u.let(mul(count, 100 / n)), start: x.start + n, inputs: []};
    })};
  },
};

/** Exponential mean with any `alpha`; `sma-seed` begins with the plain mean of so many values. */
export const alphaMean: FeatureKind = {
  kind: 'alphamean', outputs: ['alphamean'], windowNames: ['seedCount'], paramNames: ['alpha'], seeds: ['first-value', 'ewm-adjust'], conventions: {...prices, seed: 'sma-seed', scale: 'price'},
  build: (b, spec, from) => ({alphamean: smoothed(b, from.held('price'), {alpha: spec.params[0]!, periods: spec.windows[0]!, seed: spec.seed as Seed, step: 'pull'})}),
};
