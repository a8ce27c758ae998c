import {bearish, bullish, either, type Pattern} from './pattern.ts';
import {above, alike, all, any, bareBottom, bareTop, below, black, body, bottom, c, doji, each, flip, gapDown, gapUp, h, inside, l, less, lessBy, long, longAbove, longBelow, MEASURES, more, moreBy, notAbove, notBelow, notLong, notMore, notShort, o, over, share, shadowBelow, short, shortAbove, top, unlike, upper, white, wholeGapUp, within, under, type Rule} from './rules.ts';

const {bodyDoji, near, far, same, shadowShort} = MEASURES;
const rising = above(c(0), c(1)), risingBefore = above(c(1), c(2));
/** Opens within the body before or near above it. */
const steps = (bar: number): Rule[] => [above(o(bar), o(bar + 1)), notAbove(o(bar), over(c(bar + 1), near(bar + 1)))];
const threeWhite = [...each([2, 1, 0], white), rising, risingBefore];
const caught = [notLong(1), below(top(1), top(2)), above(bottom(1), bottom(2))];
/** A small body between a black and a white one. */
const star = (size: Rule): Rule[] => [long(2), size, notShort(0), black(2), white(0)];
const recovered = (depth: number): Rule => above(c(0), over(c(2), share(body(2), depth)));
const crows = [white(2), long(2), black(1), gapUp(1, 2), black(0)];
const weakened = any(
  all(less(body(1), lessBy(body(2), far(2))), less(body(0), moreBy(body(1), near(1)))), less(body(0), lessBy(body(1), far(1))),
  all(less(body(0), body(1)), less(body(1), body(2)), any(more(upper(0), shadowShort(0)), more(upper(1), shadowShort(1)))), all(less(body(0), body(1)), longAbove(0)),
);

/** Patterns of three bars. */
export const TRIPLES: Readonly<Record<string, Pattern>> = {
  '2crows': bearish(...crows, inside(o(0), c(1), o(1)), inside(c(0), o(2), c(2))),
  '3inside': either([long(2), ...caught], [black(2), white(0), above(c(0), o(2))]),
  '3outside': either([], [white(1), black(2), above(c(1), o(2)), below(o(1), c(2)), rising], {waitTicks: 1}),
  '3starsinsouth': bullish(...each([2, 1, 0], black), long(2), longBelow(2), less(body(1), body(2)), above(o(1), c(2)), notAbove(o(1), h(2)), below(l(1), c(2)), notBelow(l(1), l(2)), shadowBelow(1), short(0), bareBottom(0), bareTop(0), above(l(0), l(1)), below(h(0), h(1))),
  '3whitesoldiers': bullish(...threeWhite, ...each([2, 1, 0], bareTop), ...steps(1), ...steps(0), more(body(1), lessBy(body(2), far(2))), more(body(0), lessBy(body(1), far(1))), notShort(0)),
  advanceblock: bearish(...threeWhite, ...steps(1), ...steps(0), long(2), shortAbove(2), weakened),
  gapsidesidewhite: either([white(1), white(0), within(body(0), body(1), near(1)), within(o(0), o(1), same(1))], [gapUp(1, 2), gapUp(0, 2)]),
  hikkake: either([below(h(1), h(2)), above(l(1), l(2))], [below(h(0), h(1)), below(l(0), l(1))], {confirmedWithinTicks: 3, waitTicks: 3}),
  identical3crows: bearish(...each([2, 1, 0], black, bareBottom), above(c(2), c(1)), above(c(1), c(0)), within(o(1), c(2), same(2)), within(o(0), c(1), same(1))),
  stalledpattern: bearish(...threeWhite, long(2), long(1), bareTop(1), ...steps(1), short(0), notBelow(o(0), under(under(c(1), body(0)), near(1)))),
  sticksandwich: bullish(black(2), white(1), black(0), above(l(1), c(2)), alike(c, [0, 2])),
  tasukigap: either([less(unlike(body(1), body(0)), near(1))], [gapUp(1, 2), white(1), black(0), inside(o(0), o(1), c(1)), below(c(0), o(1)), above(c(0), top(2))]),
  tristar: either(each([2, 1, 0], (bar) => notMore(body(bar), bodyDoji(2))), [gapDown(1, 2), above(bottom(0), bottom(1))]),
  unique3river: bullish(long(2), black(2), black(1), above(c(1), c(2)), notAbove(o(1), o(2)), below(l(1), l(2)), short(0), white(0), above(o(0), l(1))),
  upsidegap2crows: bearish(...crows, notLong(1), above(o(0), o(1)), below(c(0), c(1)), above(c(0), c(2))),
  xsidegap3methods: either([inside(o(0), bottom(1), top(1)), inside(c(0), bottom(2), top(2))], [white(2), white(1), black(0), gapUp(1, 2)]),
};

/** By how much of the first body the third closes back into it. */
export const TRIPLES_BY_DEPTH: Readonly<Record<string, (depth: number) => Pattern>> = {
  abandonedbaby: (depth) => either([], [...star(doji(1)), recovered(depth), flip(wholeGapUp(1, 2)), wholeGapUp(0, 1)]),
  eveningdojistar: (depth) => bearish(...[...star(doji(1)), gapDown(1, 2), recovered(depth)].map(flip)),
  eveningstar: (depth) => bearish(...[...star(notLong(1)), gapDown(1, 2), recovered(depth)].map(flip)),
  morningdojistar: (depth) => bullish(...star(doji(1)), gapDown(1, 2), recovered(depth)),
  morningstar: (depth) => bullish(...star(notLong(1)), gapDown(1, 2), recovered(depth)),
};
