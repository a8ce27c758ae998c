import type {InputField} from '../../tick.ts';
import {add, atMost, div, equal, lessThan, max, mul, NOT_A_NUMBER, select, sqrt, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {raw, returns, sameRun} from './inputs.ts';
import type {Series} from './series.ts';
import {square, windowSums} from './window-sums.ts';

/** Mean and central second moment of a window. */
export interface Moments {
  readonly mean: Series;
  /** sum of squared distances from the mean; exactly 0 while all values of the window are equal */
  readonly squares: Series;
  /** newest value less the mean, taken from the anchored sums: exact where the values are large and close together */
  readonly distance: Series;
}

const as = (key: string, value: Expression, start: number, inputs: readonly number[]): Series => ({key, value, start, inputs});

/** Moments of an input, summed as distances from an anchor. */
export const inputMoments = (b: ProgramBuilder, name: InputField, ticks: number): Moments => {
  const x = raw(b, name);
  const {sums, anchor, start} = priceSums(b, name, ticks);
  const run = sameRun(b, x);
  return b.unit(`moments ${name} ${ticks}`, (u) => {
    const off = u.let(mul(sums.y, 1 / ticks));
    const mean = u.let(add(anchor, off));
    const spread = u.let(max(sub(sums.yy, mul(off, sums.y)), 0));
    // what the sums carry beyond their window is rounding; equal prices have no spread at all
    const squares = u.let(select(lessThan(run.value, ticks), spread, select(equal(sums.y, sums.y), 0, NOT_A_NUMBER)));
    return {
      mean: as(`mean ${name} ${ticks}`, mean, start, x.inputs), squares: as(`squares ${name} ${ticks}`, squares, start, x.inputs),
      distance: as(`distance ${name} ${ticks}`, u.let(sub(sub(x.value, anchor), off)), start, x.inputs),
    };
  });
};

/** Anchored sums of an input, its squares and its values times their place. */
export const priceSums = (b: ProgramBuilder, name: InputField, ticks: number): ReturnType<typeof windowSums<'y' | 'yy' | 'ky'>> => windowSums(b, {
  name: `moments ${name}`, ticks, series: [raw(b, name)], isAnchored: true, usesPlace: true,
  terms: {y: ([y]) => y!, yy: ([y]) => square(y!), ky: ([y], place) => mul(place, y!)},
});

/** Sample or population deviation. */
export const deviation = (b: ProgramBuilder, of: Moments, ticks: number, ddof: number): Series => b.unit(`deviation ${of.squares.key} ddof ${ddof}`, (u) => as(
  `deviation ${of.squares.key} ddof ${ddof}`, u.let(sqrt(mul(of.squares.value, 1 / (ticks - ddof)))), of.squares.start, of.squares.inputs,
));

/** Slope of the least squares line through a window, a tick. */
export const slope = (b: ProgramBuilder, name: InputField, ticks: number): Series => {
  const {sums, place, start} = priceSums(b, name, ticks);
  return b.unit(`slope ${name} ${ticks}`, (u) => as(
    `slope ${name} ${ticks}`, u.let(mul(sub(sums.ky, mul(u.let(sub(place, (ticks - 1) / 2)), sums.y)), 12 / (ticks * (ticks * ticks - 1)))), start, raw(b, name).inputs,
  ));
};

/** Moments of the returns of price and reference over a window, per tick (divided by the number of ticks). */
export interface ReturnMoments {
  readonly mean: Series;
  readonly variance: Series;
  readonly third: Series;
  readonly otherVariance: Series;
  readonly covariance: Series;
}

const returnSums = (b: ProgramBuilder, ticks: number): ReturnType<typeof windowSums<'r' | 'rr' | 'rrr' | 'b' | 'bb' | 'rb'>> => windowSums(b, {
  name: 'returns', ticks, series: [returns(b, 'price'), returns(b, 'reference')], isAnchored: false, usesPlace: false,
  terms: {
    r: ([r]) => r!, rr: ([r]) => square(r!), rrr: ([r]) => mul(square(r!), r!), b: ([, o]) => o!, bb: ([, o]) => square(o!), rb: ([r, o]) => mul(r!, o!),
  },
});

const fourthSums = (b: ProgramBuilder, ticks: number): ReturnType<typeof windowSums<'rrrr'>> => windowSums(b, {
  name: 'fourth powers', ticks, series: [returns(b, 'price')], isAnchored: false, usesPlace: false, terms: {rrrr: ([r]) => square(square(r!))},
});

export const returnMoments = (b: ProgramBuilder, ticks: number): ReturnMoments => {
  const {sums, start} = returnSums(b, ticks);
  const run = sameRun(b, raw(b, 'price')), otherRun = sameRun(b, raw(b, 'reference'));
  const own = raw(b, 'price').inputs, both = [...own, ...raw(b, 'reference').inputs];
  return b.unit(`return moments ${ticks}`, (u) => {
    const mean = u.let(mul(sums.r, 1 / ticks)), other = u.let(mul(sums.b, 1 / ticks));
    const still = (value: Expression, sum: Expression, length: Series): Expression => u.let(select(atMost(length.value, ticks), u.let(max(value, 0)), select(equal(sum, sum), 0, NOT_A_NUMBER)));
    const variance = still(u.let(sub(mul(sums.rr, 1 / ticks), square(mean))), sums.rr, run);
    const otherVariance = still(u.let(sub(mul(sums.bb, 1 / ticks), square(other))), sums.bb, otherRun);
    const covariance = u.let(sub(mul(sums.rb, 1 / ticks), mul(mean, other)));
    const third = u.let(sub(sub(mul(sums.rrr, 1 / ticks), mul(mul(3, mean), variance)), mul(mean, square(mean))));
    const one = (name: string, value: Expression): Series => as(`${name} ${ticks}`, value, start, name === 'mean' || name === 'variance' || name === 'third' ? own : both);
    return {
      mean: one('mean', mean), variance: one('variance', variance), third: one('third', third), otherVariance: one('other variance', otherVariance),
      covariance: one('covariance', covariance),
    };
  });
};

/** Central fourth moment of the returns, from its own sums. */
export const fourthMoment = (b: ProgramBuilder, ticks: number): Series => {
  const {sums} = fourthSums(b, ticks), {mean, variance, third} = returnMoments(b, ticks);
  return b.unit(`fourth ${ticks}`, (u) => {
    const m = mean.value, mm = u.let(square(m));
    const value = sub(sub(sub(mul(sums.rrrr, 1 / ticks), mul(mul(4, m), third.value)), mul(mul(6, mm), variance.value)), mul(mm, mm));
    return as(`fourth ${ticks}`, u.let(value), variance.start, variance.inputs);
  });
};

/** What a ratio is when there is nothing to divide by. NaN in stays NaN. */
export type ZeroRule = 'nan' | 'zero' | 'half' | 'fifty' | 'hundred' | 'price';
const ZERO_VALUES: Readonly<Record<Exclude<ZeroRule, 'price'>, number>> = {nan: Number.NaN, zero: 0, half: 0.5, fifty: 50, hundred: 100};

/** `a / b`, or what the rule says where `b` is 0. */
export const ratio = (a: Expression, b: Expression, rule: ZeroRule, price?: Expression): Expression => select(equal(b, 0), rule === 'price' ? price! : ZERO_VALUES[rule], div(a, b));
