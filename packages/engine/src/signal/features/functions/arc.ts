import {abs, add, div, equal, lessThan, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';
import {polynomial, root, type RealFunction} from './real-function.ts';

const PS = [1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01, -4.00555345006794114027e-02, 7.91534994289814532176e-04, 3.47933107596021167570e-05];
const QS = [1, -2.40339491173441421878, 2.02094576023350569471, -6.88283971605453293030e-01, 7.70381505559019352791e-02];
const HALF_HIGH = 1.57079632679489655800, HALF_LOW = 6.12323399573676603587e-17;

const quotient = (u: UnitWriter, z: Expression): Expression => u.let(mul(z, div(polynomial(u, z, PS), polynomial(u, z, QS))));
/** The upper half of the bits, so that its square is exact. */
const upper = (u: UnitWriter, x: Expression): Expression => {
  const c = u.let(mul(x, 134_217_729));
  return u.let(sub(c, sub(c, x)));
};

/** What the functions need beyond a half: the root of half the distance from 1, in two parts. */
const nearOne = (u: UnitWriter, size: Expression): {root: Expression; head: Expression; tail: Expression; r: Expression} => {
  const z = u.let(mul(sub(1, size), 0.5)), s = root(u, z), head = upper(u, s), all = u.let(add(s, head));
  return {root: s, head, tail: u.let(select(equal(all, 0), 0, div(sub(z, mul(head, head)), all))), r: quotient(u, z)};
};

/** NaN outside -1..1. */
export const arcSine: RealFunction = (u, x) => {
  const size = u.let(abs(x)), small = u.let(add(x, mul(x, quotient(u, u.let(mul(x, x))))));
  const {root: s, head, tail, r} = nearOne(u, size);
  const p = u.let(sub(mul(mul(2, s), r), sub(HALF_LOW, mul(2, tail)))), q = u.let(sub(HALF_HIGH / 2, mul(2, head)));
  const large = u.let(sub(HALF_HIGH / 2, sub(p, q)));
  return u.let(select(lessThan(size, 0.5), small, select(lessThan(x, 0), sub(0, large), large)));
};

export const arcCosine: RealFunction = (u, x) => {
  const size = u.let(abs(x)), small = u.let(sub(HALF_HIGH, sub(x, sub(HALF_LOW, mul(x, quotient(u, u.let(mul(x, x))))))));
  const {root: s, head, tail, r} = nearOne(u, size);
  const w = u.let(sub(mul(r, s), HALF_LOW)), below = u.let(sub(2 * HALF_HIGH, mul(2, add(s, w))));
  const above = u.let(mul(2, add(head, add(mul(r, s), tail))));
  return u.let(select(lessThan(size, 0.5), small, select(lessThan(x, 0), below, above)));
};
