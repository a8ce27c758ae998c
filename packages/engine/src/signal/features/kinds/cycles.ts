import type {FeatureKind} from '../feature-kind.ts';
import {arcTangent, sine} from '../functions/circular.ts';
import {logarithm} from '../functions/logarithm.ts';
import {abs, add, before, div, equal, lessThan, mul, select, sub, type Expression} from '../ir/expression.ts';
import {extreme} from '../series/extremes.ts';
import {derive, recorded} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';

/** Fisher's transform of the place of the bar's middle in its channel, and its value one bar before (`fishersignal`). */
export const fisher: FeatureKind = {
  kind: 'fisher', outputs: ['fisher', 'fishersignal'], windowNames: ['window'], conventions: {inputs: ['high', 'low'], seed: 'none', nanPolicy: 'last', tieRule: 'newest', scale: 'one'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = derive(b, 'medprice', [from.held('high'), from.held('low')], (h, l) => mul(add(h!, l!), 0.5)), ends = [extreme(b, 'max', x, w), extreme(b, 'min', x, w)];
    const start = ends[0]!.start, key = `fisher ${w} ${x.key}`;
    const made = b.unit(key, (u) => {
      const [place, kept] = [u.slot(), u.slot()], isYoung = before(start), old = u.let(select(before(start + 1), 0, u.load(place!))), was = u.let(select(before(start + 1), 0, u.load(kept!)));
      const wide = u.let(sub(ends[0]!.value, ends[1]!.value)), span = u.let(select(equal(wide, 0), 0.001, wide));
      const moved = u.let(add(mul(0.66, sub(div(sub(x.value, ends[1]!.value), span), 0.5)), mul(0.67, old)));
      const held = u.let(select(lessThan(0.99, moved), 0.999, select(lessThan(moved, -0.99), -0.999, moved)));
      const value = u.let(add(mul(0.5, logarithm(u, u.let(div(add(1, held), sub(1, held))))), mul(0.5, was)));
      u.set(place!, select(isYoung, 0, held));
      u.set(kept!, select(isYoung, 0, value));
      const as = (name: string, v: Expression): Series => ({key: `${name} ${key}`, value: v, start, inputs: []});
      return {now: as('now', value), was: as('was', was)};
    });
    return spec.output === 'fisher' ? {fisher: made.now} : {fishersignal: made.was};
  },
};

/** Mesa sine wave: the phase of the window's one cycle as a sine, and an eighth of a turn ahead (`mswlead`). */
export const mesaSine: FeatureKind = {
  kind: 'msw', outputs: ['msw', 'mswlead'], windowNames: ['window'], conventions: {inputs: ['price'], seed: 'none', nanPolicy: 'last', scale: 'one'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price'), field = recorded(b, x), key = `msw ${w} ${x.key}`, turn = 2 * Math.PI;
    const made = b.unit(key, (u) => {
      const [real, imaginary, c, s] = [u.slot(), u.slot(), u.slot(), u.slot()] as [number, number, number, number];
      // the window is visited oldest first; the newest value has angle 0
      const first = (turn * (w - 1)) / w, step = turn / w;
      u.set(real, 0); u.set(imaginary, 0); u.set(c, Math.cos(first)); u.set(s, Math.sin(first));
      u.loop(w, () => {
        const value = u.let({k: 'visited', field}), cos = u.let(u.load(c)), sin = u.let(u.load(s));
        u.set(real, add(u.load(real), mul(cos, value)));
        u.set(imaginary, add(u.load(imaginary), mul(sin, value)));
        u.set(c, add(mul(cos, Math.cos(step)), mul(sin, Math.sin(step))));
        u.set(s, sub(mul(sin, Math.cos(step)), mul(cos, Math.sin(step))));
      });
      const r = u.let(u.load(real)), i = u.let(u.load(imaginary));
      const angle = u.let(select(lessThan(0.001, abs(r)), arcTangent(u, u.let(div(i, r))), select(lessThan(i, 0), -Math.PI, Math.PI)));
      const forward = u.let(add(select(lessThan(r, 0), add(angle, Math.PI), angle), Math.PI / 2));
      const positive = u.let(select(lessThan(forward, 0), add(forward, turn), forward)), phase = u.let(select(lessThan(turn, positive), sub(positive, turn), positive));
      const as = (name: string, value: Expression): Series => ({key: `${name} ${key}`, value, start: x.start + w - 1, inputs: []});
      return {now: as('now', sine(u, phase)), lead: as('lead', sine(u, u.let(add(phase, Math.PI / 4))))};
    });
    return spec.output === 'msw' ? {msw: made.now} : {mswlead: made.lead};
  },
};
