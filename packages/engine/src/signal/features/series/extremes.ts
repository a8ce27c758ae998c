import {add, before, NOT_A_NUMBER, select, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import {lagged} from './inputs.ts';
import type {Series} from './series.ts';

/** NaN while an input within the last `ticks` ticks was not finite; costs nothing in the steady version. */
export const masked = (value: Expression, inputs: readonly number[], ticks: number): Expression => inputs.reduce<Expression>((inner, input) => select({k: 'missing', input, ticks}, NOT_A_NUMBER, inner), value);

/** Highest or lowest of the last `ticks` values; NaN while one of them is missing. */
export const extreme = (b: ProgramBuilder, side: 'max' | 'min', x: Series, ticks: number): Series => slide(b, side, x, {ticks, wantsAge: false});

/** How many ticks ago the extreme of the last `ticks` values was, the newest of equals. */
export const extremeAge = (b: ProgramBuilder, side: 'max' | 'min', x: Series, ticks: number): Series => slide(b, side, x, {ticks, wantsAge: true});

/** One deque serves all windows over a series. */
const dequeOf = (b: ProgramBuilder, side: 'max' | 'min', x: Series): number => b.once(`deque ${side} ${x.key}`, () => {
  const deque = b.newDeque(side);
  b.unit(`deque ${side} ${x.key}`, (u) => { u.push({k: 'slide', deque, value: select(before(x.start), 0, x.value), isOfInput: x.value.k === 'input', mayBeBad: true}); });
  return deque;
});

const slide = (b: ProgramBuilder, side: 'max' | 'min', x: Series, {ticks, wantsAge}: {ticks: number; wantsAge: boolean}): Series => {
  const deque = dequeOf(b, side, x), key = `${side}${wantsAge ? ' age' : ''} ${x.key} ${ticks}`;
  return b.unit(key, (u) => {
    const id = b.newVariable(), idAge = wantsAge ? b.newVariable() : null;
    u.push({k: 'extreme', deque, head: b.newHead(deque, ticks), ticks, id, idAge, isOfInput: x.value.k === 'input', mayBeEmpty: true});
    return {key, value: u.let(masked({k: 'var', id: idAge ?? id}, x.inputs, ticks)), start: x.start + ticks - 1, inputs: x.inputs};
  });
};

/** The last `ticks` values in order. */
export const sortedWindow = (b: ProgramBuilder, x: Series, ticks: number): number => b.once(`sorted ${x.key} ${ticks}`, () => {
  const area = b.newArea(ticks);
  const old = lagged(b, x, ticks).value;
  b.unit(`sorted ${x.key} ${ticks}`, (u) => {
    const finite = (v: Expression): Expression => select({k: 'compare', op: '==', a: {k: 'binary', op: '-', a: v, b: v}, b: {k: 'const', value: 0}}, v, Number.POSITIVE_INFINITY);
    const leaving = u.let(old);
    u.push({k: 'sorted', area, ticks, value: u.let(finite(x.value)), leaving: u.let(select(before(x.start + ticks), Number.POSITIVE_INFINITY, finite(leaving)))});
  });
  return area;
});

const orderUnit = <T>(b: ProgramBuilder, x: Series, ticks: number, key: string, write: (u: UnitWriter, area: number) => T): T => {
  const area = sortedWindow(b, x, ticks);
  return b.unit(`${key} ${x.key} ${ticks}`, (u) => write(u, area));
};

/** Linear between neighbours at `(n - 1) * q`, as numpy and pandas. */
export const quantile = (b: ProgramBuilder, x: Series, ticks: number, q: number): Series => orderUnit(b, x, ticks, `quantile ${q}`, (u, area) => {
  const at = (place: number): Expression => {
    const id = b.newVariable();
    u.push({k: 'at', id, area, place});
    return {k: 'var', id};
  };
  const position = (ticks - 1) * q, below = Math.floor(position), part = position - below;
  const low = at(below);
  const between = part === 0 ? low : (() => {
    const high = at(below + 1);
    return add(low, {k: 'binary', op: '*', a: {k: 'binary', op: '-', a: high, b: low}, b: {k: 'const', value: part}});
  })();
  return {key: `quantile ${q} ${x.key} ${ticks}`, value: u.let(masked(between, x.inputs, ticks)), start: x.start + ticks - 1, inputs: x.inputs};
});

/** Place of the newest value among the last `ticks`, 1 for the lowest; equals share the mean of their places, as pandas `rank()`. */
export const rank = (b: ProgramBuilder, x: Series, ticks: number): Series => orderUnit(b, x, ticks, 'rank', (u, area) => {
  const id = b.newVariable(), idEqual = b.newVariable();
  u.push({k: 'rank', id, idEqual, area, ticks, value: x.value});
  const place = add({k: 'var', id}, {k: 'binary', op: '*', a: add({k: 'var', id: idEqual}, 1), b: {k: 'const', value: 0.5}});
  return {key: `rank ${x.key} ${ticks}`, value: u.let(masked(place, x.inputs, ticks)), start: x.start + ticks - 1, inputs: x.inputs};
});
