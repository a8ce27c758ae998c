import {feature, type Feature, type Wishes} from './feature.ts';
import {unusableFeature} from './feature-error.ts';
import type {FeatureKind} from './feature-kind.ts';
import type {FeatureSpec} from './feature-spec.ts';
import * as adaptive from './kinds/adaptive.ts';
import * as averages from './kinds/averages.ts';
import * as bands from './kinds/bands.ts';
import * as candles from './kinds/candle.ts';
import * as channels from './kinds/channel.ts';
import * as cycles from './kinds/cycles.ts';
import * as differences from './kinds/differences.ts';
import * as directions from './kinds/directional.ts';
import * as extremes from './kinds/extreme.ts';
import * as flows from './kinds/flow.ts';
import * as maths from './kinds/math.ts';
import * as bars from './kinds/bars.ts';
import * as hilberts from './kinds/hilbert.ts';
import * as rolling from './kinds/pandas-rolling.ts';
import * as weights from './kinds/pandas-ewm.ts';
import * as momentum from './kinds/momentum.ts';
import * as moments from './kinds/moments.ts';
import * as oscillators from './kinds/oscillators.ts';
import * as regressions from './kinds/regression.ts';
import * as reversalsExtended from './kinds/reversal-extended.ts';
import * as reversals from './kinds/reversal.ts';
import * as variables from './kinds/variable.ts';
import * as volatility from './kinds/volatility.ts';
import * as volume from './kinds/volume.ts';
import * as weighted from './kinds/weighted.ts';

const isKind = (x: unknown): x is FeatureKind => typeof x === 'object' && x !== null && 'kind' in x && 'build' in x;
const HOMES = [adaptive, averages, bands, bars, candles, channels, cycles, differences, directions, extremes, flows, hilberts, maths, momentum, moments, oscillators, regressions, reversals, reversalsExtended, rolling, variables, volatility, volume, weighted, weights];

/** All kinds by name. */
export const catalogue: ReadonlyMap<string, FeatureKind> = new Map(HOMES.flatMap((home): [string, FeatureKind][] => Object.values<unknown>(home).filter(isKind).map((kind) => [kind.kind, kind])));

/** A feature of a kind by its name. Throws `TDM-E450` for a kind that there is not. */
export const featureNamed = (kind: string, windows: readonly number[], wishes: Wishes = {}): Feature => {
  const known = catalogue.get(kind);
  if (known === undefined) throw unusableFeature(wishes.id ?? kind, `kind '${kind}' is none of ${[...catalogue.keys()].join(', ')}`);
  return feature(known, windows, wishes);
};

/** The feature that a whole descriptor means, of its kind in the catalogue: what was written as data becomes code again. Throws `TDM-E450` where it cannot. */
export const featureOf = (spec: FeatureSpec): Feature => {
  const {kind, windows, inputs, ddof, ...wishes} = spec;
  const made = featureNamed(kind, windows, {...wishes, ...(ddof === null ? {} : {ddof}), inputs: inputs.map((one) => (typeof one === 'string' ? one : featureOf(one)))});
  return {...made, spec};
};
