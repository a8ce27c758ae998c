import {lessThan, NOT_A_NUMBER, select, sqrt, type Expression} from '../ir/expression.ts';
import type {UnitWriter} from '../ir/program-builder.ts';

/**
 * A function of one number, made of operations that are rounded alike everywhere, so that every emitter gives the same bits. Within 2 ulp of the
 * correctly rounded value where nothing else is said; the methods are those of fdlibm.
 */
export type RealFunction = (u: UnitWriter, x: Expression) => Expression;

/** Square root; NaN below 0, where Python would raise. */
export const root: RealFunction = (u, x) => u.let(sqrt(select(lessThan(x, 0), NOT_A_NUMBER, x)));

/** c0 + x (c1 + x (c2 + ...)) */
export const polynomial = (u: UnitWriter, x: Expression, coefficients: readonly number[]): Expression => {
  let value: Expression = {k: 'const', value: coefficients.at(-1)!};
  for (const c of coefficients.slice(0, -1).reverse()) value = u.let({k: 'binary', op: '+', a: {k: 'const', value: c}, b: {k: 'binary', op: '*', a: x, b: value}});
  return value;
};
