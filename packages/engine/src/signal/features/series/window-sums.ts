import {add, before, equal, mul, num, past, select, sub, type Expression, type Operand, type Test} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import {recorded} from './inputs.ts';
import type {Series} from './series.ts';

/** One summand: values of one tick (anchored where the sums have an anchor) and its place in the window's count. */
export type Term = (values: readonly Expression[], place: Expression) => Operand;
/** Sums over a window and what is needed to read them. */
export interface WindowSums<Name extends string> {
  readonly sums: Readonly<Record<Name, Expression>>;
  /** what was taken off the first series before it was summed; 0 without an anchor */
  readonly anchor: Expression;
  /** place of the newest tick, as the terms counted */
  readonly place: Expression;
  readonly start: number;
}
export interface SumsPlan<Name extends string> {
  readonly name: string;
  readonly ticks: number;
  readonly series: readonly Series[];
  /** whether the first series is summed as its distance from an anchor, so that large values lose nothing */
  readonly isAnchored: boolean;
  readonly terms: Readonly<Record<Name, Term>>;
  /** whether a term reads its place */
  readonly usesPlace: boolean;
}

interface Half {readonly sums: readonly number[]; readonly anchor: number; readonly place: number}

const half = (u: UnitWriter, count: number): Half => ({sums: Array.from({length: count}, () => u.slot()), anchor: u.slot(), place: u.slot()});
const anchored = (isAnchored: boolean, values: readonly Expression[], anchor: Expression): readonly Expression[] => (isAnchored ? [sub(values[0]!, anchor), ...values.slice(1)] : values);

/** On its turn the shadow, which holds exactly one window by now, becomes the main half and starts again. */
const promote = (b: ProgramBuilder, ticks: number, halves: {main: Half; shadow: Half}, newest: Expression | null): void => {
  const {main, shadow} = halves, push = (slot: number, value: Expression): void => { b.turn(ticks).statements.push({k: 'set', slot, value}); };
  main.sums.forEach((slot, i) => { push(slot, {k: 'load', slot: shadow.sums[i]!}); push(shadow.sums[i]!, num(0)); });
  push(main.place, {k: 'load', slot: shadow.place});
  push(shadow.place, num(-1));
  if (newest === null) return;
  push(main.anchor, {k: 'load', slot: shadow.anchor});
  push(shadow.anchor, select(equal(sub(newest, newest), 0), newest, {k: 'load', slot: shadow.anchor}));
  b.turn(ticks).statements.push({k: 'careful', body: [{k: 'when', test: before(1), body: [{k: 'set', slot: main.anchor, value: {k: 'load', slot: shadow.anchor}}]}]});
};

/**
 * Rolling sums that cannot drift. Beside the main sums a second set starts empty at every `ticks`-th tick; when it holds exactly one window it takes
 * the place of the first, so no value comes from more than three windows of additions. When a bad value leaves, the main sums are taken again from the records.
 */
export const windowSums = <Name extends string>(b: ProgramBuilder, plan: SumsPlan<Name>): WindowSums<Name> => b.once(`sums ${plan.name} ${plan.ticks}`, () => {
  const {ticks, series, isAnchored, usesPlace} = plan;
  const names = Object.keys(plan.terms) as Name[];
  const fields = series.map((x) => recorded(b, x));
  const start = Math.max(...series.map((x) => x.start));
  return b.unit(`sums ${plan.name} ${ticks}`, (u) => {
    const main = half(u, names.length), shadow = half(u, names.length);
    promote(b, ticks, {main, shadow}, isAnchored ? series[0]!.value : null);
    const anchor: Expression = isAnchored ? u.let(u.load(main.anchor)) : num(0);
    const place: Expression = usesPlace ? u.let(add(u.load(main.place), 1)) : num(0);
    const later: Expression = usesPlace ? u.let(add(u.load(shadow.place), 1)) : num(0);
    if (usesPlace) { u.set(main.place, place); u.set(shadow.place, later); }
    const keep = (values: readonly Expression[]): readonly Expression[] => values.map((v) => (v.k === 'var' || v.k === 'input' ? v : u.let(v)));
    const newest = keep(anchored(isAnchored, series.map((x) => x.value), anchor));
    const again = isAnchored ? keep(anchored(true, series.map((x) => x.value), u.load(shadow.anchor))) : newest;
    const oldest = keep(anchored(isAnchored, fields.map((field) => past(field, ticks)), anchor));
    const gone = usesPlace ? u.let(sub(place, ticks)) : num(0);
    // a value that came before the series began, or before the window was full, was never added
    const young: Test = before(ticks + start);
    const fresh: Test = before(start);
    const sums = names.map((name, i) => {
      const term = plan.terms[name];
      const added = u.let(select(fresh, 0, term(newest, place)));
      const value = u.let(sub(add(u.load(main.sums[i]!), added), select(young, 0, term(oldest, gone))));
      u.set(main.sums[i]!, value);
      u.set(shadow.sums[i]!, add(u.load(shadow.sums[i]!), isAnchored || usesPlace ? select(fresh, 0, term(again, later)) : added));
      return value;
    });
    takeAgain(u, plan, {main, fields, newest: series[0]!.value});
    const at = (slot: number, value: Expression): Expression => u.let({k: 'reload', slot, value});
    return {
      sums: Object.fromEntries(names.map((name, i) => [name, at(main.sums[i]!, sums[i]!)])) as Record<Name, Expression>,
      anchor: isAnchored ? at(main.anchor, anchor) : num(0), place: usesPlace ? at(main.place, place) : num(0), start: start + ticks - 1,
    };
  });
});

const takeAgain = <Name extends string>(u: UnitWriter, plan: SumsPlan<Name>, from: {main: Half; fields: readonly number[]; newest: Expression}): void => {
  const {main, fields, newest} = from;
  u.careful(() => {
    u.when({k: 'bad', lag: plan.ticks}, () => {
      for (const slot of main.sums) u.set(slot, 0);
      if (plan.isAnchored) u.set(main.anchor, newest);
      u.set(main.place, -1);
      u.loop(plan.ticks, () => {
        u.set(main.place, add(u.load(main.place), 1));
        const values = anchored(plan.isAnchored, fields.map((field): Expression => ({k: 'visited', field})), u.load(main.anchor)).map((v) => u.let(v));
        const place = u.let(u.load(main.place));
        Object.values<Term>(plan.terms).forEach((term, i) => { u.set(main.sums[i]!, add(u.load(main.sums[i]!), term(values, place))); });
      });
    });
  });
};

export const square = (x: Expression): Expression => mul(x, x);
