import {arcTangent} from '../functions/circular.ts';
import {add, before, div, equal, max, min, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, lagged, startingAt} from './inputs.ts';
import type {Series} from './series.ts';

/** Ehlers' analytic signal as TA-Lib takes it: the price as it was smoothed, the parts of its phasor, and the period of the dominant cycle. */
export interface Phasor {
  readonly smooth: Series;
  readonly inPhase: Series;
  readonly quadrature: Series;
  /** ticks, smoothed twice */
  readonly period: Series;
}

const DEGREES = 180 / Math.PI, OUTER = 0.0962, INNER = 0.5769;

/** Weighted mean of four prices; counts from `begin` on, so that everything before is as nothing. */
const smoothOf = (b: ProgramBuilder, x: Series, begin: number): Series => startingAt(
  derive(b, 'four', [x, lagged(b, x, 1), lagged(b, x, 2), lagged(b, x, 3)], (p, q, r, s) => mul(add(add(add(mul(4, p!), mul(3, q!)), mul(2, r!)), s!), 0.1)), x.start + begin,
);

/** The signal begins with nothing `begin` ticks after the price: 12 for the period itself, 37 where what is shown needs more of it. */
export const phasorOf = (b: ProgramBuilder, x: Series, begin: number): Phasor => {
  const smooth = smoothOf(b, x, begin), {start} = smooth, name = `hilbert ${begin} ${x.key}`;
  const kept = b.unit(`${name} last period`, (u) => { const slot = u.slot(); return {slot, value: u.let(u.load(slot))}; });
  const adjust: Series = {key: `${name} adjust`, value: b.unit(`${name} adjust`, (u) => u.let(add(mul(0.075, kept.value), 0.54))), start, inputs: []};
  /** A quarter turn of a series, longer or shorter with the period; shifted by `lag` ticks. */
  const turned = (of: Series, lag: number): Series => startingAt(derive(b, 'turned', [...[0, 2, 4, 6].map((more) => lagged(b, of, lag + more)), adjust],
    (now, two, four, six, by) => mul(add(sub(sub(mul(OUTER, now!), mul(OUTER, six!)), mul(INNER, four!)), mul(INNER, two!)), by!)), start);
  const detrended = turned(smooth, 0), quadrature = turned(detrended, 0), inPhase = startingAt(derive(b, 'in phase', [lagged(b, detrended, 3)], (v) => v!), start);
  const aheadI = turned(detrended, 3), aheadQ = turned(quadrature, 0);
  const period = b.unit(`${name} period`, (u) => {
    const [i2, q2, re, im, smoothed] = [u.slot(), u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number, number], isYoung = before(start);
    const keep = (slot: number, value: Expression): Expression => { u.set(slot, select(isYoung, 0, value)); return value; };
    const blend = (value: Expression, last: Expression): Expression => u.let(add(mul(0.2, value), mul(0.8, last)));
    const lastI = u.let(u.load(i2)), lastQ = u.let(u.load(q2)), q = blend(add(quadrature.value, aheadI.value), lastQ), i = blend(sub(inPhase.value, aheadQ.value), lastI);
    const real = blend(add(mul(i, lastI), mul(q, lastQ)), u.load(re)), imaginary = blend(sub(mul(i, lastQ), mul(q, lastI)), u.load(im));
    keep(i2, i); keep(q2, q); keep(re, real); keep(im, imaginary);
    const angle = u.let(mul(arcTangent(u, u.let(div(imaginary, real))), DEGREES)), last = kept.value;
    const raw = u.let(select(equal(imaginary, 0), last, select(equal(real, 0), last, div(360, angle))));
    const bounded = u.let(max(min(raw, mul(1.5, last)), mul(0.67, last))), now = blend(u.let(min(max(bounded, 6), 50)), last);
    keep(kept.slot, now);
    return keep(smoothed, u.let(add(mul(0.33, now), mul(0.67, u.load(smoothed)))));
  });
  return {smooth, inPhase, quadrature, period: {key: `${name} period`, value: period, start, inputs: []}};
};
