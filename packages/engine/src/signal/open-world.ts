import {fewFeatures} from './few-features.ts';
import {openModel} from './model-file.ts';
import type {SignalModel} from './simulation/feature-source.ts';
import type {SignalWorld} from './signal-world.ts';

/** No model: every signal is NaN, which is no signal. */
const SILENT: SignalModel = {modelHash: '0'.repeat(64), fit: null, predict: () => Number.NaN};

/**
 * Features and model of a lane, a simulation or a sweep.
 * @param modelFile null: no model
 */
export const openWorld = (modelFile: string | null): Promise<SignalWorld> => Promise.resolve({
  makeFeatures: fewFeatures, model: modelFile === null ? SILENT : openModel(modelFile, fewFeatures(1).names),
});

/** This module, for the threads of a sweep. */
export const worldModule = (): string => import.meta.url;
