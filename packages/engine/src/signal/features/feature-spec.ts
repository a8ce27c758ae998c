import {createHash} from 'node:crypto';

/** How the value of a feature may differ from another engine's. Own emitters always agree bit for bit (`log`: 1 ulp). */
export interface Tolerance {
  readonly class: 'EXACT' | 'ULP' | 'EPSILON' | 'CONVERGING';
  readonly abs: number;
  readonly rel: number;
  readonly ulp: number;
  /** what `rel` is a part of: the value itself, or the size of what it is made from, for values that pass through zero */
  readonly scale: 'value' | 'price' | 'volume' | 'one' | 'deviation';
}

/** Everything that a feature's value depends on. No field has a default when a program is emitted; `feature()` fills in the conventions of its kind. */
export interface FeatureSpec {
  readonly id: string;
  readonly kind: string;
  /** which of the kind's values */
  readonly output: string;
  /** ticks, in the order that the kind states */
  readonly windows: readonly number[];
  /** numbers that are no windows: multipliers, quantiles */
  readonly params: readonly number[];
  /** what it reads, in the order of its kind's roles: columns (`price`, `open`, ...), prices made of a bar (`hl2`, `hlc3`, `hlcc4`, `ohlc4`), or features */
  readonly inputs: readonly (string | FeatureSpec)[];
  readonly seed: string;
  readonly adjust: boolean;
  /** 0 or 1; null where nothing is divided by it */
  readonly ddof: number | null;
  /** ticks before the first value, at least what the kind itself needs */
  readonly minPeriods: number;
  /**
   * `window`: NaN until the bad value has left; `last`: the last finite value stands in for it; `skip`: as if the tick had not been (pandas rolling,
   * and ewm with `ignore_na=True`); `decay`: it has no value but time goes on (pandas ewm by itself)
   */
  readonly nanPolicy: 'window' | 'last' | 'skip' | 'decay';
  /** which of equal extremes counts */
  readonly tieRule: 'newest' | 'none';
  /** value where there is nothing to divide by */
  readonly zeroRule: 'nan' | 'zero' | 'half' | 'fifty' | 'hundred' | 'price' | 'none';
  readonly tolerance: Tolerance;
  /** ticks with NaN before the first value; filled in when the program is built */
  readonly warmup: number;
}

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
  return JSON.stringify(value);
};

/** SHA-256 (hex) of one descriptor or of a list in its order. */
export const specHash = (spec: FeatureSpec | readonly FeatureSpec[]): string => createHash('sha256').update(canonical(spec)).digest('hex');
