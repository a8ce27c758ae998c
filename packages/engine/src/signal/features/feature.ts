import {unusableFeature} from './feature-error.ts';
import type {FeatureKind} from './feature-kind.ts';
import type {FeatureSpec} from './feature-spec.ts';
import {SOURCE_NAMES} from './series/sources.ts';

/** A descriptor and the code that it means. */
export interface Feature {
  readonly spec: FeatureSpec;
  readonly kind: FeatureKind;
  /** what stands for each role of the kind: a name of `SOURCE_NAMES` or another feature */
  readonly sources: readonly (string | Feature)[];
}

/** What a feature may say other than its kind's conventions. */
export interface Wishes {
  readonly output?: string;
  readonly params?: readonly number[];
  readonly seed?: string;
  readonly ddof?: number;
  readonly zeroRule?: FeatureSpec['zeroRule'];
  readonly minPeriods?: number;
  readonly nanPolicy?: FeatureSpec['nanPolicy'];
  /** what it reads instead of the columns of its kind, in the order of the kind's roles */
  readonly inputs?: readonly (string | Feature)[];
  readonly id?: string;
}

const oneOf = (what: string, id: string, value: string | number, known: readonly (string | number)[]): void => {
  if (!known.includes(value)) throw unusableFeature(id, `${what} '${value}' is none of ${known.join(', ')}`);
};

const check = (kind: FeatureKind, spec: FeatureSpec): void => {
  const {conventions: c} = kind;
  oneOf('output', spec.id, spec.output, kind.outputs);
  oneOf('seed', spec.id, spec.seed, [c.seed, ...(kind.seeds ?? [])]);
  oneOf('zeroRule', spec.id, spec.zeroRule, [c.zeroRule ?? 'none', ...(kind.zeroRules ?? [])]);
  if (spec.ddof !== null) oneOf('ddof', spec.id, spec.ddof, [c.ddof ?? Number.NaN, ...(kind.ddofs ?? [])]);
  const names = kind.paramNames ?? [];
  if (spec.windows.length !== kind.windowNames.length) throw unusableFeature(spec.id, `${kind.kind} takes windows (${kind.windowNames.join(', ')}), not ${spec.windows.length} of them`);
  if (spec.params.length !== names.length) throw unusableFeature(spec.id, `${kind.kind} takes params (${names.join(', ')}), not ${spec.params.length} of them`);
  if (spec.inputs.length !== c.inputs.length) throw unusableFeature(spec.id, `${kind.kind} reads (${c.inputs.join(', ')}), not ${spec.inputs.length} inputs`);
  for (const input of spec.inputs) if (typeof input === 'string') oneOf('input', spec.id, input, SOURCE_NAMES);
  oneOf('nanPolicy', spec.id, spec.nanPolicy, [c.nanPolicy, 'last', ...(kind.nanPolicies ?? [])]);
  if (!spec.params.every(Number.isFinite)) throw unusableFeature(spec.id, 'params are finite numbers');
  if (!spec.windows.every((w) => Number.isInteger(w) && w >= 1 && w <= 65_536)) throw unusableFeature(spec.id, `windows are whole ticks from 1 to 65536`);
};

/** A feature with every convention written out. Throws a TandemError TDM-E450 where kind and wishes do not fit. */
export const feature = (kind: FeatureKind, windows: readonly number[], wishes: Wishes = {}): Feature => {
  const {conventions: c} = kind, output = wishes.output ?? kind.outputs[0]!;
  const numbers = [...windows, ...(wishes.params ?? [])].join('-'), sources = wishes.inputs ?? c.inputs;
  const name = (numbers === '' ? output : `${output}_${numbers}`) + (wishes.inputs === undefined ? '' : ` of ${sources.map((one) => (typeof one === 'string' ? one : one.spec.id)).join(', ')}`);
  // a feature has no input whose bad values could be waited out
  const isMade = sources.some((one) => typeof one !== 'string');
  const spec: FeatureSpec = {
    id: wishes.id ?? name, kind: kind.kind, output, windows, params: wishes.params ?? [], inputs: sources.map((one) => (typeof one === 'string' ? one : one.spec)),
    seed: wishes.seed ?? c.seed, adjust: (wishes.seed ?? c.seed) === 'ewm-adjust', ddof: wishes.ddof ?? c.ddof ?? null, minPeriods: wishes.minPeriods ?? 0,
    nanPolicy: isMade ? 'last' : wishes.nanPolicy ?? c.nanPolicy, tieRule: c.tieRule ?? 'none', zeroRule: wishes.zeroRule ?? c.zeroRule ?? 'none',
    tolerance: {class: c.class ?? 'EPSILON', abs: 0, rel: c.rel ?? 1e-12, ulp: c.class === 'ULP' ? 4 : 0, scale: c.scale}, warmup: 0,
  };
  check(kind, spec);
  return {spec, kind, sources};
};

/** The same feature for many windows. */
export const features = (kind: FeatureKind, windows: readonly number[], wishes: Wishes = {}): Feature[] => windows.map((w) => feature(kind, [w], wishes));
