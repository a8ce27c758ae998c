import {bearish, bullish, either, type Pattern} from './pattern.ts';
import {any, bareBottom, bareTop, body, bottom, doji, gapDown, gapUp, h, l, long, longAbove, longBelow, lower, MEASURES, middle, more, notAbove, notBelow, over, shadowAbove, shadowBelow, short, shortAbove, shortBelow, top, under, upper, veryLongAbove, veryLongBelow, white} from './rules.ts';

const {near} = MEASURES, inColour = [white(0)];
const hammer = [short(0), longBelow(0), bareTop(0)], inverted = [short(0), longAbove(0), bareBottom(0)];

/** Patterns of one bar, some of them by where it stands to the bar before. */
export const SINGLE_BARS: Readonly<Record<string, Pattern>> = {
  belthold: either([long(0)], [white(0), bareBottom(0)]),
  closingmarubozu: either([long(0)], [white(0), bareTop(0)]),
  doji: bullish(doji(0)),
  dragonflydoji: bullish(doji(0), bareTop(0), shadowBelow(0)),
  gravestonedoji: bullish(doji(0), bareBottom(0), shadowAbove(0)),
  hammer: bullish(...hammer, notAbove(bottom(0), over(l(1), near(1)))),
  hangingman: bearish(...hammer, notBelow(bottom(0), under(h(1), near(1)))),
  highwave: either([short(0), veryLongAbove(0), veryLongBelow(0)], inColour),
  invertedhammer: bullish(...inverted, gapDown(0, 1)),
  longleggeddoji: bullish(doji(0), any(longAbove(0), longBelow(0))),
  longline: either([long(0), shortAbove(0), shortBelow(0)], inColour),
  marubozu: either([long(0), bareTop(0), bareBottom(0)], inColour),
  rickshawman: bullish(doji(0), longAbove(0), longBelow(0), notAbove(bottom(0), over(middle(0), near(0))), notBelow(top(0), under(middle(0), near(0)))),
  shootingstar: bearish(...inverted, gapUp(0, 1)),
  shortline: either([short(0), shortAbove(0), shortBelow(0)], inColour),
  spinningtop: either([short(0), more(upper(0), body(0)), more(lower(0), body(0))], inColour),
  takuri: bullish(doji(0), bareTop(0), veryLongBelow(0)),
};
