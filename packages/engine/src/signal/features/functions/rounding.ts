import {abs, add, atMost, lessThan, select, sub, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';
import type {RealFunction} from './real-function.ts';

/** From here on every double is whole; adding and taking it away rounds smaller ones to whole numbers. */
const WHOLE = 2 ** 52;

/** Size of x without its fraction, and that size rounded to even. */
const parts = (u: UnitWriter, x: Expression): {size: Expression; whole: Expression} => {
  const size = u.let(abs(x));
  const even = u.let(select(lessThan(size, WHOLE), sub(add(size, WHOLE), WHOLE), size));
  return {size, whole: u.let(select(lessThan(size, even), sub(even, 1), even))};
};
const signed = (x: Expression, size: Expression): Expression => select(lessThan(x, 0), sub(0, size), size);

/** Towards zero. */
export const truncated: RealFunction = (u, x) => u.let(signed(x, parts(u, x).whole));
export const floor: RealFunction = (u, x) => {
  const whole = truncated(u, x);
  return u.let(select(lessThan(x, whole), sub(whole, 1), whole));
};
export const ceiling: RealFunction = (u, x) => {
  const whole = truncated(u, x);
  return u.let(select(lessThan(whole, x), add(whole, 1), whole));
};
/** To the nearest whole number, halves away from zero. */
export const rounded: RealFunction = (u, x) => {
  const {size, whole} = parts(u, x);
  return u.let(signed(x, u.let(select(atMost(0.5, sub(size, whole)), add(whole, 1), whole))));
};
