import type {FeatureKind} from '../feature-kind.ts';
import {atMost, before, lessThan, max, num, select, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {previous} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';
import {talibStep, type Pace, type Paces} from './reversal.ts';

const bounded = (init: number, step: number, most: number): Pace => ({init: Math.min(init, most), step: Math.min(step, most), most});

/** The stop, negative while it is above the market. With a `start` it begins there, above zero on the long side and below it on the short one. */
const extendedSeries = (b: ProgramBuilder, {high, low}: {high: Series; low: Series}, {start, paces, key}: {start: number; paces: Paces; key: string}): Series => {
  const highWas = previous(b, high), lowWas = previous(b, low);
  return b.unit(key, (u) => {
    const [sar, extreme, pace, side] = [u.slot(), u.slot(), u.slot(), u.slot()], isYoung = before(high.start + 2);
    const young = (fresh: Expression | number, old: Expression): Expression => u.let(select(isYoung, fresh, old));
    const up = atMost(sub(lowWas.value, low.value), max(sub(high.value, highWas.value), 0));
    const isLong = young(start === 0 ? select(up, 1, 0) : num(start > 0 ? 1 : 0), u.load(side)), long = lessThan(0, isLong);
    const bySide = (ifLong: Expression | number, ifShort: Expression | number): Expression => select(long, ifLong, ifShort);
    const stop = {
      sar: young(start === 0 ? bySide(lowWas.value, highWas.value) : Math.abs(start), u.load(sar)), extreme: young(bySide(high.value, low.value), u.load(extreme)),
      step: young(bySide(paces.long.init, paces.short.init), u.load(pace)), isLong,
    };
    // there is no bar before the first one
    const now = {high: high.value, low: low.value, highWas: young(high.value, highWas.value), lowWas: young(low.value, lowWas.value), highBefore: high.value, lowBefore: low.value};
    const {shown, kept} = talibStep(u, stop, now, paces);
    u.set(sar, kept.sar); u.set(extreme, kept.extreme); u.set(pace, kept.step); u.set(side, kept.isLong);
    return {key, value: u.let(select(lessThan(0, kept.isLong), shown, sub(0, shown))), start: high.start + 1, inputs: []};
  });
};

/** Parabolic stop and reverse with paces of its own on each side, a first stop that can be given (0: from the first bars), and a distance that is taken when it turns. */
export const extendedParabolic: FeatureKind = {
  kind: 'psarext', outputs: ['psarext'], windowNames: [], paramNames: ['start', 'offset', 'initLong', 'stepLong', 'mostLong', 'initShort', 'stepShort', 'mostShort'], conventions: {inputs: ['high', 'low'], seed: 'none', nanPolicy: 'last', scale: 'price'},
  build: (b, spec, from) => {
    const [start = 0, offset = 0, initLong = 0.02, stepLong = 0.02, mostLong = 0.2, initShort = 0.02, stepShort = 0.02, mostShort = 0.2] = spec.params;
    const paces: Paces = {long: bounded(initLong, stepLong, mostLong), short: bounded(initShort, stepShort, mostShort), offset}, high = from.held('high'), low = from.held('low');
    return {psarext: extendedSeries(b, {high, low}, {start, paces, key: `sarext ${spec.params.join(' ')} ${high.key} ${low.key}`})};
  },
};
