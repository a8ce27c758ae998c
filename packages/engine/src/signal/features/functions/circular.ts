import {abs, add, atMost, div, equal, lessThan, mul, NOT_A_NUMBER, select, sub, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';
import {polynomial, type RealFunction} from './real-function.ts';
import {floor, rounded} from './rounding.ts';

/** Up to here an angle is reduced without loss; beyond, the functions are NaN rather than wrong. */
export const ANGLE_MAX = 2 ** 19 * (Math.PI / 2);

/** π/2 in parts of 33 bits, each with what is left of it. */
const PARTS = [
  [1.57079632673412561417, 6.07710050650619224932e-11], [6.07710050630396597660e-11, 2.02226624879595063154e-21], [2.02226624871116645580e-21, 8.47842766036889956997e-32],
] as const;

/** x less whole quarter turns, with the low bits beside it, and the number of quarters modulo 4. */
const reduced = (u: UnitWriter, x: Expression): {high: Expression; low: Expression; quarter: Expression} => {
  const n = rounded(u, u.let(mul(x, 2 / Math.PI)));
  let rest: Expression = u.let(sub(x, mul(n, PARTS[0][0]))), less: Expression = u.let(mul(n, PARTS[0][1]));
  for (const [part, left] of PARTS.slice(1)) {
    const before = rest, taken = u.let(mul(n, part));
    rest = u.let(sub(before, taken));
    less = u.let(sub(mul(n, left), sub(sub(before, rest), taken)));
  }
  const high = u.let(sub(rest, less)), low = u.let(sub(sub(rest, high), less));
  return {high, low, quarter: u.let(sub(n, mul(4, floor(u, u.let(mul(n, 0.25))))))};
};

const SIN = [8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10];
const COS = [4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05, -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11];
const SIN_FIRST = -1.66666666666666324348e-01;

/** Sine and cosine of at most an eighth of a turn. */
const kernels = (u: UnitWriter, x: Expression, y: Expression): {sine: Expression; cosine: Expression} => {
  const z = u.let(mul(x, x)), v = u.let(mul(z, x)), r = polynomial(u, z, SIN);
  const sine = u.let(sub(x, sub(sub(mul(z, sub(mul(0.5, y), mul(v, r))), y), mul(v, SIN_FIRST))));
  const half = u.let(mul(0.5, z)), w = u.let(sub(1, half));
  const cosine = u.let(add(w, add(sub(sub(1, w), half), sub(mul(mul(z, z), polynomial(u, z, COS)), mul(x, y)))));
  return {sine, cosine};
};

const turned = (u: UnitWriter, x: Expression): {sine: Expression; cosine: Expression} => {
  const {high, low, quarter} = reduced(u, x), {sine: s, cosine: c} = kernels(u, high, low);
  const pick = (a: Expression, b: Expression, d: Expression, e: Expression): Expression => u.let(select(
    atMost(abs(x), ANGLE_MAX), select(equal(quarter, 0), a, select(equal(quarter, 1), b, select(equal(quarter, 2), d, e))), NOT_A_NUMBER,
  ));
  const minusS = u.let(sub(0, s)), minusC = u.let(sub(0, c));
  return {sine: pick(s, c, minusS, minusC), cosine: pick(c, minusS, minusC, s)};
};

/** Of an angle in radians, at most `ANGLE_MAX` from 0. */
export const sine: RealFunction = (u, x) => turned(u, x).sine;
export const cosine: RealFunction = (u, x) => turned(u, x).cosine;
export const tangent: RealFunction = (u, x) => {
  const {sine: s, cosine: c} = turned(u, x);
  return u.let(div(s, c));
};

const ATAN = [
  3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01, -1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02,
  6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02, -3.65315727442169155270e-02, 1.62858201153657823623e-02,
];
const ATAN_AT = [[4.63647609000806093515e-01, 2.26987774529616870924e-17], [7.85398163397448278999e-01, 3.06161699786838301793e-17], [9.82793723247329054082e-01, 1.39033110312309984516e-17], [1.57079632679489655800, 6.12323399573676603587e-17]] as const;

export const arcTangent: RealFunction = (u, x) => {
  const a = u.let(abs(x));
  const near = <T extends Expression | number>(values: readonly [T, T, T, T, T]): Expression => u.let(select(
    lessThan(a, 7 / 16), values[0], select(lessThan(a, 11 / 16), values[1], select(lessThan(a, 19 / 16), values[2], select(lessThan(a, 39 / 16), values[3], values[4]))),
  ));
  const y = near<Expression>([a, div(sub(mul(2, a), 1), add(2, a)), div(sub(a, 1), add(a, 1)), div(sub(a, 1.5), add(1, mul(1.5, a))), div(-1, a)]);
  const z = u.let(mul(y, y)), off = u.let(mul(mul(y, z), polynomial(u, z, ATAN)));
  const high = near([0, ATAN_AT[0][0], ATAN_AT[1][0], ATAN_AT[2][0], ATAN_AT[3][0]]), low = near([0, ATAN_AT[0][1], ATAN_AT[1][1], ATAN_AT[2][1], ATAN_AT[3][1]]);
  const size = u.let(sub(high, sub(sub(off, low), y)));
  return u.let(select(lessThan(x, 0), sub(0, size), size));
};
