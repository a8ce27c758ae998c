import type {FeatureKind} from './feature-kind.ts';
import * as averages from './kinds/averages.ts';
import * as channels from './kinds/channel.ts';
import * as momentum from './kinds/momentum.ts';
import * as moments from './kinds/moments.ts';
import * as oscillators from './kinds/oscillators.ts';
import * as volatility from './kinds/volatility.ts';
import * as volume from './kinds/volume.ts';
import * as weighted from './kinds/weighted.ts';

const isKind = (x: unknown): x is FeatureKind => typeof x === 'object' && x !== null && 'kind' in x && 'build' in x;

/** All kinds by name. */
export const catalogue: ReadonlyMap<string, FeatureKind> = new Map(
  [averages, channels, momentum, moments, oscillators, volatility, volume, weighted].flatMap((home): [string, FeatureKind][] => Object.values<unknown>(home).filter(isKind).map((kind) => [kind.kind, kind])),
);
