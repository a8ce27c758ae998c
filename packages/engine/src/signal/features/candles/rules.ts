import {abs, add, atMost, lessThan, mul, notEqual, select, sub, type Expression, type Test} from '../ir/expression.ts';
import type {Series} from '../series/series.ts';
import type {CandleView, Measure} from './view.ts';

// The words in which patterns are described. Bars are counted back: 0 is this one, 1 the one before.

/** A price or a size. */
type Part = (view: CandleView) => Series;
/** What must hold, and from which tick on it means something. */
export interface Condition {readonly test: Test; readonly start: number}
export type Rule = (view: CandleView) => Condition;

export const o = (bar: number): Part => (view) => view.price('open', bar);
export const h = (bar: number): Part => (view) => view.price('high', bar);
export const l = (bar: number): Part => (view) => view.price('low', bar);
export const c = (bar: number): Part => (view) => view.price('close', bar);
export const top = (bar: number): Part => (view) => view.top(bar);
export const bottom = (bar: number): Part => (view) => view.bottom(bar);
export const middle = (bar: number): Part => (view) => view.middle(bar);
export const body = (bar: number): Part => (view) => view.body(bar);
export const upper = (bar: number): Part => (view) => view.upperShadow(bar);
export const lower = (bar: number): Part => (view) => view.lowerShadow(bar);

const measure = (of: Measure['of'], ticks: number, factor: number) => (bar: number): Part => (view) => view.measured({of, ticks, factor}, bar);
/** TA-Lib's settings as it comes. */
export const MEASURES = {
  bodyLong: measure('body', 10, 1), bodyShort: measure('body', 10, 1), bodyDoji: measure('range', 10, 0.1),
  shadowLong: measure('body', 0, 1), shadowVeryLong: measure('body', 0, 2), shadowShort: measure('shadows', 10, 1), shadowVeryShort: measure('range', 10, 0.1),
  near: measure('range', 5, 0.2), far: measure('range', 5, 0.6), same: measure('range', 5, 0.05),
};
const {bodyLong, bodyShort, bodyDoji, shadowLong, shadowVeryLong, shadowShort, shadowVeryShort, same} = MEASURES;

/** A part of a size. */
export const share = (size: Part, factor: number): Part => (view) => view.join(`share ${factor}`, [size(view)], (x) => mul(x!, factor));
const moved = (isUp: boolean) => (price: Part, size: Part): Part => (view) => {
  const further = isUp !== view.isFlipped;
  return view.join(further ? 'over' : 'under', [price(view), size(view)], (x, d) => (further ? add(x!, d!) : sub(x!, d!)));
};
/** So much above a price, and below it. */
export const over = moved(true);
export const under = moved(false);
export const moreBy = (size: Part, by: Part): Part => (view) => view.join('more by', [size(view), by(view)], (x, d) => add(x!, d!));
export const lessBy = (size: Part, by: Part): Part => (view) => view.join('less by', [size(view), by(view)], (x, d) => sub(x!, d!));
/** |size - other| */
export const unlike = (size: Part, other: Part): Part => (view) => view.join('unlike', [size(view), other(view)], (x, y) => abs(sub(x!, y!)));

const compared = (a: Part, b: Part, test: (x: Expression, y: Expression, view: CandleView) => Test): Rule => (view) => {
  const x = a(view), y = b(view);
  return {test: test(x.value, y.value, view), start: Math.max(x.start, y.start)};
};
export const above = (a: Part, b: Part): Rule => compared(a, b, (x, y, {isFlipped}) => (isFlipped ? lessThan(x, y) : lessThan(y, x)));
export const below = (a: Part, b: Part): Rule => above(b, a);
export const notBelow = (a: Part, b: Part): Rule => compared(a, b, (x, y, {isFlipped}) => (isFlipped ? atMost(x, y) : atMost(y, x)));
export const notAbove = (a: Part, b: Part): Rule => notBelow(b, a);
export const differ = (a: Part, b: Part): Rule => compared(a, b, notEqual);
/** Sizes: no mirror turns them. */
export const less = (a: Part, b: Part): Rule => compared(a, b, lessThan);
export const more = (a: Part, b: Part): Rule => less(b, a);
export const notMore = (a: Part, b: Part): Rule => compared(a, b, atMost);

const isTrue = (value: Expression): Test => lessThan(0, value);
const latest = (list: readonly Condition[]): number => Math.max(0, ...list.map(({start}) => start));
/** `value` where all hold, else `otherwise`. */
export const where = (list: readonly Condition[], value: Expression, otherwise: Expression): Expression =>
  (list.length === 1 ? select(list[0]!.test, value, otherwise) : select(isTrue(list.reduceRight<Expression>((inner, {test}) => select(test, inner, 0), {k: 'const', value: 1})), value, otherwise));
export const all = (...rules: readonly Rule[]): Rule => (view) => {
  const list = rules.map((rule) => rule(view));
  return {test: isTrue(list.reduceRight<Expression>((inner, {test}) => select(test, inner, 0), {k: 'const', value: 1})), start: latest(list)};
};
export const any = (...rules: readonly Rule[]): Rule => (view) => {
  const list = rules.map((rule) => rule(view));
  return {test: isTrue(list.reduceRight<Expression>((inner, {test}) => select(test, 1, inner), {k: 'const', value: 0})), start: latest(list)};
};
/** The same seen in the mirror: what it says of rising bars, of falling ones. */
export const flip = (rule: Rule): Rule => (view) => rule(view.mirrored);
/** The rules for each of the bars. */
export const each = (bars: readonly number[], ...rules: readonly ((bar: number) => Rule)[]): Rule[] => bars.flatMap((bar) => rules.map((rule) => rule(bar)));

/** Closes where it opened or above; a body of nothing is white. */
export const white = (bar: number): Rule => (view) => {
  const open = view.price('open', bar), close = view.price('close', bar);
  return {test: view.isFlipped ? lessThan(close.value, open.value) : atMost(open.value, close.value), start: open.start};
};
export const black = (bar: number): Rule => flip(white(bar));

export const long = (bar: number): Rule => more(body(bar), bodyLong(bar));
export const short = (bar: number): Rule => less(body(bar), bodyShort(bar));
export const notLong = (bar: number): Rule => notMore(body(bar), bodyShort(bar));
export const notShort = (bar: number): Rule => more(body(bar), bodyShort(bar));
export const doji = (bar: number): Rule => notMore(body(bar), bodyDoji(bar));
/** As good as no shadow. */
export const bareTop = (bar: number): Rule => less(upper(bar), shadowVeryShort(bar));
export const bareBottom = (bar: number): Rule => less(lower(bar), shadowVeryShort(bar));
/** Some shadow. */
export const shadowAbove = (bar: number): Rule => more(upper(bar), shadowVeryShort(bar));
export const shadowBelow = (bar: number): Rule => more(lower(bar), shadowVeryShort(bar));
/** A shadow longer than the body. */
export const longAbove = (bar: number): Rule => more(upper(bar), shadowLong(bar));
export const longBelow = (bar: number): Rule => more(lower(bar), shadowLong(bar));
/** A shadow longer than two bodies. */
export const veryLongAbove = (bar: number): Rule => more(upper(bar), shadowVeryLong(bar));
export const veryLongBelow = (bar: number): Rule => more(lower(bar), shadowVeryLong(bar));
export const shortAbove = (bar: number): Rule => less(upper(bar), shadowShort(bar));
export const shortBelow = (bar: number): Rule => less(lower(bar), shadowShort(bar));

/** A body that lies wholly above another one. */
export const gapUp = (bar: number, last: number): Rule => above(bottom(bar), top(last));
export const gapDown = (bar: number, last: number): Rule => below(top(bar), bottom(last));
/** A bar that does, shadows and all. */
export const wholeGapUp = (bar: number, last: number): Rule => above(l(bar), h(last));
/** No further apart than so much. */
export const within = (a: Part, b: Part, size: Part): Rule => all(notAbove(a, over(b, size)), notBelow(a, under(b, size)));
/** As good as the same price; measured at the bar that was first. */
export const alike = (a: (bar: number) => Part, bars: readonly [number, number], b: (bar: number) => Part = a): Rule => within(a(bars[0]), b(bars[1]), same(bars[1]));
/** Between two prices, and neither of them. */
export const inside = (x: Part, low: Part, high: Part): Rule => all(above(x, low), below(x, high));
