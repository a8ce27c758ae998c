import type {ProgramBuilder, Unit} from './program-builder.ts';
import {shapeOf} from './shape.ts';
import type {Statement} from './statement.ts';
import {steadyStatements} from './steady.ts';
import {allDefined, fieldsReadNow, usedFromOutside} from './visit.ts';

export interface Lane {
  readonly careful: readonly Statement[];
  readonly steady: readonly Statement[];
  readonly unit: Unit;
}
/** One or two lanes that run as one. */
export interface Group {readonly lanes: readonly Lane[]}

const familyOf = (unit: Unit): string => unit.key.replace(/\d+(\.\d+)?(e-\d+)?/g, '#');

const pairUp = (lanes: readonly Lane[]): Group[] => {
  const open = new Map<string, Lane[]>();
  const groups: {lanes: Lane[]}[] = [];
  for (const lane of lanes) {
    const shape = lane.steady.length === 0 ? null : shapeOf(lane.steady);
    const key = `${familyOf(lane.unit)}|${shape}`;
    const waiting = open.get(key);
    if (shape !== null && waiting !== undefined) {
      waiting.push(lane);
      open.delete(key);
      continue;
    }
    const group = {lanes: [lane]};
    groups.push(group);
    if (shape !== null) open.set(key, group.lanes);
  }
  return groups;
};

/** For each group the groups that must run before it. */
const dependencies = (groups: readonly Group[]): readonly ReadonlySet<number>[] => {
  const definer = new Map<number, number>(), putter = new Map<number, number>();
  groups.forEach(({lanes}, at) => {
    for (const {careful} of lanes) {
      for (const id of allDefined(careful)) definer.set(id, at);
      for (const s of careful) if (s.k === 'put') putter.set(s.field, at);
    }
  });
  const areas = new Map<number, number>(), slides = new Map<number, number>();
  groups.forEach(({lanes}, at) => {
    for (const s of lanes.flatMap(({careful}) => careful)) {
      if (s.k === 'sorted') areas.set(s.area, at);
      if (s.k === 'slide') slides.set(s.deque, at);
    }
  });
  return groups.map(({lanes}, at) => {
    const needs = new Set<number>();
    for (const {careful} of lanes) {
      for (const id of usedFromOutside(careful)) needs.add(definer.get(id)!);
      for (const field of fieldsReadNow(careful)) needs.add(putter.get(field)!);
      for (const s of careful) {
        if (s.k === 'at' || s.k === 'rank') needs.add(areas.get(s.area)!);
        if (s.k === 'extreme') needs.add(slides.get(s.deque)!);
      }
    }
    needs.delete(at);
    return needs;
  });
};

/** Runs what waits for a group right after it, so that values stay in registers. */
const order = (groups: readonly Group[]): Group[] | null => {
  const needs = dependencies(groups).map((set) => new Set(set));
  const ready = groups.map((_, at) => at).filter((at) => needs[at]!.size === 0).reverse();
  const done: Group[] = [], isQueued = new Set(ready);
  while (ready.length > 0) {
    const at = ready.pop()!;
    done.push(groups[at]!);
    for (let later = groups.length - 1; later >= 0; later--) {
      needs[later]!.delete(at);
      if (needs[later]!.size === 0 && !isQueued.has(later)) { isQueued.add(later); ready.push(later); }
    }
  }
  return done.length === groups.length ? done : null;
};

/** Pairs units of the same shape and puts all in an order in which they can run. */
export const schedule = (program: ProgramBuilder): readonly Group[] => {
  // one map for all, since a unit may name what another one has dropped
  const same = new Map();
  const lanes = program.units.map((unit): Lane => ({unit, careful: unit.statements, steady: steadyStatements(unit.statements, same)}));
  const paired = order(pairUp(lanes));
  // two pairs that wait for each other: rather no pairs than a wrong order
  const groups = paired ?? order(lanes.map((lane) => ({lanes: [lane]})));
  if (groups === null) throw new Error('features wait for each other');
  return groups;
};
