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
  /** the same for each anchored series */
  readonly anchors: readonly Expression[];
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
  /** how many series, from the first on, have an anchor of their own; 1 where nothing is said */
  readonly anchorCount?: number;
  readonly terms: Readonly<Record<Name, Term>>;
  /** whether a term reads its place */
  readonly usesPlace: boolean;
}

/** Slots of one half; none for what no term reads: state that is not there need not come out of memory. */
interface Half {readonly sums: readonly number[]; readonly anchors: readonly number[]; readonly place: number | null}

const slots = (u: UnitWriter, count: number): number[] => Array.from({length: count}, () => u.slot());
const half = (u: UnitWriter, {sums, anchors, usesPlace}: {sums: number; anchors: number; usesPlace: boolean}): Half => ({sums: slots(u, sums), anchors: slots(u, anchors), place: usesPlace ? u.slot() : null});
const anchored = (isAnchored: boolean, values: readonly Expression[], anchors: readonly Expression[]): readonly Expression[] => (isAnchored ? values.map((v, i) => (i < anchors.length ? sub(v, anchors[i]!) : v)) : values);

const finiteOr = (x: Expression, otherwise: Operand): Expression => select(equal(sub(x, x), 0), x, otherwise);

/** What a turn, which runs before anything else of its tick, takes for an anchor: an input, or the last value of a series that is made. */
const anchorSource = (u: UnitWriter, x: Series, anchors: readonly number[]): Expression => {
  if (x.value.k === 'input') return x.value;
  const last = u.slot();
  u.careful(() => { u.when(before(x.start + 1), () => { for (const slot of anchors) u.set(slot, finiteOr(x.value, 0)); }); });
  u.set(last, x.value);
  return {k: 'load', slot: last};
};

/** On its turn the shadow, which holds exactly one window by now, becomes the main half and starts again. */
const promote = (b: ProgramBuilder, ticks: number, halves: {main: Half; shadow: Half}, newest: readonly Expression[]): void => {
  const {main, shadow} = halves, push = (slot: number, value: Expression): void => { b.turn(ticks).statements.push({k: 'set', slot, value}); };
  main.sums.forEach((slot, i) => { push(slot, {k: 'load', slot: shadow.sums[i]!}); push(shadow.sums[i]!, num(0)); });
  if (main.place !== null && shadow.place !== null) {
    push(main.place, {k: 'load', slot: shadow.place});
    push(shadow.place, num(-1));
  }
  newest.forEach((value, i) => {
    const own = main.anchors[i]!, next = shadow.anchors[i]!;
    push(own, {k: 'load', slot: next});
    push(next, finiteOr(value, {k: 'load', slot: next}));
    b.turn(ticks).statements.push({k: 'careful', body: [{k: 'when', test: before(1), body: [{k: 'set', slot: own, value: {k: 'load', slot: next}}]}]});
  });
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
    const sizes = {sums: names.length, anchors: isAnchored ? plan.anchorCount ?? 1 : 0, usesPlace}, main = half(u, sizes), shadow = half(u, sizes);
    promote(b, ticks, {main, shadow}, series.slice(0, sizes.anchors).map((x, i) => anchorSource(u, x, [main.anchors[i]!, shadow.anchors[i]!])));
    const anchors: readonly Expression[] = main.anchors.map((slot) => u.let(u.load(slot)));
    const place: Expression = main.place === null ? num(0) : u.let(add(u.load(main.place), 1));
    const later: Expression = shadow.place === null ? num(0) : u.let(add(u.load(shadow.place), 1));
    if (main.place !== null) u.set(main.place, place);
    if (shadow.place !== null) u.set(shadow.place, later);
    const keep = (values: readonly Expression[]): readonly Expression[] => values.map((v) => (v.k === 'var' || v.k === 'input' ? v : u.let(v)));
    const newest = keep(anchored(isAnchored, series.map((x) => x.value), anchors));
    const again = isAnchored ? keep(anchored(true, series.map((x) => x.value), shadow.anchors.map((slot) => u.load(slot)))) : newest;
    const oldest = keep(anchored(isAnchored, fields.map((field) => past(field, ticks)), anchors));
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
    takeAgain(u, plan, {main, fields, newest: series.map((x) => x.value)});
    const at = (slot: number, value: Expression): Expression => u.let({k: 'reload', slot, value});
    const read = Object.fromEntries(names.map((name, i) => [name, at(main.sums[i]!, sums[i]!)])) as Record<Name, Expression>;
    const readAnchors = anchors.map((anchor, i) => at(main.anchors[i]!, anchor));
    return {
      sums: read, anchors: readAnchors, anchor: readAnchors[0] ?? num(0), place: main.place === null ? num(0) : at(main.place, place), start: start + ticks - 1,
    };
  });
});

const takeAgain = <Name extends string>(u: UnitWriter, plan: SumsPlan<Name>, from: {main: Half; fields: readonly number[]; newest: readonly Expression[]}): void => {
  const {main, fields, newest} = from;
  u.careful(() => {
    u.when({k: 'bad', lag: plan.ticks}, () => {
      for (const slot of main.sums) u.set(slot, 0);
      const {place: counted} = main;
      main.anchors.forEach((slot, i) => { u.set(slot, newest[i]!); });
      if (counted !== null) u.set(counted, -1);
      u.loop(plan.ticks, () => {
        if (counted !== null) u.set(counted, add(u.load(counted), 1));
        const values = anchored(plan.isAnchored, fields.map((field): Expression => ({k: 'visited', field})), main.anchors.map((slot) => u.load(slot))).map((v) => u.let(v));
        const place = counted === null ? num(0) : u.let(u.load(counted));
        Object.values<Term>(plan.terms).forEach((term, i) => { u.set(main.sums[i]!, add(u.load(main.sums[i]!), term(values, place))); });
      });
    });
  });
};

export const square = (x: Expression): Expression => mul(x, x);
