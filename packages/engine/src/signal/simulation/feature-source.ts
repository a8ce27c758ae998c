/** What computes features from one tick or bar after the other; one of these serves all symbols. */
export interface FeatureSource {
  readonly names: readonly string[];
  /** SHA-256 of the descriptors, hex: part of every signal and every job */
  readonly featureHash: string;
  /** the newest row, in the order of `names`; written over by the next step */
  readonly row: Float64Array;
  /** Takes the values of one step of one symbol into the state and computes `row`. */
  step(symbol: number, values: Float64Array): void;
  /** steps of a symbol before all features are warm */
  readonly warmupSteps: number;
  /** the whole state, to be given to `restore` of one made alike */
  snapshot(): Uint8Array;
  restore(state: Uint8Array): void;
}

/** A model over a row of features. */
export interface SignalModel {
  /** SHA-256 of the model's file, hex */
  readonly modelHash: string;
  /** what its fit knew; null for one that was not fitted to data of this kind */
  readonly fit: FitResult | null;
  predict(row: Float64Array): number;
  /** The same predictions over rows of so many symbols that come one after the other, where a model can make use of that. */
  readonly stream?: (symbols: number) => SignalStream;
}

/** A model that follows the rows of symbols; a state of its own, which changes no prediction. */
export interface SignalStream {
  /** The prediction for the next row of a symbol. */
  predict(symbol: number, row: Float64Array): number;
  /** share of the model's parts that were computed anew so far; left out: all of them with every row */
  walkedShare?(): number;
}

/** A fitted transform or model states until when it knew the world. */
export interface FitResult {
  /** µs: the last moment that training saw */
  readonly trainEndUs: number;
  readonly what: string;
}
