import {add, atMost, div, equal, lessThan, mul, NOT_A_NUMBER, select, sub, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';
import {polynomial, type RealFunction} from './real-function.ts';

const LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;
const ODD = [6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01];
const EVEN = [3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01];
const BITS = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/** x = mantissa * 2^exponent with 1 <= mantissa < 2, for positive finite x. */
const split = (u: UnitWriter, x: Expression): {mantissa: Expression; exponent: Expression} => {
  // numbers below the normal ones first become normal
  const isSmall = lessThan(x, 2 ** -1022);
  let m: Expression = u.let(select(isSmall, mul(x, 2 ** 54), x)), e: Expression = u.let(select(isSmall, -54, 0));
  for (const bit of BITS) {
    const isLarge = atMost(2 ** bit, m), isLow = lessThan(m, 2 ** (1 - bit));
    e = u.let(select(isLarge, add(e, bit), select(isLow, sub(e, bit), e)));
    m = u.let(select(isLarge, mul(m, 2 ** -bit), select(isLow, mul(m, 2 ** bit), m)));
  }
  return {mantissa: m, exponent: e};
};

/** Logarithm of a mantissa near 1, plus that of 2^k. */
const logOfParts = (u: UnitWriter, mantissa: Expression, k: Expression): Expression => {
  const f = u.let(sub(mantissa, 1)), s = u.let(div(f, add(f, 2))), z = u.let(mul(s, s)), w = u.let(mul(z, z));
  const r = u.let(add(mul(z, polynomial(u, w, ODD)), mul(w, polynomial(u, w, EVEN))));
  const half = u.let(mul(mul(0.5, f), f));
  return u.let(sub(mul(k, LN2_HIGH), sub(sub(half, add(mul(s, add(half, r)), mul(k, LN2_LOW))), f)));
};

const guarded = (u: UnitWriter, x: Expression, value: Expression): Expression => u.let(select(
  lessThan(0, x), select(lessThan(x, Number.POSITIVE_INFINITY), value, x), select(equal(x, 0), Number.NEGATIVE_INFINITY, NOT_A_NUMBER),
));

export const logarithm: RealFunction = (u, x) => {
  const {mantissa, exponent} = split(u, x), isHigh = lessThan(Math.SQRT2, mantissa);
  const m = u.let(select(isHigh, mul(mantissa, 0.5), mantissa)), k = u.let(select(isHigh, add(exponent, 1), exponent));
  return guarded(u, x, logOfParts(u, m, k));
};

const LOG10_2_HIGH = 3.01029995663611771306e-01, LOG10_2_LOW = 3.69423907715893078616e-13, INVERSE_LN10 = 4.34294481903251816668e-01;

/** Exact at the whole powers of ten. */
export const logarithm10: RealFunction = (u, x) => {
  const {mantissa, exponent} = split(u, x), isNegative = lessThan(exponent, 0);
  const k = u.let(select(isNegative, add(exponent, 1), exponent)), m = u.let(select(isNegative, mul(mantissa, 0.5), mantissa));
  const isHigh = lessThan(Math.SQRT2, m), isLow = lessThan(m, Math.SQRT1_2);
  const near = u.let(select(isHigh, mul(m, 0.5), select(isLow, mul(m, 2), m))), shift = u.let(select(isHigh, 1, select(isLow, -1, 0)));
  const rest = u.let(add(mul(k, LOG10_2_LOW), mul(INVERSE_LN10, logOfParts(u, near, shift))));
  return guarded(u, x, u.let(add(rest, mul(k, LOG10_2_HIGH))));
};
