import type {FeatureKind} from '../feature-kind.ts';
import {add, atMost, before, div, equal, lessThan, max, mul, NOT_A_NUMBER, num, select, sqrt, sub, type Expression, type Test} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import {derive, lagged} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';

// pandas' own recipes (1.5 and later) with their operations in their order: bits agree, drift included. What does not drift: `mean`, `std`, `levelpair`.

const isFinite = (x: Expression): Test => equal(sub(x, x), 0);

/** What comes into a window and what leaves it (NaN for nothing), how many values it held between and holds now, the newest and how many in a row equal it. */
interface Held {readonly now: Expression; readonly old: Expression; readonly kept: Expression; readonly count: Expression; readonly last: Expression; readonly run: Expression}

/** A window of one tick begins anew with each. */
const heldBy = (u: UnitWriter, x: Series, {past, w}: {past: Expression; w: number}): Held => {
  const [counts, runs, latest] = [u.slot(), u.slot(), u.slot()] as [number, number, number];
  const now = u.let(x.value), old = u.let(w === 1 ? NOT_A_NUMBER : select(before(x.start + w), NOT_A_NUMBER, past));
  const was = w === 1 ? num(0) : u.load(counts), kept = u.let(select(isFinite(old), sub(was, 1), was)), count = u.let(select(isFinite(now), add(kept, 1), kept));
  const same = u.let(u.load(latest)), length = u.let(u.load(runs)), last = u.let(select(isFinite(now), now, same));
  const run = u.let(select(isFinite(now), w === 1 ? num(1) : select(equal(now, same), add(length, 1), 1), length));
  u.set(counts, count); u.set(runs, run); u.set(latest, last);
  return {now, old, kept, count, last, run};
};

interface Rolled extends Held {readonly value: Expression}
type Unit = (b: ProgramBuilder, x: Series, w: number) => Rolled & {readonly start: number; readonly key: string};

/** Kahan's sum, with what adding and what removing lost kept apart. */
const kahan: Unit = (b, x, w) => b.unit(`rolled sum ${w} ${x.key}`, (u) => {
  const held = heldBy(u, x, {past: lagged(b, x, w).value, w}), [sum, lostAdding, lostRemoving] = [u.slot(), u.slot(), u.slot()] as [number, number, number];
  const begin = (slot: number): Expression => u.let(w === 1 ? num(0) : u.load(slot));
  const s = begin(sum), out = begin(lostRemoving), into = begin(lostAdding), goes = isFinite(held.old), comes = isFinite(held.now);
  const y = u.let(sub(sub(0, held.old), out)), t = u.let(add(s, y)), less = u.let(select(goes, t, s));
  const z = u.let(sub(held.now, into)), more = u.let(add(less, z)), value = u.let(select(comes, more, less));
  u.set(lostRemoving, select(goes, sub(sub(t, s), y), out));
  u.set(lostAdding, select(comes, sub(sub(more, less), z), into));
  u.set(sum, value);
  return {...held, value, start: x.start, key: `rolled sum ${w} ${x.key}`};
});

/** Welford's sum of squared distances; the mean keeps what adding and removing lost. */
const welford: Unit = (b, x, w) => b.unit(`rolled squares ${w} ${x.key}`, (u) => {
  const held = heldBy(u, x, {past: lagged(b, x, w).value, w}), [mean, squares, lostAdding, lostRemoving] = [u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number];
  const begin = (slot: number): Expression => u.let(w === 1 ? num(0) : u.load(slot));
  const m = begin(mean), q = begin(squares), out = begin(lostRemoving), into = begin(lostAdding);
  const goes = isFinite(held.old), comes = isFinite(held.now), isEmpty = equal(held.kept, 0);
  const step = (value: Expression, center: Expression, lost: Expression): {before: Expression; lost: Expression; delta: Expression} => {
    const y = u.let(sub(value, lost)), t = u.let(sub(y, center));
    return {before: u.let(sub(center, lost)), lost: u.let(sub(add(t, center), y)), delta: t};
  };
  const off = step(held.old, m, out), without = u.let(sub(m, div(off.delta, held.kept)));
  const less = u.let(select(goes, select(isEmpty, 0, without), m)), lessSquares = u.let(select(goes, select(isEmpty, 0, sub(q, mul(sub(held.old, off.before), sub(held.old, without)))), q));
  const on = step(held.now, less, into), moved = u.let(add(less, div(on.delta, held.count)));
  const value = u.let(select(comes, add(lessSquares, mul(sub(held.now, on.before), sub(held.now, moved))), lessSquares));
  u.set(mean, select(comes, moved, less));
  u.set(squares, value);
  u.set(lostRemoving, select(goes, select(isEmpty, out, off.lost), out));
  u.set(lostAdding, select(comes, on.lost, into));
  return {...held, value, start: x.start, key: `rolled squares ${w} ${x.key}`};
});

/** A series of what is read from a window, NaN while it holds fewer than so many values. */
const read = (b: ProgramBuilder, name: string, {key, start, count}: {key: string; start: number; count: Expression}, {least, value}: {least: number; value: (u: UnitWriter) => Expression}): Series =>
  b.unit(`${name} ${least} ${key}`, (u) => ({key: `${name} ${least} ${key}`, value: u.let(select(atMost(least, count), value(u), NOT_A_NUMBER)), start, inputs: []}));

const sumOf = (b: ProgramBuilder, x: Series, w: number, least: number): Series => {
  const of = kahan(b, x, w);
  return read(b, 'rolled', of, {least, value: () => select(atMost(of.count, of.run), mul(of.last, of.count), of.value)});
};
const meanOf = (b: ProgramBuilder, x: Series, w: number, least: number): Series => {
  const of = kahan(b, x, w), sign = (name: string, test: (v: Expression) => Test): Series => derive(b, name, [x], (v) => select(test(v!), 1, 0));
  // a mean of values of one sign has that sign
  const [below, above] = [sign('below zero', (v) => lessThan(v, 0)), sign('from zero', (v) => atMost(0, v))].map((one) => kahan(b, one, w).value) as [Expression, Expression];
  return read(b, 'rolled mean', of, {least, value: (u) => {
    const mean = u.let(div(of.value, of.count));
    const clipped = select(equal(below, 0), select(lessThan(mean, 0), 0, mean), select(equal(above, 0), select(lessThan(0, mean), 0, mean), mean));
    return select(atMost(of.count, of.run), of.last, clipped);
  }});
};
const varianceOf = (b: ProgramBuilder, x: Series, w: number, {least, ddof}: {least: number; ddof: number}): Series => {
  const of = welford(b, x, w);
  return read(b, `rolled variance ${ddof}`, of, {least: Math.max(least, ddof + 1), value: () => select(atMost(of.count, of.run), 0, div(of.value, sub(of.count, ddof)))});
};

/**
 * pandas `rolling(window, min_periods=observations)`: sum, mean, variance, deviation, how many values there were, and covariance and correlation with the
 * reference. Missing values are passed over; every result needs so many `observations`.
 */
export const rolling: FeatureKind = {
  kind: 'rolling', outputs: ['rollmean', 'rollsum', 'rollvar', 'rollstd', 'rollcount', 'rollcov', 'rollcorr'], windowNames: ['window', 'observations'], ddofs: [0],
  conventions: {inputs: ['price', 'reference'], seed: 'none', ddof: 1, nanPolicy: 'skip', scale: 'value', class: 'EXACT', rel: 0},
  build: (b, spec, from) => {
    const [w = 1, least = 1] = spec.windows, ddof = spec.ddof!, x = from.raw('price');
    switch (spec.output) {
      case 'rollsum': return {rollsum: sumOf(b, x, w, least)};
      case 'rollmean': return {rollmean: meanOf(b, x, w, least)};
      case 'rollvar': return {rollvar: varianceOf(b, x, w, {least, ddof})};
      case 'rollstd': return {rollstd: derive(b, 'root', [varianceOf(b, x, w, {least, ddof})], (v) => sqrt(max(v!, 0)))};
      case 'rollcount': return {rollcount: read(b, 'count', kahan(b, x, w), {least: 0, value: () => kahan(b, x, w).count})};
      default: {
        const y = from.raw('reference'), both = (p: Series, q: Series): Series => derive(b, 'where both are', [p, q], (v, o) => add(v!, mul(0, o!)));
        const own = both(x, y), other = both(y, x), means = [derive(b, 'product', [own, other], (p, q) => mul(p!, q!)), own, other].map((s) => meanOf(b, s, w, least));
        const count = kahan(b, own, w).count;
        const cov = derive(b, `rolled covariance ${ddof}`, means, (xy, mx, my) => mul(sub(xy!, mul(mx!, my!)), div(count, sub(count, ddof))));
        if (spec.output === 'rollcov') return {rollcov: cov};
        return {rollcorr: derive(b, 'rolled correlation', [cov, ...[own, other].map((s) => varianceOf(b, s, w, {least, ddof}))], (c, p, q) => div(c!, sqrt(max(mul(p!, q!), 0))))};
      }
    }
  },
};
