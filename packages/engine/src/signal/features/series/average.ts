import type {ProgramBuilder} from '../ir/program-builder.ts';
import {smoothed, spanOf, type Seed} from './recursive.ts';
import type {Series} from './series.ts';
import {weightedMean, windowMean} from './window-means.ts';

/** Means that an oscillator may be made of: exponential ones by their seed, or a plain or weighted one. */
export const AVERAGES = ['sma-seed', 'ewm-adjust', 'sma', 'wma'] as const;

/** A mean over `ticks` by its name: `sma`, `wma` or the seed of an exponential one. */
export const average = (b: ProgramBuilder, x: Series, ticks: number, name: string): Series => {
  if (name === 'sma') return windowMean(b, x, ticks);
  if (name === 'wma') return weightedMean(b, x, ticks);
  return smoothed(b, x, spanOf(ticks, name as Seed));
};
