import {add, atMost, div, equal, lessThan, max, mul, NOT_A_NUMBER, select, sqrt, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {markJumps, returns, sameRun} from './inputs.ts';
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

/** Moments of a series, summed as distances from an anchor. */
export const momentsOf = (b: ProgramBuilder, x: Series, ticks: number): Moments => {
  const {sums, anchor, start} = priceSums(b, x, ticks), name = x.key;
  const run = sameRun(b, x);
  markJumps(b, x);
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

/** Anchored sums of a series, its squares and its values times their place. */
export const priceSums = (b: ProgramBuilder, x: Series, ticks: number): ReturnType<typeof windowSums<'y' | 'yy' | 'ky'>> => windowSums(b, {
  name: `moments ${x.key}`, ticks, series: [x], isAnchored: true, usesPlace: true,
  terms: {y: ([y]) => y!, yy: ([y]) => square(y!), ky: ([y], place) => mul(place, y!)},
});

/** Sample or population deviation. */
export const deviation = (b: ProgramBuilder, of: Moments, ticks: number, ddof: number): Series => b.unit(`deviation ${of.squares.key} ddof ${ddof}`, (u) => as(
  `deviation ${of.squares.key} ddof ${ddof}`, u.let(sqrt(mul(of.squares.value, 1 / (ticks - ddof)))), of.squares.start, of.squares.inputs,
));

/** Slope of the least squares line through a window, a tick. */
export const slope = (b: ProgramBuilder, x: Series, ticks: number): Series => {
  const {sums, place, start} = priceSums(b, x, ticks), name = x.key;
  return b.unit(`slope ${name} ${ticks}`, (u) => as(
    `slope ${name} ${ticks}`, u.let(mul(sub(sums.ky, mul(u.let(sub(place, (ticks - 1) / 2)), sums.y)), 12 / (ticks * (ticks * ticks - 1)))), start, x.inputs,
  ));
};

/** Moments of the returns of two series over a window, per tick (divided by the number of ticks). */
export interface ReturnMoments {
  readonly mean: Series;
  readonly variance: Series;
  readonly third: Series;
  readonly otherVariance: Series;
  readonly covariance: Series;
}

/** Two series whose returns are looked at together. */
export interface Pair {readonly x: Series; readonly y: Series}

const returnSums = (b: ProgramBuilder, {x, y}: Pair, ticks: number): ReturnType<typeof windowSums<'r' | 'rr' | 'rrr' | 'b' | 'bb' | 'rb'>> => windowSums(b, {
  name: `returns (${x.key}, ${y.key})`, ticks, series: [returns(b, x), returns(b, y)], isAnchored: false, usesPlace: false,
  terms: {
    r: ([r]) => r!, rr: ([r]) => square(r!), rrr: ([r]) => mul(square(r!), r!), b: ([, o]) => o!, bb: ([, o]) => square(o!), rb: ([r, o]) => mul(r!, o!),
  },
});

const fourthSums = (b: ProgramBuilder, x: Series, ticks: number): ReturnType<typeof windowSums<'rrrr'>> => windowSums(b, {
  name: `fourth powers ${x.key}`, ticks, series: [returns(b, x)], isAnchored: false, usesPlace: false, terms: {rrrr: ([r]) => square(square(r!))},
});

export const returnMoments = (b: ProgramBuilder, pair: Pair, ticks: number): ReturnMoments => {
  const {x, y} = pair, {sums, start} = returnSums(b, pair, ticks);
  const run = sameRun(b, x), otherRun = sameRun(b, y);
  const own = x.inputs, both = [...own, ...y.inputs], names = `(${x.key}, ${y.key})`;
  return b.unit(`return moments ${ticks} ${names}`, (u) => {
    const mean = u.let(mul(sums.r, 1 / ticks)), other = u.let(mul(sums.b, 1 / ticks));
    const still = (value: Expression, sum: Expression, length: Series): Expression => u.let(select(atMost(length.value, ticks), u.let(max(value, 0)), select(equal(sum, sum), 0, NOT_A_NUMBER)));
    const variance = still(u.let(sub(mul(sums.rr, 1 / ticks), square(mean))), sums.rr, run);
    const otherVariance = still(u.let(sub(mul(sums.bb, 1 / ticks), square(other))), sums.bb, otherRun);
    const covariance = u.let(sub(mul(sums.rb, 1 / ticks), mul(mean, other)));
    const third = u.let(sub(sub(mul(sums.rrr, 1 / ticks), mul(mul(3, mean), variance)), mul(mean, square(mean))));
    const one = (name: string, value: Expression): Series => as(`${name} ${ticks} ${names}`, value, start, name === 'mean' || name === 'variance' || name === 'third' ? own : both);
    return {
      mean: one('mean', mean), variance: one('variance', variance), third: one('third', third), otherVariance: one('other variance', otherVariance),
      covariance: one('covariance', covariance),
    };
  });
};

/** Central fourth moment of the returns, from its own sums. */
export const fourthMoment = (b: ProgramBuilder, pair: Pair, ticks: number): Series => {
  const {sums} = fourthSums(b, pair.x, ticks), {mean, variance, third} = returnMoments(b, pair, ticks), key = `fourth ${ticks} ${pair.x.key}`;
  return b.unit(key, (u) => {
    const m = mean.value, mm = u.let(square(m));
    const value = sub(sub(sub(mul(sums.rrrr, 1 / ticks), mul(mul(4, m), third.value)), mul(mul(6, mm), variance.value)), mul(mm, mm));
    return as(key, u.let(value), variance.start, variance.inputs);
  });
};

/** What a ratio is when there is nothing to divide by. NaN in stays NaN. */
export type ZeroRule = 'nan' | 'zero' | 'half' | 'fifty' | 'hundred' | 'price';
const ZERO_VALUES: Readonly<Record<Exclude<ZeroRule, 'price'>, number>> = {nan: Number.NaN, zero: 0, half: 0.5, fifty: 50, hundred: 100};

/** `a / b`, or what the rule says where `b` is 0. */
export const ratio = (a: Expression, b: Expression, rule: ZeroRule, price?: Expression): Expression => select(equal(b, 0), rule === 'price' ? price! : ZERO_VALUES[rule], div(a, b));

/** Sums of two series themselves, each from an anchor of its own: means, spreads and what they have in common. */
export interface LevelMoments {
  readonly squares: Series;
  readonly otherSquares: Series;
  readonly products: Series;
}

export const levelMoments = (b: ProgramBuilder, {x, y}: Pair, ticks: number): LevelMoments => {
  const names = `(${x.key}, ${y.key})`;
  const {sums, start} = windowSums(b, {
    name: `levels ${names}`, ticks, series: [x, y], isAnchored: true, anchorCount: 2, usesPlace: false,
    terms: {x: ([v]) => v!, y: ([, o]) => o!, xx: ([v]) => square(v!), yy: ([, o]) => square(o!), xy: ([v, o]) => mul(v!, o!)},
  });
  const run = sameRun(b, x), otherRun = sameRun(b, y), both = [...x.inputs, ...y.inputs];
  markJumps(b, x);
  markJumps(b, y);
  return b.unit(`level moments ${ticks} ${names}`, (u) => {
    const mean = u.let(mul(sums.x, 1 / ticks)), other = u.let(mul(sums.y, 1 / ticks));
    const spread = (value: Expression, sum: Expression, length: Series): Expression => u.let(select(lessThan(length.value, ticks), u.let(max(value, 0)), select(equal(sum, sum), 0, NOT_A_NUMBER)));
    const one = (name: string, value: Expression): Series => as(`${name} ${ticks} ${names}`, value, start, both);
    return {
      squares: one('level squares', spread(u.let(sub(sums.xx, mul(mean, sums.x))), sums.xx, run)),
      otherSquares: one('other level squares', spread(u.let(sub(sums.yy, mul(other, sums.y))), sums.yy, otherRun)),
      products: one('level products', u.let(sub(sums.xy, mul(mean, sums.y)))),
    };
  });
};
