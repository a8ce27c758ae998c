/** What a library's rules for one node, and the sum over its trees, follow. */
export type ModelFamily = 'lightgbm' | 'xgboost' | 'hist-gradient-boosting';

/** Bits of {@link ForestTree.decision}; the numbers are those of LightGBM's `decision_type`. */
export const DECISION = {categorical: 1, defaultLeft: 2, missingZero: 4, missingNaN: 8} as const;

/** A leaf that is a line over some features; where one of them is NaN the leaf's constant value counts. */
export interface LinearLeaf {
  readonly constant: number;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/** One tree as its file says it; node 0 is the root, a tree of one leaf has no node. */
export interface ForestTree {
  /** the raw output that this tree adds to */
  readonly output: number;
  /** per node: a node when >= 0, else the leaf ~child */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  /** as in the file: `x <= t` goes left, for XGBoost `x < t` in float32; unused in a categorical node */
  readonly threshold: Float64Array;
  readonly decision: Uint8Array;
  /** per categorical node the bit set of categories that go left; what lies outside it is the family's rule */
  readonly categories: ReadonlyMap<number, Uint32Array>;
  readonly leafValue: Float64Array;
  readonly linear: readonly LinearLeaf[] | null;
}

/** How raw sums become what the library's `predict` returns. */
export interface Link {
  readonly kind: 'identity' | 'sigmoid' | 'exp' | 'softmax' | 'softmax-class' | 'signed-square' | 'log1p-exp' | 'step' | 'sort';
  /** of a sigmoid: 1 / (1 + exp(-scale x)) */
  readonly scale: number;
}

/** A model as its file says it, before it is compiled for one order of features. */
export interface Forest {
  readonly family: ModelFamily;
  /** the library and the format version that the file names, for people */
  readonly origin: string;
  readonly featureCount: number;
  /** null where the file names none */
  readonly featureNames: readonly string[] | null;
  readonly rawCount: number;
  /** in the model's order, which is the order of each sum */
  readonly trees: readonly ForestTree[];
  /** per raw output; `baseLast` adds it after the trees, else the sum starts with it */
  readonly base: Float64Array;
  readonly baseLast: boolean;
  /** `single`: every feature, comparison and addition is float32 */
  readonly precision: 'double' | 'single';
  /** the link's input is the sum divided by this (random forests) */
  readonly divisor: number;
  /** what a fraction is to a categorical node: cut off, or no category at all */
  readonly categoryFraction: 'truncated' | 'missing';
  readonly link: Link;
  /** where XGBoost sends a category that a node does not know: to what was not chosen, or up to 1.6 to the side of what is missing */
  readonly unknownCategory?: 'left' | 'default';
  /** the base as another version of the library takes it from the same file */
  readonly otherBase?: Float64Array | null;
  /** outputs are quantiles of one value, which XGBoost sorts from 3.4 on, whichever version wrote the file */
  readonly isQuantiles?: boolean;
}

/** What a reader accepts at most; beyond it a file is refused before memory is asked for. */
export const MODEL_LIMITS = {fileBytes: 500 * 1024 * 1024, trees: 100_000, nodes: 20_000_000, features: 1_000_000, outputs: 10_000, categories: 2 ** 24, categoryWords: 2 ** 25, values: 100_000_000} as const;
