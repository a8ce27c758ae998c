/** The newest values of all features of one symbol. Written over by the next tick: copy what must stay. */
export interface FeatureRow {
  /** ids in the order of `values` */
  readonly ids: readonly string[];
  /** SHA-256 of all descriptors in that order, hex */
  readonly featureHash: string;
  /** a view; NaN where a feature is not warm or its window holds a bad value */
  readonly values: Float64Array;
}
