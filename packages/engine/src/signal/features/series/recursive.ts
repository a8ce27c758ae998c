import {add, before, div, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import type {Series} from './series.ts';

/**
 * How a recursive mean begins: with its first value; with the plain mean of its first `n` values (NaN before); or with weights that always add up
 * to one (pandas `adjust=True`).
 */
export type Seed = 'first-value' | 'sma-seed' | 'ewm-adjust';
/** Order of operations: `a*x + (1-a)*prev` as pandas, `prev + a*(x-prev)` as TA-Lib, `(prev*(n-1) + x)/n` as Wilder's text. */
export type Step = 'blend' | 'pull' | 'wilder';

export interface Smoothing {
  readonly alpha: number;
  readonly periods: number;
  readonly seed: Seed;
  readonly step: Step;
  /** values in the plain mean that `sma-seed` begins with, where it is not `periods` */
  readonly seedCount?: number;
}

/** alpha = 2 / (n + 1) */
export const spanOf = (periods: number, seed: Seed = 'first-value', step: Step = 'blend'): Smoothing => ({alpha: 2 / (periods + 1), periods, seed, step});
/** alpha = 1 / n */
export const wilderOf = (periods: number, seed: Seed = 'first-value', step: Step = 'blend'): Smoothing => ({alpha: 1 / periods, periods, seed, step});

const advance = (x: Expression, last: Expression, {alpha, periods, step}: Smoothing): Expression => {
  if (step === 'pull') return add(mul(sub(x, last), alpha), last);
  if (step === 'wilder') return div(add(mul(last, periods - 1), x), periods);
  return add(mul(alpha, x), mul(1 - alpha, last));
};

/** Young ticks of a mean that begins as a plain one: the slot gathers the sum first. */
const seeded = (u: UnitWriter, x: Series, how: Smoothing): Series & {slot: number} => {
  const slot = u.slot(), count = how.seedCount ?? how.periods, first = x.start + count - 1;
  const last = u.let(u.load(slot));
  const sum = add(select(before(x.start + 1), 0, last), x.value);
  const whole = u.let(select(before(first), sum, select(before(first + 1), div(sum, count), advance(x.value, last, how))));
  u.set(slot, whole);
  return {key: '', value: whole, start: first, inputs: [], slot};
};

/** pandas `ewm(adjust=True)`: a weight that grows towards 1/alpha stands beside the mean. */
const adjusted = (u: UnitWriter, x: Series, how: Smoothing): Expression => {
  const mean = u.slot(), weight = u.slot();
  const last = u.let(u.load(mean));
  const old = u.let(mul(u.load(weight), 1 - how.alpha));
  const value = u.let(select(before(x.start + 1), x.value, select({k: 'compare', op: '==', a: last, b: x.value}, last, div(add(mul(old, last), x.value), add(old, 1)))));
  u.set(mean, value);
  u.set(weight, select(before(x.start + 1), 1, add(old, 1)));
  return value;
};

/** Exponential mean of a series that is never NaN (see `held`). */
export const smoothed = (b: ProgramBuilder, x: Series, how: Smoothing): Series => {
  const key = `smooth ${how.seed}${how.seedCount === undefined ? '' : ` of ${how.seedCount}`} ${how.step} ${how.alpha} ${how.seed === 'first-value' ? '' : how.periods} (${x.key})`;
  return b.unit(key, (u) => {
    if (how.seed === 'sma-seed') return {...seeded(u, x, how), key};
    if (how.seed === 'ewm-adjust') return {key, value: adjusted(u, x, how), start: x.start, inputs: []};
    const slot = u.slot();
    const value = u.let(select(before(x.start + 1), x.value, advance(x.value, u.load(slot), how)));
    u.set(slot, value);
    return {key, value, start: x.start, inputs: []};
  });
};

/** Wilder's running sum: begins as the plain sum of the first `count` values, then loses its n-th part with each that comes. */
export const wilderSum = (b: ProgramBuilder, x: Series, periods: number, count: number): Series => {
  const key = `wilder sum ${periods} ${count} (${x.key})`;
  return b.unit(key, (u) => {
    const slot = u.slot(), last = u.let(u.load(slot)), first = x.start + count;
    const value = u.let(select(before(x.start + 1), x.value, add(select(before(first), last, sub(last, div(last, periods))), x.value)));
    u.set(slot, value);
    return {key, value, start: first - 1, inputs: []};
  });
};

/** Running total from the first tick on, with the lost low bits kept beside it. */
export const total = (b: ProgramBuilder, x: Series): Series => b.unit(`total ${x.key}`, (u) => {
  const sum = u.slot(), lost = u.slot();
  const y = u.let(sub(select(before(x.start), 0, x.value), u.load(lost)));
  const old = u.let(u.load(sum));
  const now = u.let(add(old, y));
  u.set(sum, now);
  u.set(lost, sub(sub(now, old), y));
  return {key: `total ${x.key}`, value: now, start: x.start, inputs: []};
});
