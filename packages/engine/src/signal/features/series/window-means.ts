import {abs, add, lessThan, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {recorded} from './inputs.ts';
import type {Series} from './series.ts';
import {windowSums} from './window-sums.ts';

/** Sum of the last n values of any series. */
export const windowSum = (b: ProgramBuilder, x: Series, ticks: number): Series => {
  const {sums, start} = windowSums(b, {name: `of ${x.key}`, ticks, series: [x], isAnchored: false, usesPlace: false, terms: {x: ([v]) => v!}});
  return {key: `sum ${ticks} ${x.key}`, value: sums.x, start, inputs: x.inputs};
};

export const windowMean = (b: ProgramBuilder, x: Series, ticks: number): Series => {
  const sum = windowSum(b, x, ticks);
  return b.unit(`mean ${sum.key}`, (u) => ({...sum, key: `mean ${ticks} ${x.key}`, value: u.let(mul(sum.value, 1 / ticks))}));
};

/** Mean with weights 1 for the oldest to n for the newest. */
export const weightedMean = (b: ProgramBuilder, x: Series, ticks: number): Series => {
  const {sums, place, start} = windowSums(b, {name: `weighted ${x.key}`, ticks, series: [x], isAnchored: false, usesPlace: true, terms: {y: ([v]) => v!, ky: ([v], k) => mul(k, v!)}});
  const key = `weighted ${ticks} ${x.key}`;
  return b.unit(key, (u) => ({key, value: u.let(mul(add(sums.ky, mul(u.let(sub(ticks, place)), sums.y)), 2 / (ticks * (ticks + 1)))), start, inputs: x.inputs}));
};

/** Mean distance of the last n values from their own mean: looks at each of them on every tick. */
export const meanDistance = (b: ProgramBuilder, x: Series, ticks: number): Series => {
  const mean = windowMean(b, x, ticks), field = recorded(b, x), key = `mean distance ${ticks} ${x.key}`;
  return b.unit(key, (u) => {
    const slot = u.slot();
    u.set(slot, 0);
    u.loop(ticks, () => { u.set(slot, add(u.load(slot), abs(sub({k: 'visited', field}, mean.value)))); });
    return {key, value: u.let(mul(u.load(slot), 1 / ticks)), start: mean.start, inputs: x.inputs};
  });
};

/** One of two values, by the sign of a difference. */
export const bySign = (difference: Expression, up: Expression | number, down: Expression | number): Expression => select(lessThan(0, difference), up, select(lessThan(difference, 0), down, 0));
