import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {abs, add, atMost, lessThan, max, mul, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {change, derive, lagged, startingAt, trueRange} from '../series/inputs.ts';
import {smoothed, wilderOf, wilderSum, type Seed} from '../series/recursive.ts';
import {extreme} from '../series/extremes.ts';
import type {Series} from '../series/series.ts';
import {lastFinite, type Sources} from '../series/sources.ts';
import {windowSum} from '../series/window-means.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

/** How sums begin (how many of n changes, null for exponential means) and how many ticks after them the mean of `dx` does. */
interface Begin {readonly less: number | null; readonly dxAfter: number; readonly mean: Seed; readonly rangeFromFirst?: boolean}
const BEGINS: Readonly<Record<string, Begin>> = {
  tulip: {less: 1, dxAfter: 0, mean: 'sma-seed'}, talib: {less: 1, dxAfter: 1, mean: 'sma-seed'}, wilder: {less: 0, dxAfter: 0, mean: 'sma-seed'}, talipp: {less: 0, dxAfter: 0, mean: 'sma-seed', rangeFromFirst: true},
  ewm: {less: null, dxAfter: 0, mean: 'first-value'}, 'ewm-adjust': {less: null, dxAfter: 0, mean: 'ewm-adjust'},
};

interface Directional {readonly plus: Series; readonly minus: Series; readonly range: Series}

const directionalOf = (b: ProgramBuilder, spec: FeatureSpec, from: Sources): Directional => {
  const {high, low} = from.bar, [n = 1] = spec.windows, {less, mean, rangeFromFirst} = BEGINS[spec.seed]!;
  const up = change(b, high), down = derive(b, 'down', [change(b, low)], (d) => sub(0, d!));
  // of two that are equal Tulip counts both, everyone else none
  const larger = (a: Expression, c: Expression): Expression => select(lessThan(0, a), select(spec.seed === 'tulip' ? atMost(c, a) : lessThan(c, a), a, 0), 0);
  const smooth = (x: Series, first = high.start + 1): Series => {
    const late = startingAt(x, first);
    return less === null ? smoothed(b, late, wilderOf(n, mean)) : wilderSum(b, late, n, Math.max(1, n - less));
  };
  return {
    plus: smooth(derive(b, `plus ${spec.seed === 'tulip'}`, [up, down], (x, y) => larger(x!, y!))), minus: smooth(derive(b, `minus ${spec.seed === 'tulip'}`, [up, down], (x, y) => larger(y!, x!))),
    get range() { return smooth(trueRange(b, from.bar), rangeFromFirst === true ? high.start : high.start + 1); },
  };
};

/**
 * Wilder's directional movement: sums (`plusdm`, `minusdm`), as a part of the true range in percent (`plusdi`, `minusdi`), how far they are apart
 * (`dx`), its mean (`adx`) and the middle of that and of n - 1 ticks before (`adxr`).
 * Seeds: `talib` and `tulip` begin sums with n - 1 changes and go on from the n-th; `wilder` with n, `talipp` too but with the range of the first bar; `ewm` and `ewm-adjust` are exponential means.
 */
export const directional: FeatureKind = {
  kind: 'directional', outputs: ['plusdm', 'minusdm', 'plusdi', 'minusdi', 'dx', 'adx', 'adxr'], windowNames: ['periods'], seeds: ['tulip', 'wilder', 'talipp', 'ewm', 'ewm-adjust'], zeroRules: ['nan'],
  conventions: {inputs: ['high', 'low', 'price'], seed: 'talib', nanPolicy: 'last', zeroRule: 'zero', scale: 'one'},
  build: (b, spec, from) => {
    const [n = 1] = spec.windows, {dxAfter, mean} = BEGINS[spec.seed]!, rule = spec.zeroRule as ZeroRule, of = directionalOf(b, spec, from);
    const part = (x: Series): Series => derive(b, `di ${rule}`, [x, of.range], (d, r) => ratio(mul(100, d!), r!, rule));
    switch (spec.output) {
      case 'plusdm': return {plusdm: of.plus};
      case 'minusdm': return {minusdm: of.minus};
      case 'plusdi': return {plusdi: part(of.plus)};
      case 'minusdi': return {minusdi: part(of.minus)};
      default: {
        const dx = derive(b, `dx ${rule}`, [of.plus, of.minus], (p, m) => ratio(mul(100, abs(sub(p!, m!))), add(p!, m!), rule));
        if (spec.output === 'dx') return {dx};
        // where nothing moves, the mean goes on with what it had, as TA-Lib's does
        const known = rule === 'nan' ? lastFinite(b, dx) : dx, adx = smoothed(b, startingAt(known, dx.start + dxAfter), wilderOf(n, mean, mean === 'sma-seed' ? 'wilder' : 'blend'));
        return spec.output === 'adx' ? {adx} : {adxr: derive(b, 'adxr', [adx, lagged(b, adx, n - 1)], (x, old) => mul(add(x!, old!), 0.5))};
      }
    }
  },
};

/** Vortex: how far highs reach above the low before, and lows below the high before, over the true range. */
export const vortex: FeatureKind = {
  kind: 'vortex', outputs: ['vortexplus', 'vortexminus'], windowNames: ['window'], zeroRules: ['nan'],
  conventions: {inputs: ['high', 'low', 'price'], seed: 'none', nanPolicy: 'last', zeroRule: 'zero', scale: 'one'},
  build: (b, spec, from) => {
    const {high, low} = from.bar, [w = 1] = spec.windows, isPlus = spec.output === 'vortexplus';
    const reach = derive(b, 'reach', isPlus ? [high, lagged(b, low, 1)] : [low, lagged(b, high, 1)], (x, was) => abs(sub(x!, was!)));
    const sums = [reach, startingAt(trueRange(b, from.bar), reach.start)].map((x) => windowSum(b, x, w));
    return {[spec.output]: derive(b, `vortex ${spec.zeroRule}`, sums, (x, r) => ratio(x!, r!, spec.zeroRule as ZeroRule))};
  },
};

/** Vertical horizontal filter: the span of the last n prices over the way they went. */
export const vhf: FeatureKind = {
  kind: 'vhf', outputs: ['vhf'], windowNames: ['window'], zeroRules: ['nan'], conventions: {inputs: ['price'], seed: 'none', nanPolicy: 'last', tieRule: 'newest', zeroRule: 'zero', scale: 'one'},
  build: (b, spec, from) => {
    const [w = 1] = spec.windows, x = from.held('price');
    const way = windowSum(b, startingAt(derive(b, 'absolute change', [change(b, x)], (d) => abs(d!)), x.start + 1), w);
    return {vhf: derive(b, `vhf ${spec.zeroRule}`, [extreme(b, 'max', x, w), extreme(b, 'min', x, w), way], (h, l, y) => ratio(max(sub(h!, l!), 0), y!, spec.zeroRule as ZeroRule))};
  },
};
