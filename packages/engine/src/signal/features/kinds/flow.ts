import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {abs, add, before, div, equal, lessThan, max, min, mul, select, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {change, derive, previous} from '../series/inputs.ts';
import {smoothed, spanOf, total, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import type {Sources} from '../series/sources.ts';
import {windowSum} from '../series/window-means.ts';
import {ratio, type ZeroRule} from '../series/window-moments.ts';

const bars = {inputs: ['high', 'low', 'price', 'volume'], seed: 'none', nanPolicy: 'last', zeroRule: 'zero', scale: 'volume'} as const;
const traded = {inputs: ['price', 'volume'], seed: 'none', nanPolicy: 'last', scale: 'value'} as const;

/** Negative and positive volume index, from `start`: follow the price on ticks with less (more) volume than the one before. */
export const volumeIndex: FeatureKind = {
  kind: 'volumeindex', outputs: ['nvi', 'pvi'], windowNames: [], paramNames: ['start'], conventions: traded,
  build: (b, spec, from) => {
    const p = from.held('price'), v = from.held('volume'), was = previous(b, p), wasV = previous(b, v), key = `${spec.output} ${spec.params[0]} ${p.key} ${v.key}`;
    return {[spec.output]: b.unit(key, (u) => {
      const slot = u.slot(), last = u.load(slot);
      const counts = spec.output === 'nvi' ? lessThan(v.value, wasV.value) : lessThan(wasV.value, v.value);
      const moved = u.let(add(last, mul(div(sub(p.value, was.value), was.value), last)));
      const value = u.let(select(before(was.start), spec.params[0]!, select(counts, moved, last)));
      u.set(slot, value);
      return {key, value, start: p.start, inputs: []};
    })};
  },
};

/** Ease of movement: how far the middle of the bar went, times its height, per `scale` of volume. */
export const easeOfMovement: FeatureKind = {
  kind: 'emv', outputs: ['emv'], windowNames: [], paramNames: ['scale'], zeroRules: ['nan'], conventions: {...bars, inputs: ['high', 'low', 'volume']},
  build: (b, spec, from) => {
    const h = from.held('high'), l = from.held('low'), middle = derive(b, 'medprice', [h, l], (x, y) => mul(add(x!, y!), 0.5)), was = previous(b, middle);
    return {emv: derive(b, `emv ${spec.params[0]} ${spec.zeroRule}`, [middle, was, h, l, from.held('volume')], (m, w, x, y, v) => ratio(mul(mul(sub(m!, w!), sub(x!, y!)), spec.params[0]!), v!, spec.zeroRule as ZeroRule))};
  },
};

/** Market facilitation: height of the bar per volume. */
export const facilitation: FeatureKind = {
  kind: 'marketfi', outputs: ['marketfi'], windowNames: [], zeroRules: ['nan'], conventions: {...bars, inputs: ['high', 'low', 'volume']},
  build: (b, spec, from) => ({marketfi: derive(b, `marketfi ${spec.zeroRule}`, [from.held('high'), from.held('low'), from.held('volume')], (h, l, v) => ratio(sub(h!, l!), v!, spec.zeroRule as ZeroRule))}),
};

const moneyFlow = (b: ProgramBuilder, from: Sources): Series => derive(b, 'accumulation', [from.held('high'), from.held('low'), from.held('price'), from.held('volume')], (h, l, p, v) => mul(ratio(sub(sub(p!, l!), sub(h!, p!)), sub(h!, l!), 'zero'), v!));

/** Chaikin's money flow over a window, and what it is made of: multiplier and volume of one bar. */
export const chaikinFlow: FeatureKind = {
  kind: 'cmf', outputs: ['cmf', 'mfm', 'mfv'], windowNames: ['window'], zeroRules: ['nan'], conventions: bars,
  build: (b, spec, from) => {
    const flow = moneyFlow(b, from), [w = 1] = spec.windows, {high, low, price} = from.bar;
    if (spec.output === 'mfv') return {mfv: flow};
    if (spec.output === 'mfm') return {mfm: derive(b, 'multiplier', [high, low, price], (h, l, p) => ratio(sub(sub(p!, l!), sub(h!, p!)), sub(h!, l!), 'zero'))};
    return {cmf: derive(b, `cmf ${spec.zeroRule}`, [windowSum(b, flow, w), windowSum(b, from.held('volume'), w)], (f, v) => ratio(f!, v!, spec.zeroRule as ZeroRule))};
  },
};

/** Williams' accumulation: what the close gained on the true low, or lost to the true high, added up from the second tick on. */
export const williamsAccumulation: FeatureKind = {
  kind: 'wad', outputs: ['wad'], windowNames: [], conventions: {...bars, inputs: ['high', 'low', 'price'], scale: 'price'},
  build: (b, _spec, from) => {
    const {high, low, price} = from.bar, was = previous(b, price);
    const step = derive(b, 'accumulated', [price, was, high, low], (p, o, h, l) => select(lessThan(o!, p!), sub(p!, min(o!, l!)), select(lessThan(p!, o!), sub(p!, max(o!, h!)), 0)));
    return {wad: total(b, step)};
  },
};

/** Force: change times volume, smoothed. Price and volume trend: relative change times volume, added up. */
export const force: FeatureKind = {
  kind: 'force', outputs: ['force'], windowNames: ['span'], seeds: ['sma-seed', 'ewm-adjust'], conventions: {...traded, seed: 'first-value', scale: 'volume'},
  build: (b, spec, from) => {
    const p = from.held('price'), step = derive(b, 'force', [p, previous(b, p), from.held('volume')], (x, was, v) => mul(sub(x!, was!), v!));
    return {force: smoothed(b, step, spanOf(spec.windows[0]!, spec.seed as Seed))};
  },
};
export const priceVolumeTrend: FeatureKind = {
  kind: 'pvt', outputs: ['pvt'], windowNames: [], conventions: {...traded, zeroRule: 'zero', scale: 'volume'},
  build: (b, _spec, from) => {
    const p = from.held('price');
    return {pvt: total(b, derive(b, 'trend', [p, previous(b, p), from.held('volume')], (x, was, v) => mul(ratio(sub(x!, was!), was!, 'zero'), v!)))};
  },
};

/** Volume that Klinger's oscillator smooths: by the trend of the bars, and by how much of the move since it began this bar is. */
const klingerForce = (b: ProgramBuilder, from: Sources, isWide: boolean): Series => {
  const {high, low, price} = from.bar, volume = from.held('volume');
  const sum = derive(b, 'bar sum', [high, low, price], (h, l, p) => add(add(h!, l!), p!)), height = derive(b, 'height', [high, low], (h, l) => sub(h!, l!));
  const turn = change(b, sum), wasHeight = previous(b, height), key = `klinger ${isWide} (${sum.key}, ${volume.key})`;
  return b.unit(key, (u) => {
    const [trend, measure] = [u.slot(), u.slot()], isFirst = before(sum.start + (isWide ? 3 : 2));
    // -1 falling, 1 rising, 0 neither yet; the wide one lets what does not move fall
    const side = u.let(select(isFirst, 0, u.load(trend!))), now = u.let(select(lessThan(0, turn.value), 1, isWide ? -1 : select(lessThan(turn.value, 0), -1, side)));
    const moved = u.let(select(equal(now, side), select(isFirst, 0, u.load(measure!)), wasHeight.value)), way = u.let(add(moved, height.value));
    u.set(trend!, now); u.set(measure!, way);
    const share = u.let(isWide ? abs(mul(2, sub(ratio(height.value, way, 'zero'), 1))) : abs(sub(mul(ratio(height.value, way, 'zero'), 2), 1)));
    return {key, value: u.let(mul(mul(mul(volume.value, share), 100), select(lessThan(now, 0), -1, 1))), start: sum.start + (isWide ? 2 : 1), inputs: []};
  });
};

/** Klinger's oscillator: quick less calm mean of its volume, which is |2 m/c - 1| of the bar's, or |2 (m/c - 1)| (`kvowide`). Before the first change the trend counts as up. */
export const klinger: FeatureKind = {
  kind: 'kvo', outputs: ['kvo', 'kvowide'], windowNames: ['fast', 'slow'], seeds: ['sma-seed', 'ewm-adjust'], conventions: {...bars, seed: 'first-value'},
  build: (b, spec, from) => {
    const x = klingerForce(b, from, spec.output === 'kvowide'), [fast, slow] = spec.windows.map((w) => smooth(b, x, w, spec));
    return {[spec.output]: derive(b, 'kvo', [fast!, slow!], (f, s) => sub(f!, s!))};
  },
};
const smooth = (b: ProgramBuilder, x: Series, w: number, spec: FeatureSpec): Series => smoothed(b, x, spanOf(w, spec.seed as Seed));
