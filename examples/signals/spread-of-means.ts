// A feature of one's own, in one file: how far a quick mean is from a calm one, in average true ranges.
// `node examples/signals/spread-of-means.ts <folder>` writes it as JavaScript, WebAssembly and Python;
// `tandem signals perturb <folder>/spread-of-means.mjs` tries whether it looks ahead.
import {emitFeatures} from '../../packages/engine/src/signal/features/emit-features.ts';
import {feature, type Feature} from '../../packages/engine/src/signal/features/feature.ts';
import type {FeatureKind} from '../../packages/engine/src/signal/features/feature-kind.ts';
import {sub} from '../../packages/engine/src/signal/features/ir/expression.ts';
import {derive, trueRange} from '../../packages/engine/src/signal/features/series/inputs.ts';
import {smoothed, spanOf, wilderOf} from '../../packages/engine/src/signal/features/series/recursive.ts';
import {ratio} from '../../packages/engine/src/signal/features/series/window-moments.ts';

/** What it reads, how it begins, what it does with missing values and with nothing to divide by: all of it is in the descriptor and its hash. */
export const spreadOfMeans: FeatureKind = {
  kind: 'spread-of-means', outputs: ['spread'], windowNames: ['quick', 'calm', 'range'],
  conventions: {inputs: ['price', 'high', 'low'], seed: 'first-value', nanPolicy: 'last', zeroRule: 'zero', scale: 'one'},
  build: (b, {windows: [quick = 1, calm = 1, range = 1]}, from) => {
    const price = from.held('price');
    return {spread: derive(b, `spread ${quick} ${calm} ${range}`, [smoothed(b, price, spanOf(quick)), smoothed(b, price, spanOf(calm)), smoothed(b, trueRange(b, from.bar), wilderOf(range))], (q, c, r) => ratio(sub(q!, c!), r!, 'zero'))};
  },
};

export const features: readonly Feature[] = [feature(spreadOfMeans, [12, 26, 14]), feature(spreadOfMeans, [20, 50, 14])];

const [folder] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) emitFeatures('spread-of-means', features, {folder, typesFrom: '@tandem/engine'});
