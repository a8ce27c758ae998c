import type {FeatureKind} from '../feature-kind.ts';
import {add, atMost, before, equal, lessThan, max, min, mul, num, select, sub, type Expression, type Test} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import {extreme as extremeOf} from '../series/extremes.ts';
import {derive, previous, startingAt, trueRange, type Bar} from '../series/inputs.ts';
import {smoothed, wilderOf, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';

const both = (one: Test, two: Test): Test => lessThan(0, select(one, select(two, 1, 0), 0));
const either = (one: Test, two: Test): Test => lessThan(0, select(one, 1, select(two, 1, 0)));

/** What the stop keeps from tick to tick. */
interface Stop {readonly sar: Expression; readonly extreme: Expression; readonly step: Expression; readonly isLong: Expression}
interface Now {readonly high: Expression; readonly low: Expression; readonly highWas: Expression; readonly lowWas: Expression; readonly highBefore: Expression; readonly lowBefore: Expression}

/** Tulip's: moves the stop first, then looks whether the bar broke it. */
const tulipStep = (u: UnitWriter, s: Stop, now: Now, {step, most, first}: {step: number; most: number; first: number}): {shown: Expression; kept: Stop} => {
  const long: Test = lessThan(0, s.isLong), choose = (a: Expression | number, b: Expression | number): Expression => u.let(select(long, a, b));
  const moved = u.let(add(mul(sub(s.extreme, s.sar), s.step), s.sar));
  const held = choose(min(min(moved, select(before(first + 2), moved, now.lowBefore)), now.lowWas), max(max(moved, select(before(first + 2), moved, now.highBefore)), now.highWas));
  const isFurther = u.let(select(long, select(lessThan(s.extreme, now.high), 1, 0), select(lessThan(now.low, s.extreme), 1, 0)));
  const quicker = u.let(select(both(lessThan(0, isFurther), lessThan(s.step, most)), min(add(s.step, step), most), s.step));
  const furthest = choose(max(s.extreme, now.high), min(s.extreme, now.low));
  const isBroken = u.let(select(long, select(lessThan(now.low, held), 1, 0), select(lessThan(held, now.high), 1, 0)));
  const broken: Test = lessThan(0, isBroken), turn = (a: Expression | number, b: Expression | number): Expression => u.let(select(broken, a, b));
  const sar = turn(furthest, held);
  return {shown: sar, kept: {sar, extreme: turn(select(long, now.low, now.high), furthest), step: turn(step, quicker), isLong: turn(sub(1, s.isLong), s.isLong)}};
};

/** Begins after the second bar: upwards where `up` says so, from the first bar's low (or high). */
const sarSeries = (b: ProgramBuilder, bar: Bar, params: {step: number; most: number; seed: string}): Record<'sar' | 'side', Series> => {
  const isTalipp = params.seed === 'talipp', five = isTalipp ? {low: extremeOf(b, 'min', bar.low, 5), high: extremeOf(b, 'max', bar.high, 5)} : null;
  const {high, low} = bar, {step, most, seed} = params, highWas = previous(b, high), lowWas = previous(b, low), highBefore = previous(b, highWas), lowBefore = previous(b, lowWas);
  const key = `sar ${seed} ${step} ${most} ${high.key} ${low.key}`;
  return b.unit(key, (u) => {
    const [sar, extreme, pace, side] = [u.slot(), u.slot(), u.slot(), u.slot()], first = high.start;
    const now: Now = {high: high.value, low: low.value, highWas: highWas.value, lowWas: lowWas.value, highBefore: highBefore.value, lowBefore: lowBefore.value};
    const isYoung = before(first + (isTalipp ? 5 : 2));
    const up = isTalipp ? equal(0, 0) : seed === 'tulip' ? atMost(add(now.highWas, now.lowWas), add(now.high, now.low)) : atMost(sub(now.lowWas, now.low), max(sub(now.high, now.highWas), 0));
    const begunUp = u.let(select(isYoung, select(up, 1, 0), u.load(side)));
    const own = (slot: number, ifUp: Expression, ifDown: Expression): Expression => u.let(select(isYoung, select(lessThan(0, begunUp), ifUp, ifDown), u.load(slot)));
    const furthest = five !== null ? own(extreme!, five.high.value, five.low.value) : seed === 'tulip' ? own(extreme!, now.highWas, now.lowWas) : own(extreme!, now.high, now.low);
    const begin: Stop = {sar: five === null ? own(sar!, now.lowWas, now.highWas) : own(sar!, five.low.value, five.high.value), extreme: furthest, step: u.let(select(isYoung, step, u.load(pace!))), isLong: begunUp};
    // TA-Lib has no bar before its first one
    const atFirst = (was: Expression, value: Expression): Expression => u.let(select(isYoung, value, was));
    const {shown, kept} = seed !== 'talib' ? tulipStep(u, begin, now, {step, most, first}) : talibStep(u, begin, {...now, highWas: atFirst(now.highWas, now.high), lowWas: atFirst(now.lowWas, now.low)}, {long: {init: step, step, most}, short: {init: step, step, most}, offset: 0});
    // talipp shows the five bars that it begins with before it takes a step
    const shownNow = isTalipp ? u.let(select(isYoung, begin.sar, shown)) : shown;
    const keptParts = [[sar, kept.sar, begin.sar], [extreme, kept.extreme, begin.extreme], [pace, kept.step, begin.step], [side, kept.isLong, begin.isLong]] as const;
    for (const [slot, value, fresh] of keptParts) u.set(slot!, isTalipp ? select(isYoung, fresh, value) : value);
    const as = (name: string, value: Expression): Series => ({key: `${name} ${key}`, value, start: first + (isTalipp ? 4 : 1), inputs: []});
    return {sar: as('stop', shownNow), side: as('side', u.let(sub(mul(2, kept.isLong), 1)))};
  });
};

/** How fast a stop follows on one side: where it begins, what each new extreme adds, and the most of it. */
export interface Pace {readonly init: number; readonly step: number; readonly most: number}
/** Both sides' paces, and by which part of itself a stop stands off when it turns. */
export interface Paces {readonly long: Pace; readonly short: Pace; readonly offset: number}

/** TA-Lib's: looks first, shows, then moves the stop for the next bar. */
export const talibStep = (u: UnitWriter, s: Stop, now: Now, {long: up, short: down, offset}: Paces): {shown: Expression; kept: Stop} => {
  const long: Test = lessThan(0, s.isLong), pick = (test: Test, a: Expression | number, b: Expression | number): Expression => u.let(select(test, a, b));
  const bySide = (name: keyof Pace, isLong: Test): Expression => (up[name] === down[name] ? num(up[name]) : u.let(select(isLong, up[name], down[name])));
  const isBroken = u.let(select(long, select(atMost(now.low, s.sar), 1, 0), select(atMost(s.sar, now.high), 1, 0))), broken: Test = lessThan(0, isBroken);
  const edge = pick(long, max(max(s.extreme, now.highWas), now.high), min(min(s.extreme, now.lowWas), now.low));
  const turned = offset === 0 ? edge : pick(long, add(edge, mul(edge, offset)), sub(edge, mul(edge, offset)));
  const isFurther = u.let(select(long, select(lessThan(s.extreme, now.high), 1, 0), select(lessThan(now.low, s.extreme), 1, 0)));
  const isLong = pick(broken, sub(1, s.isLong), s.isLong), longNow: Test = lessThan(0, isLong);
  const pace = pick(broken, bySide('init', longNow), select(lessThan(0, isFurther), min(add(s.step, bySide('step', long)), bySide('most', long)), s.step));
  const extreme = pick(broken, select(long, now.low, now.high), select(long, max(s.extreme, now.high), min(s.extreme, now.low))), shown = pick(broken, turned, s.sar);
  const moved = u.let(add(shown, mul(pace, sub(extreme, shown))));
  const next = pick(longNow, min(min(moved, now.lowWas), now.low), max(max(moved, now.highWas), now.high));
  return {shown, kept: {sar: next, extreme, step: pace, isLong}};
};

/** Parabolic stop and reverse, and on which side of it the market is (1 above, -1 below). `tulip` and `talib` begin and break differently; `talipp` begins with the extremes of five bars, upwards. */
export const parabolic: FeatureKind = {
  kind: 'psar', outputs: ['psar', 'psarside'], windowNames: [], paramNames: ['step', 'most'], seeds: ['tulip', 'talipp'], conventions: {inputs: ['high', 'low'], seed: 'talib', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const [step = 0.02, most = 0.2] = spec.params, high = from.held('high'), made = sarSeries(b, {high, low: from.held('low'), price: high}, {step, most, seed: spec.seed});
    return spec.output === 'psar' ? {psar: made.sar} : {psarside: made.side};
  },
};

/** A stop so many true ranges from the middle of the bar that only tightens, until a close breaks it; and its side. It begins on the side of the first close; with `talipp` below, one bar later. */
export const supertrend: FeatureKind = {
  kind: 'supertrend', outputs: ['supertrend', 'supertrendside'], windowNames: ['periods'], paramNames: ['ranges'], seeds: ['first-value', 'sma-seed', 'ewm-adjust', 'talipp'],
  conventions: {inputs: ['high', 'low', 'price'], seed: 'talib', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const {bar} = from, [n = 1] = spec.windows, [ranges = 3] = spec.params, range = trueRange(b, bar), isTalipp = spec.seed === 'talipp', seed = (spec.seed === 'talib' || isTalipp ? 'sma-seed' : spec.seed) as Seed;
    const mean = smoothed(b, spec.seed === 'talib' ? startingAt(range, range.start + 1) : range, wilderOf(n, seed, seed === 'sma-seed' ? 'wilder' : 'blend'));
    const middle = derive(b, 'medprice', [bar.high, bar.low], (h, l) => mul(add(h!, l!), 0.5)), was = previous(b, bar.price), begin = mean.start + (isTalipp ? 1 : 0), key = `supertrend ${isTalipp} ${ranges} ${mean.key}`;
    const made = b.unit(key, (u) => {
      const [upper, lower, side] = [u.slot(), u.slot(), u.slot()], isFirst = before(begin + 1);
      const off = u.let(mul(ranges, mean.value)), high = u.let(add(middle.value, off)), low = u.let(sub(middle.value, off)), top = u.let(u.load(upper)), bottom = u.let(u.load(lower));
      const first = (fresh: Expression, later: Expression): Expression => u.let(select(isFirst, fresh, later));
      const ceiling = first(high, select(either(lessThan(high, top), lessThan(top, was.value)), high, top)), base = first(low, select(either(lessThan(bottom, low), lessThan(was.value, bottom)), low, bottom));
      const isUp = u.let(select(isFirst, isTalipp ? 0 : select(lessThan(middle.value, bar.price.value), 1, 0), u.load(side)));
      const now = u.let(select(equal(isUp, 1), select(lessThan(bar.price.value, base), 0, 1), select(lessThan(ceiling, bar.price.value), 1, 0)));
      u.set(upper, ceiling); u.set(lower, base); u.set(side, now);
      const as = (name: string, value: Expression): Series => ({key: `${name} ${key}`, value: u.let(value), start: begin, inputs: []});
      return {stop: as('stop', select(equal(now, 1), base, ceiling)), side: as('side', sub(mul(2, now), 1))};
    });
    return spec.output === 'supertrend' ? {supertrend: made.stop} : {supertrendside: made.side};
  },
};
