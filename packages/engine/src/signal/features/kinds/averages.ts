import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import {add, div, mul, sub} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, startingAt} from '../series/inputs.ts';
import {smoothed, spanOf, wilderOf, type Seed} from '../series/recursive.ts';
import type {Series} from '../series/series.ts';
import {momentsOf} from '../series/window-moments.ts';

const seedOf = (spec: FeatureSpec): Seed => spec.seed as Seed;
/** value over mean, less one */
export const distanceFrom = (b: ProgramBuilder, x: Series, mean: Series): Series => derive(b, 'off', [x, mean], (p, m) => sub(div(p!, m!), 1));

const recursive = {inputs: ['price'], seed: 'first-value', nanPolicy: 'last', scale: 'price'} as const;
const seeds = ['sma-seed', 'ewm-adjust'] as const;
const chainSeeds = [...seeds, 'sma-once', 'first-late'] as const;

/** Exponential mean with alpha = 2 / (n + 1), and the distance of the price from it. */
export const ema: FeatureKind = {
  kind: 'ema', outputs: ['ema', 'emadev'], windowNames: ['span'], seeds, conventions: recursive,
  build: (b, spec, from) => {
    const x = from.held('price'), mean = smoothed(b, x, spanOf(spec.windows[0]!, seedOf(spec)));
    return spec.output === 'ema' ? {ema: mean} : {emadev: distanceFrom(b, x, mean)};
  },
};

/** Wilder's mean: alpha = 1 / n. */
export const smma: FeatureKind = {
  kind: 'smma', outputs: ['smma'], windowNames: ['periods'], seeds: ['first-value', 'ewm-adjust'], conventions: {...recursive, seed: 'sma-seed'},
  build: (b, spec, from) => ({smma: smoothed(b, from.held('price'), wilderOf(spec.windows[0]!, seedOf(spec)))}),
};

/** `n` exponential means, each of the one before. */
export const chain = (b: ProgramBuilder, spec: FeatureSpec, {x, length}: {x: Series; length: number}): Series[] => {
  const made: Series[] = [];
  // `sma-once`: only the first begins with a plain mean, the others with the first value of the one before
  const seeds: readonly Seed[] = spec.seed === 'sma-once' ? ['sma-seed', 'first-value'] : spec.seed === 'first-late' ? ['first-value', 'first-value'] : [seedOf(spec), seedOf(spec)];
  for (let i = 0; i < length; i++) {
    const before = made.at(-1) ?? x;
    // `first-late`: each begins when the one before has seen a whole window
    const from = spec.seed === 'first-late' && i > 0 ? startingAt(before, before.start + spec.windows[0]! - 1) : before;
    made.push(smoothed(b, from, spanOf(spec.windows[0]!, i === 0 ? seeds[0] : seeds[1])));
  }
  return made;
};

export const dema: FeatureKind = {
  kind: 'dema', outputs: ['dema'], windowNames: ['span'], seeds: chainSeeds, conventions: recursive,
  build: (b, spec, from) => ({dema: derive(b, 'dema', chain(b, spec, {x: from.held('price'), length: 2}), (one, two) => sub(mul(2, one!), two!))}),
};

export const tema: FeatureKind = {
  kind: 'tema', outputs: ['tema'], windowNames: ['span'], seeds: chainSeeds, conventions: recursive,
  build: (b, spec, from) => ({tema: derive(b, 'tema', chain(b, spec, {x: from.held('price'), length: 3}), (one, two, three) => add(sub(mul(3, one!), mul(3, two!)), three!))}),
};

/** Plain mean of the last n prices. */
export const mean: FeatureKind = {
  kind: 'mean', outputs: ['mean'], windowNames: ['window'], conventions: {inputs: ['price'], seed: 'none', nanPolicy: 'window', scale: 'price'},
  build: (b, spec, from) => ({mean: momentsOf(b, from.raw('price'), spec.windows[0]!).mean}),
};
