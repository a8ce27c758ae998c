import type {FeatureSource, SignalModel} from './simulation/feature-source.ts';

/** Features and model as a lane, a simulation or a sweep takes them. */
export interface SignalWorld {
  /** A source with an empty state for so many symbols. */
  makeFeatures(symbols: number): FeatureSource;
  readonly model: SignalModel;
}
