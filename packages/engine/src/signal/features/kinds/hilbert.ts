import type {FeatureKind} from '../feature-kind.ts';
import {arcTangent, cosine, sine} from '../functions/circular.ts';
import {floor} from '../functions/rounding.ts';
import {abs, add, before, div, equal, lessThan, max, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {phasorOf, type Phasor} from '../series/hilbert.ts';
import {recorded, startingAt} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';

const prices = {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'one'} as const;
const DEGREES = 180 / Math.PI, MOST = 50;
const later = (x: Series, price: Series, ticks: number): Series => startingAt(x, price.start + ticks);

/** Period of the dominant cycle, and the parts of its phasor: Ehlers' Hilbert transform as in TA-Lib. */
export const dominantCycle: FeatureKind = {
  kind: 'hilbert', outputs: ['dcperiod', 'inphase', 'quadrature'], windowNames: [], conventions: prices,
  build: (b, spec, from) => {
    const x = from.held('price'), of = phasorOf(b, x, 12);
    return spec.output === 'dcperiod' ? {dcperiod: later(of.period, x, 32)} : {[spec.output]: later(spec.output === 'inphase' ? of.inPhase : of.quadrature, x, 32)};
  },
};

const wholePeriod = (b: ProgramBuilder, {period}: Phasor): Series => b.unit(`whole ${period.key}`, (u) => ({key: `whole ${period.key}`, value: floor(u, u.let(add(period.value, 0.5))), start: period.start, inputs: []}));

/** Phase of the dominant cycle in degrees: of the smoothed prices of one whole cycle, as many as there are. */
const phaseOf = (b: ProgramBuilder, of: Phasor): Series => {
  const n = wholePeriod(b, of), field = recorded(b, of.smooth), key = `phase ${of.period.key}`;
  return b.unit(key, (u) => {
    const [real, imaginary, c, s, lag, kept] = [u.slot(), u.slot(), u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number, number, number];
    const step = u.let(div(2 * Math.PI, n.value)), cosStep = cosine(u, step), sinStep = sine(u, step);
    // oldest first: the newest has angle 0, so the oldest of n is one step short of a whole turn
    u.set(real, 0); u.set(imaginary, 0); u.set(c, cosStep); u.set(s, sub(0, sinStep)); u.set(lag, MOST - 1);
    u.loop(MOST, () => {
      const value: Expression = {k: 'visited', field}, cos = u.let(u.load(c)), sin = u.let(u.load(s)), at = u.let(u.load(lag)), isIn = lessThan(at, n.value);
      u.set(real, add(u.load(real), select(isIn, mul(sin, value), 0)));
      u.set(imaginary, add(u.load(imaginary), select(isIn, mul(cos, value), 0)));
      u.set(c, select(isIn, add(mul(cos, cosStep), mul(sin, sinStep)), cos));
      u.set(s, select(isIn, sub(mul(sin, cosStep), mul(cos, sinStep)), sin));
      u.set(lag, sub(at, 1));
    });
    const r = u.let(u.load(real)), i = u.let(u.load(imaginary)), last = u.let(select(before(of.period.start + 1), 0, u.load(kept)));
    const still = u.let(select(lessThan(r, 0), sub(last, 90), select(lessThan(0, r), add(last, 90), last)));
    const angle = u.let(select(equal(i, 0), still, mul(arcTangent(u, u.let(div(r, i))), DEGREES)));
    const ahead = u.let(add(add(angle, 90), div(360, of.period.value))), turned = u.let(select(lessThan(i, 0), add(ahead, 180), ahead)), phase = u.let(select(lessThan(315, turned), sub(turned, 360), turned));
    u.set(kept, select(before(of.period.start), 0, phase));
    return {key, value: phase, start: of.period.start, inputs: []};
  });
};

/** Mean of the prices of one whole cycle, as long as the cycle is. */
const cycleMean = (b: ProgramBuilder, x: Series, of: Phasor): Series => {
  const n = wholePeriod(b, of), field = recorded(b, x), key = `cycle mean ${of.period.key}`;
  return b.unit(key, (u) => {
    const [sum, lag] = [u.slot(), u.slot()] as [number, number];
    u.set(sum, 0); u.set(lag, MOST - 1);
    u.loop(MOST, () => {
      const at = u.let(u.load(lag));
      u.set(sum, add(u.load(sum), select(lessThan(at, n.value), {k: 'visited', field}, 0)));
      u.set(lag, sub(at, 1));
    });
    return {key, value: u.let(div(u.load(sum), n.value)), start: of.period.start, inputs: []};
  });
};

const trendLine = (b: ProgramBuilder, x: Series, of: Phasor): Series => {
  const mean = cycleMean(b, x, of), key = `trend line ${of.period.key}`;
  return b.unit(key, (u) => {
    const slots = [u.slot(), u.slot(), u.slot()] as [number, number, number], [one, two, three] = slots.map((slot) => u.let(u.load(slot))) as [Expression, Expression, Expression], young = before(mean.start);
    [mean.value, one, two].forEach((value, i) => { u.set(slots[i]!, select(young, 0, value)); });
    return {key, value: u.let(mul(add(add(add(mul(4, mean.value), mul(3, one)), mul(2, two)), three), 0.1)), start: mean.start, inputs: []};
  });
};

/** 1 in a trend, 0 in a cycle: a trend has gone on for more than half a cycle since the sine crossed its lead, turns slowly, or is far from its line. */
const trendMode = (b: ProgramBuilder, of: Phasor, {phase, line}: {phase: Series; line: Series}): Series => {
  const key = `trend mode ${of.period.key}`;
  return b.unit(key, (u) => {
    const [days, lastPhase, lastSine, lastLead] = [u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number], young = before(of.period.start);
    const now = sine(u, u.let(mul(phase.value, 1 / DEGREES))), lead = sine(u, u.let(mul(add(phase.value, 45), 1 / DEGREES))), wasSine = u.let(u.load(lastSine)), wasLead = u.let(u.load(lastLead));
    const crossed = u.let(select(lessThan(lead, now), select(lessThan(wasLead, wasSine), 0, 1), select(lessThan(now, lead), select(lessThan(wasSine, wasLead), 0, 1), 0)));
    const since = u.let(add(select(equal(crossed, 1), 0, u.load(days)), 1)), moved = u.let(sub(phase.value, u.load(lastPhase)));
    const early = select(equal(crossed, 1), 0, select(lessThan(since, mul(0.5, of.period.value)), 0, 1));
    const even = u.let(div(360, of.period.value)), isCycle = u.let(select(equal(of.period.value, 0), 0, select(lessThan(mul(0.67, even), moved), select(lessThan(moved, mul(1.5, even)), 1, 0), 0)));
    const isFar = u.let(select(equal(line.value, 0), 0, select(lessThan(abs(div(sub(of.smooth.value, line.value), line.value)), 0.015), 0, 1)));
    const value = u.let(select(equal(isFar, 1), 1, select(equal(isCycle, 1), 0, early)));
    for (const [slot, kept] of [[days, since], [lastPhase, phase.value], [lastSine, now], [lastLead, lead]] as const) u.set(slot, select(young, 0, kept));
    return {key, value, start: of.period.start, inputs: []};
  });
};

/** Phase of the dominant cycle in degrees, its sine and that an eighth of a turn ahead, the line that is free of the cycle, and whether there is a trend (1) or a cycle (0). */
export const cyclePhase: FeatureKind = {
  kind: 'hilbertphase', outputs: ['dcphase', 'htsine', 'htlead', 'trendline', 'trendmode'], windowNames: [], conventions: prices,
  build: (b, spec, from) => {
    const x = from.held('price'), of = phasorOf(b, x, 37);
    if (spec.output === 'trendline') return {trendline: later(trendLine(b, x, of), x, 63)};
    const phase = phaseOf(b, of);
    if (spec.output === 'dcphase') return {dcphase: later(phase, x, 63)};
    if (spec.output === 'trendmode') return {trendmode: later(trendMode(b, of, {phase, line: trendLine(b, x, of)}), x, 63)};
    const more = spec.output === 'htlead' ? 45 : 0, key = `${spec.output} ${phase.key}`;
    return {[spec.output]: later(b.unit(key, (u) => ({key, value: sine(u, u.let(mul(add(phase.value, more), 1 / DEGREES))), start: phase.start, inputs: []})), x, 63)};
  },
};

/** Mesa adaptive mean: the quicker the phase turns, the closer it follows; and the one that follows it at half that pace (`fama`). */
export const mesaMean: FeatureKind = {
  kind: 'mama', outputs: ['mama', 'fama'], windowNames: [], paramNames: ['fastLimit', 'slowLimit'], conventions: {...prices, scale: 'price'},
  build: (b, spec, from) => {
    const x = from.held('price'), of = phasorOf(b, x, 12), [fast = 0.5, slow = 0.05] = spec.params, key = `mama ${fast} ${slow} ${of.period.key}`;
    const made = b.unit(key, (u) => {
      const [mean, following, phase] = [u.slot(), u.slot(), u.slot()] as [number, number, number], young = before(of.period.start);
      const now = u.let(select(equal(of.inPhase.value, 0), 0, mul(arcTangent(u, u.let(div(of.quadrature.value, of.inPhase.value))), DEGREES)));
      const turn = u.let(max(sub(u.load(phase), now), 1)), alpha = u.let(select(lessThan(1, turn), max(div(fast, turn), slow), fast)), half = u.let(mul(alpha, 0.5));
      const value = u.let(add(mul(alpha, x.value), mul(sub(1, alpha), u.load(mean)))), second = u.let(add(mul(half, value), mul(sub(1, half), u.load(following))));
      for (const [slot, kept] of [[mean, value], [following, second], [phase, now]] as const) u.set(slot, select(young, 0, kept));
      const as = (name: string, v: Expression): Series => ({key: `${name} ${key}`, value: v, start: of.period.start, inputs: []});
      return {mama: as('mean', value), fama: as('following', second)};
    });
    return {[spec.output]: later(spec.output === 'mama' ? made.mama : made.fama, x, 32)};
  },
};
