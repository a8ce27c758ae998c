import {unusableFeature} from './feature-error.ts';
import type {FeatureKind} from './feature-kind.ts';
import type {FeatureSpec} from './feature-spec.ts';

/** A descriptor and the code that it means. */
export interface Feature {
  readonly spec: FeatureSpec;
  readonly kind: FeatureKind;
}

/** What a feature may say other than its kind's conventions. */
export interface Wishes {
  readonly output?: string;
  readonly params?: readonly number[];
  readonly seed?: string;
  readonly ddof?: number;
  readonly zeroRule?: FeatureSpec['zeroRule'];
  readonly minPeriods?: number;
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
  if (!spec.windows.every((w) => Number.isInteger(w) && w >= 1 && w <= 65_536)) throw unusableFeature(spec.id, `windows are whole ticks from 1 to 65536`);
};

/** A feature with every convention written out. Throws a TandemError TDM-E450 where kind and wishes do not fit. */
export const feature = (kind: FeatureKind, windows: readonly number[], wishes: Wishes = {}): Feature => {
  const {conventions: c} = kind, output = wishes.output ?? kind.outputs[0]!;
  const numbers = [...windows, ...(wishes.params ?? [])].join('-');
  const spec: FeatureSpec = {
    id: wishes.id ?? (numbers === '' ? output : `${output}_${numbers}`), kind: kind.kind, output, windows, params: wishes.params ?? [], inputs: c.inputs,
    seed: wishes.seed ?? c.seed, adjust: (wishes.seed ?? c.seed) === 'ewm-adjust', ddof: wishes.ddof ?? c.ddof ?? null, minPeriods: wishes.minPeriods ?? 0,
    nanPolicy: c.nanPolicy, tieRule: c.tieRule ?? 'none', zeroRule: wishes.zeroRule ?? c.zeroRule ?? 'none',
    tolerance: {class: c.class ?? 'EPSILON', abs: 0, rel: c.rel ?? 1e-12, ulp: c.class === 'ULP' ? 4 : 0, scale: c.scale}, warmup: 0,
  };
  check(kind, spec);
  return {spec, kind};
};

/** The same feature for many windows. */
export const features = (kind: FeatureKind, windows: readonly number[], wishes: Wishes = {}): Feature[] => windows.map((w) => feature(kind, [w], wishes));
