import {abs, add, atMost, div, equal, lessThan, max, min, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';
import {polynomial, type RealFunction} from './real-function.ts';
import {rounded, truncated} from './rounding.ts';

const LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;
const P = [1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05, -1.65339022054652515390e-06, 4.13813679705723846039e-08];
const BITS = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/** 2 to the power of a whole number of at most 1023 either way. */
const powerOfTwo = (u: UnitWriter, k: Expression): Expression => {
  let rest: Expression = u.let(abs(k)), power: Expression = {k: 'const', value: 1};
  for (const bit of BITS) {
    power = u.let(select(atMost(bit, rest), mul(power, 2 ** bit), power));
    rest = u.let(select(atMost(bit, rest), sub(rest, bit), rest));
  }
  return u.let(select(lessThan(k, 0), div(1, power), power));
};

/** e to the power of x. */
export const exponential: RealFunction = (u, x) => {
  // beyond, the result is Infinity or 0 anyway
  const y = u.let(min(max(x, -800), 800));
  const k = rounded(u, u.let(mul(y, Math.LOG2E)));
  const high = u.let(sub(y, mul(k, LN2_HIGH))), low = u.let(mul(k, LN2_LOW));
  const r = u.let(sub(high, low)), t = u.let(mul(r, r));
  const c = u.let(sub(r, mul(t, polynomial(u, t, P))));
  const mantissa = u.let(sub(1, sub(sub(low, div(mul(r, c), sub(2, c))), high)));
  // in two steps, so that a result below the normal numbers is rounded once
  const half = truncated(u, u.let(mul(k, 0.5))), other = u.let(sub(k, half));
  const first = powerOfTwo(u, half);
  const second = u.let(select(equal(other, half), first, select(lessThan(half, other), mul(first, 2), mul(first, 0.5))));
  return u.let(mul(mul(mantissa, first), second));
};

/** Odd powers of the series of the hyperbolic sine, which is exact enough up to 1. */
const SINH = Array.from({length: 10}, (_, i) => 1 / Array.from({length: 2 * i + 3}, (__, j) => j + 1).reduce((a, b) => a * b, 1));

/** Half of e to the power of a size, also where the whole one would be beyond the largest double. */
const halfPower = (u: UnitWriter, size: Expression): Expression => {
  const root = exponential(u, u.let(mul(size, 0.5)));
  return u.let(mul(mul(0.5, root), root));
};

/** The hyperbolic ones: within 4 ulp. */
export const hyperbolicSine: RealFunction = (u, x) => {
  const size = u.let(abs(x)), power = exponential(u, size), xx = u.let(mul(x, x));
  const small = u.let(add(x, mul(mul(x, xx), polynomial(u, xx, SINH))));
  const large = u.let(select(lessThan(700, size), halfPower(u, size), mul(0.5, sub(power, div(1, power)))));
  return u.let(select(lessThan(size, 1), small, select(lessThan(x, 0), sub(0, large), large)));
};
export const hyperbolicCosine: RealFunction = (u, x) => {
  const size = u.let(abs(x)), power = exponential(u, size);
  return u.let(select(lessThan(700, size), halfPower(u, size), mul(0.5, add(power, div(1, power)))));
};
export const hyperbolicTangent: RealFunction = (u, x) => {
  const y = u.let(min(max(x, -30), 30));
  return u.let(div(hyperbolicSine(u, y), hyperbolicCosine(u, y)));
};
