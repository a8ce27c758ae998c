import {INPUT_FIELDS, type InputField} from '../../tick.ts';
import {abs, add, before, div, equal, max, min, mul, past, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import type {Series} from './series.ts';

/** A column of a tick or bar. `open` comes last and only programs that read it have it in their mailbox. */
export type ColumnName = InputField | 'open';
export const COLUMN_NAMES: readonly ColumnName[] = [...INPUT_FIELDS, 'open'];

/** An input as it came: NaN and Infinity included. */
export const raw = (b: ProgramBuilder, name: ColumnName): Series => {
  const field = COLUMN_NAMES.indexOf(name);
  b.inputs.add(field);
  return {key: name, value: {k: 'input', field}, start: 0, inputs: [field]};
};

/** An input in which the last finite value stands in for one that is not: what recursive features read, so that a bad tick cannot stay in them. */
export const held = (b: ProgramBuilder, name: ColumnName): Series => {
  const x = raw(b, name);
  return b.unit(`held ${name}`, (u) => {
    const slot = u.slot();
    u.careful(() => {
      // x - x is 0 for finite numbers alone
      u.when(equal(sub(x.value, x.value), 0), () => { u.set(slot, x.value); });
    });
    // the steady version need not keep it: a bad tick is always a careful one, and the record before it is the last good one
    const value = u.let({k: 'reload', slot, value: x.value});
    u.set(slot, value);
    return {key: `held ${name}`, value, start: 0, inputs: [], column: x};
  });
};

/** Any expression of other series; what they are is part of its key. */
export const derive = (b: ProgramBuilder, name: string, from: readonly Series[], make: (...values: Expression[]) => Expression, lag = 0): Series => {
  const key = `${name} (${from.map((x) => x.key).join(', ')})`;
  return b.unit(key, (u) => ({
    key, value: u.let(make(...from.map(({value}) => value))), start: Math.max(...from.map(({start}) => start)) + lag, inputs: [...new Set(from.flatMap(({inputs}) => inputs))],
  }));
};

/** A series that counts only from a later tick on. */
export const startingAt = (x: Series, start: number): Series => (start === x.start ? x : {...x, start, key: `${x.key} from ${start}`});

/** Keeps a series in the record of each tick, so that older values can be read. */
export const recorded = (b: ProgramBuilder, x: Series): number => b.once(`field ${x.key}`, () => {
  const field = b.newField(x.key);
  b.unit(`record ${x.key}`, (u) => { u.put(field, select(before(x.start), 0, x.value)); });
  return field;
});

/** A series so many ticks ago. */
export const lagged = (b: ProgramBuilder, x: Series, lag: number): Series => {
  if (lag === 0) return x;
  const field = recorded(b, x);
  return {key: `${x.key}@${lag}`, value: past(field, lag), start: x.start + lag, inputs: x.inputs};
};

/** Value of the tick before, without a record: one slot. */
export const previous = (b: ProgramBuilder, x: Series): Series => b.unit(`previous ${x.key}`, (u) => {
  const slot = u.slot();
  b.previousSlots.set(x.key, slot);
  const value = u.let(u.load(slot));
  u.set(slot, x.value);
  return {key: `previous ${x.key}`, value, start: x.start + 1, inputs: x.inputs};
});

/** Columns in which a change by a half is no wick but the ordinary. */
const JUMPY: ReadonlySet<string> = new Set<ColumnName>(['volume', 'bidSize', 'askSize']);

/** Lets a return of a half or more of a column mark its tick as one that sums must not carry on: what its square leaves in them would hide everything else. */
export const markJumps = (b: ProgramBuilder, x: Series): void => {
  const column = x.column ?? x;
  if (column.value.k !== 'input' || JUMPY.has(column.key)) return;
  const {field} = column.value;
  b.once(`jumps ${column.key}`, () => {
    previous(b, column);
    b.jumps.push({input: field, slot: b.previousSlots.get(column.key)!});
  });
};

/** Change over the price before: the difference first, which is exact between neighbours; 0 on the first tick. */
export const returns = (b: ProgramBuilder, x: Series): Series => {
  const last = previous(b, x);
  return b.unit(`return ${x.key}`, (u) => {
    markJumps(b, x);
    return {key: `return ${x.key}`, value: u.let(select(before(last.start), 0, div(sub(x.value, last.value), last.value))), start: x.start + 1, inputs: x.inputs};
  });
};

export const change = (b: ProgramBuilder, x: Series): Series => {
  const last = previous(b, x);
  return derive(b, `change ${x.key}`, [x, last], (now, was) => select(before(last.start), 0, sub(now!, was!)), 0);
};
export const rise = (b: ProgramBuilder, x: Series): Series => derive(b, `rise ${x.key}`, [change(b, x)], (d) => max(d!, 0));
export const fall = (b: ProgramBuilder, x: Series): Series => {
  const d = derive(b, `drop ${x.key}`, [change(b, x)], (c) => sub(0, c!));
  return derive(b, `fall ${x.key}`, [d], (c) => max(c!, 0));
};

/** A bar's parts. */
export interface Bar {readonly high: Series; readonly low: Series; readonly price: Series}

/** High less low, or the distance to the close before where that is larger. */
export const trueRange = (b: ProgramBuilder, {high, low, price}: Bar): Series => {
  const last = previous(b, price), key = `true range (${high.key}, ${low.key}, ${price.key})`;
  return b.unit(key, (u) => {
    const span = u.let(sub(high.value, low.value));
    const up = u.let(abs(sub(high.value, last.value))), down = u.let(abs(sub(low.value, last.value)));
    const gap = u.let(max(up, down));
    return {key, value: u.let(select(before(last.start), span, max(span, gap))), start: price.start, inputs: []};
  });
};

/** (high + low + close) / 3 */
export const typicalPrice = (b: ProgramBuilder, {high, low, price}: Bar): Series => derive(b, 'typical', [high, low, price], (h, l, p) => div(add(add(h!, l!), p!), 3));

export const product = (b: ProgramBuilder, x: Series, y: Series): Series => derive(b, `${x.key} * ${y.key}`, [x, y], (p, q) => mul(p!, q!));

/** How many ticks in a row, this one included, had the same value. */
export const sameRun = (b: ProgramBuilder, x: Series): Series => {
  const last = previous(b, x).value;
  return b.unit(`run ${x.key}`, (u) => {
    const slot = u.slot();
    const run = u.let(select(before(x.start + 1), 1, select(equal(x.value, last), add(u.load(slot), 1), 1)));
    u.set(slot, run);
    return {key: `run ${x.key}`, value: run, start: x.start, inputs: []};
  });
};

export const clamp = (x: Expression, low: number, high: number): Expression => min(max(x, low), high);
