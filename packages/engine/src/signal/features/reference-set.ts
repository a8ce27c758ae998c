import {feature, features, type Feature} from './feature.ts';
import {ema, mean} from './kinds/averages.ts';
import {channel} from './kinds/channel.ts';
import {absoluteReturn, macd, ret, rsi} from './kinds/momentum.ts';
import {bollinger, pair, skew, slope, std} from './kinds/moments.ts';
import {atr, realisedVolatility} from './kinds/volatility.ts';
import {bookImbalance, obv, obvMean, orderFlowImbalance, vwap} from './kinds/volume.ts';

const WINDOWS = [5, 8, 10, 14, 20, 30, 50, 100, 200, 300, 500, 1000];
const LONGER = [20, 30, 50, 100, 200, 300, 500, 1000];
const SPANS = [3, 5, 8, 10, 12, 16, 20, 26, 32, 50, 64, 100, 128, 200, 256, 500];
const MACDS = [[5, 13, 4], [8, 17, 9], [12, 26, 9], [16, 35, 11], [20, 50, 10], [24, 52, 18], [32, 64, 12], [50, 100, 20]];
const FLOW_SPANS = [8, 10, 12, 16, 20, 26, 32];

const each = <T>(list: readonly T[], make: (one: T) => readonly Feature[]): Feature[] => list.flatMap(make);

/** The 320 features that speed and parity are stated for. */
export const referenceSet = (): Feature[] => [
  ...each(SPANS, (w) => [feature(ema, [w]), feature(ema, [w], {output: 'emadev'})]),
  ...features(absoluteReturn, LONGER),
  ...features(rsi, WINDOWS),
  ...each(MACDS, (w) => ['macd', 'macds', 'macdh'].map((output) => feature(macd, w, {output}))),
  ...each(WINDOWS, (w) => [feature(atr, [w]), feature(atr, [w], {output: 'natr'})]),
  ...each(WINDOWS, (w) => [
    feature(mean, [w]), feature(std, [w]), feature(std, [w], {output: 'z'}), feature(slope, [w]),
    ...(LONGER.includes(w) ? ['bbu', 'bbl', 'bbp', 'bbw'].map((output) => feature(bollinger, [w], {output, params: [2], id: `${output}_${w}`})) : []),
  ]),
  ...each(WINDOWS, (w) => [feature(realisedVolatility, [w]), feature(skew, [w]), feature(pair, [w]), feature(pair, [w], {output: 'beta'})]),
  ...features(ret, WINDOWS),
  feature(obv, []), ...features(obvMean, FLOW_SPANS),
  ...each(WINDOWS, (w) => [feature(vwap, [w]), feature(vwap, [w], {output: 'vwapdev'})]),
  ...each(WINDOWS, (w) => [feature(orderFlowImbalance, [w]), feature(bookImbalance, [w])]),
  ...each(LONGER, (w) => ['max', 'min', 'stoch'].map((output) => feature(channel, [w], {output}))),
];
