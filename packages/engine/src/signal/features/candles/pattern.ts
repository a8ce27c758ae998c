import {atMost, before, lessThan, max, notEqual, num, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder, UnitWriter} from '../ir/program-builder.ts';
import type {Series} from '../series/series.ts';
import {flip, where, type Condition, type Rule} from './rules.ts';
import {CandleView, type Candle} from './view.ts';

/** What a pattern is: 100 where `common` and `rise` hold, -100 where `common` and `fall` do, else 0. */
export interface Pattern {
  readonly common?: readonly Rule[];
  readonly rise?: readonly Rule[];
  readonly fall?: readonly Rule[];
  /** where these do not hold it is 80 that it comes to, not 100 */
  readonly firm?: readonly Rule[];
  /** 200 (or -200) on the first of so many bars after it that closes beyond the bar before it */
  readonly confirmedWithinTicks?: number;
  /** bars without a value besides those that are looked at */
  readonly waitTicks?: number;
}

export const bullish = (...rise: readonly Rule[]): Pattern => ({rise});
export const bearish = (...fall: readonly Rule[]): Pattern => ({fall});
/** `common` holds on both sides; `rise` is what it takes to be 100, and seen in the mirror to be -100. */
export const either = (common: readonly Rule[], rise: readonly Rule[], more: Pattern = {}): Pattern => ({...more, common, rise, fall: rise.map(flip)});

const conditions = (view: CandleView, rules: readonly Rule[] = []): Condition[] => rules.map((rule) => rule(view));
const ZERO = num(0);

/** The bar before the pattern is what a later close must pass. */
const confirmed = (u: UnitWriter, view: CandleView, {value, ticks, start}: {value: Expression; ticks: number; start: number}): Expression => {
  const sign = u.slot(), level = u.slot(), left = u.slot(), isNew = u.let(select(before(start), 0, value));
  const [side, line, count] = [u.let(u.load(sign)), u.let(u.load(level)), u.let(u.load(left))], close = view.price('close', 0).value;
  const passed = u.let(select(atMost(count, 0), 0, select(lessThan(0, side), select(lessThan(line, close), 200, 0), select(lessThan(close, line), -200, 0))));
  const isFresh = (fresh: Expression | number, old: Expression): Expression => select(notEqual(isNew, 0), fresh, old);
  const high = view.price('high', 1).value, low = view.price('low', 1).value;
  u.set(sign, isFresh(isNew, side));
  u.set(level, isFresh(select(lessThan(0, isNew), high, low), line));
  u.set(left, isFresh(ticks, select(notEqual(passed, 0), 0, max(sub(count, 1), 0))));
  return u.let(isFresh(isNew, passed));
};

/** The value of a pattern on every bar; 0 counts from the first bar on for which TA-Lib has a value. */
export const patternSeries = (b: ProgramBuilder, candle: Candle, {name, pattern}: {name: string; pattern: Pattern}): Series => {
  const key = `pattern ${name} (${Object.values<Series>({...candle}).map((x) => x.key).join(', ')})`;
  return b.unit(key, (u) => {
    const view = new CandleView(b, candle), common = conditions(view, pattern.common), rise = conditions(view, pattern.rise), fall = conditions(view, pattern.fall), firm = conditions(view, pattern.firm);
    const size = pattern.firm === undefined ? num(100) : u.let(where(firm, num(100), num(80)));
    const negative = pattern.firm === undefined ? num(-100) : u.let(sub(0, size));
    const falling = pattern.fall === undefined ? ZERO : u.let(where(fall, negative, ZERO)), signed = pattern.rise === undefined ? falling : u.let(where(rise, size, falling));
    const value = common.length === 0 ? signed : u.let(where(common, signed, ZERO)), natural = Math.max(...[...common, ...rise, ...fall, ...firm].map(({start}) => start));
    const shown = pattern.confirmedWithinTicks === undefined ? value : confirmed(u, view, {value, ticks: pattern.confirmedWithinTicks, start: natural});
    // TA-Lib begins where the longest mean is full for the first bar of the pattern, whichever bar it is for
    const start = Math.max(...Object.values<Series>({...candle}).map((x) => x.start)) + view.seen.lag + view.seen.ticks + (pattern.waitTicks ?? 0);
    return {key, value: shown, start: Math.max(start, natural), inputs: []};
  });
};
