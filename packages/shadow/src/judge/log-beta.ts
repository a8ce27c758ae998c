/**
 * Gamma, beta and regularised incomplete beta functions in logarithms, so that counts of 10^9 neither overflow nor underflow.
 * Absolute error of a logarithm: below 1e-12 for arguments up to 10^3, below 1e-6 up to 10^9 (cancellation of large terms).
 */

const STIRLING_FROM = 15;
const HALF_LN_TWO_PI = 0.9189385332046727;
/** The fraction needs about 3 * sqrt(a + b) steps; this covers 10^10 samples. */
const FRACTION_STEPS_MAX = 1_000_000;
const FRACTION_EPSILON = 1e-15;
const FRACTION_TINY = 1e-300;

/** ln Γ(x) for x > 0 (Stirling's series after shifting small arguments upwards). */
export function lnGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * 691 / 360360)))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LN_TWO_PI + series - Math.log(product);
}

/** ln B(a, b) for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** ln(1 - e^x) for x <= 0, without cancellation at either end. */
export function lnOneMinusExp(x: number): number {
  if (x >= 0) return -Infinity;
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

export interface IncompleteBeta {
  /** ln I_x(a, b) */
  readonly lnLower: number;
  /** ln (1 - I_x(a, b)) */
  readonly lnUpper: number;
}

/** Both tails of the regularised incomplete beta function, each exact in its own small range. 0 < x < 1, a, b > 0. */
export function lnIncompleteBeta(x: number, a: number, b: number): IncompleteBeta {
  const lnFront = a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const lnLower = Math.min(0, lnFront - Math.log(a) + Math.log(continuedFraction(x, a, b)));
    return {lnLower, lnUpper: lnOneMinusExp(lnLower)};
  }
  const lnUpper = Math.min(0, lnFront - Math.log(b) + Math.log(continuedFraction(1 - x, b, a)));
  return {lnLower: lnOneMinusExp(lnUpper), lnUpper};
}

/** Lentz's method for the continued fraction of the incomplete beta function (DLMF 8.17.22). */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
  let value = d;
  for (let m = 1; m <= FRACTION_STEPS_MAX; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < FRACTION_EPSILON) return value;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < FRACTION_TINY ? FRACTION_TINY : value;
}
