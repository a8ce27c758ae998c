import {bearish, bullish, either, type Pattern} from './pattern.ts';
import {above, all, bareBottom, bareTop, below, black, body, bottom, c, each, gapDown, gapUp, h, inside, l, long, MEASURES, notAbove, notBelow, o, over, shadowAbove, share, short, top, under, white, type Rule} from './rules.ts';

const {near} = MEASURES;
/** Opens in the body before or near it. */
const nearBody = (bar: number): Rule => all(notBelow(o(bar), under(bottom(bar + 1), near(bar + 1))), notAbove(o(bar), over(top(bar + 1), near(bar + 1))));
/** A body that reaches into the range of the first bar. */
const inReach = (bar: number): Rule => all(below(bottom(bar), h(4)), above(top(bar), l(4)));

/** Patterns of four and five bars. */
export const SERIES_OF_BARS: Readonly<Record<string, Pattern>> = {
  '3blackcrows': bearish(white(3), ...each([2, 1, 0], black, bareBottom), inside(o(1), c(2), o(2)), inside(o(0), c(1), o(1)), above(h(3), c(2)), above(c(2), c(1)), above(c(1), c(0))),
  '3linestrike': either([nearBody(2), nearBody(1)], [...each([3, 2, 1], white), black(0), above(c(1), c(2)), above(c(2), c(3)), above(o(0), c(1)), below(c(0), o(3))]),
  breakaway: either([long(4)], [black(4), black(3), black(1), white(0), gapDown(3, 4), ...each([2, 1], (bar) => below(h(bar), h(bar + 1)), (bar) => below(l(bar), l(bar + 1))), inside(c(0), o(3), c(4))]),
  concealbabyswall: bullish(...each([3, 2, 1, 0], black), ...each([3, 2], bareBottom, bareTop), gapDown(1, 2), shadowAbove(1), above(h(1), c(2)), above(h(0), h(1)), below(l(0), l(1))),
  hikkakemod: either(each([2, 1], (bar) => below(h(bar), h(bar + 1)), (bar) => above(l(bar), l(bar + 1))), [below(h(0), h(1)), below(l(0), l(1)), notAbove(c(2), over(l(2), near(2)))], {confirmedWithinTicks: 3, waitTicks: 2}),
  ladderbottom: bullish(...each([4, 3, 2, 1], black), white(0), above(o(4), o(3)), above(o(3), o(2)), above(c(4), c(3)), above(c(3), c(2)), shadowAbove(1), above(o(0), o(1)), above(c(0), h(1))),
  risefall3methods: either([long(4), ...each([3, 2, 1], short, inReach), long(0)], [white(4), ...each([3, 2, 1], black), white(0), below(c(2), c(3)), below(c(1), c(2)), above(o(0), c(1)), above(c(0), c(4))]),
};

/** By how much of the first body the small ones may give back. */
export const SERIES_BY_DEPTH: Readonly<Record<string, (depth: number) => Pattern>> = {
  mathold: (depth) => bullish(
    long(4), ...each([3, 2, 1], short), white(4), black(3), white(0), gapUp(3, 4), ...each([2, 1], (bar) => inside(bottom(bar), under(c(4), share(body(4), depth)), c(4))),
    below(top(2), o(3)), below(top(1), top(2)), above(o(0), c(1)), ...each([3, 2, 1], (bar) => above(c(0), h(bar))),
  ),
};
