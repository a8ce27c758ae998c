import {bearish, bullish, either, type Pattern} from './pattern.ts';
import {above, alike, all, any, bareBottom, bareTop, below, black, body, bottom, c, differ, doji, each, flip, gapDown, l, long, MEASURES, more, notAbove, notBelow, notLong, notMore, o, over, share, top, white, wholeGapUp, type Rule} from './rules.ts';

const {same} = MEASURES;
const turn = [black(1), white(0)];
/** A body within the one before it, which may share its ends. */
const harami = (size: Rule): Pattern => either([long(1), size, notAbove(top(0), top(1)), notBelow(bottom(0), bottom(1))], [black(1)], {firm: [below(top(0), top(1)), above(bottom(0), bottom(1))]});
const kick = [...each([1, 0], long, bareTop, bareBottom)];
/** A white bar that opens below the black one and comes back. */
const neck = [long(1), ...turn, below(o(0), l(1))];
/** It comes back so far into the body before. */
const pierced = (depth: number): Rule[] => [...neck, below(c(0), o(1)), above(c(0), over(c(1), share(body(1), depth)))];

/** Patterns of two bars. */
export const PAIRS: Readonly<Record<string, Pattern>> = {
  counterattack: either([...each([1, 0], long), alike(c, [0, 1])], turn),
  dojistar: either([long(1), doji(0)], [black(1), gapDown(0, 1)]),
  engulfing: either([], [...turn, any(all(notBelow(c(0), o(1)), below(o(0), c(1))), all(above(c(0), o(1)), notAbove(o(0), c(1))))], {firm: [differ(o(0), c(1)), differ(c(0), o(1))], waitTicks: 1}),
  harami: harami(notLong(0)),
  haramicross: harami(doji(0)),
  homingpigeon: bullish(black(1), black(0), long(1), notLong(0), below(o(0), o(1)), above(c(0), c(1))),
  inneck: bearish(...neck, notAbove(c(0), over(c(1), same(1))), notBelow(c(0), c(1))),
  kicking: either(kick, [...turn, wholeGapUp(0, 1)]),
  kickingbylength: either(kick, [any(all(...turn, wholeGapUp(0, 1), more(body(0), body(1))), flip(all(...turn, wholeGapUp(0, 1), notMore(body(0), body(1)))))]),
  matchinglow: bullish(black(1), black(0), alike(c, [0, 1])),
  onneck: bearish(...neck, alike(c, [0, 1], l)),
  piercing: bullish(...pierced(0.5), long(0)),
  separatinglines: either([alike(o, [0, 1]), long(0)], [...turn, bareBottom(0)]),
  thrusting: bearish(...neck, above(c(0), over(c(1), same(1))), notAbove(c(0), over(c(1), share(body(1), 0.5)))),
};

/** By how much of the body a close comes back into it. */
export const PAIRS_BY_DEPTH: Readonly<Record<string, (depth: number) => Pattern>> = {
  darkcloudcover: (depth) => bearish(...pierced(depth).map(flip)),
};
