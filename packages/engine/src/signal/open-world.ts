import {fewFeatures} from './few-features.ts';
import type {SignalWorld} from './signal-world.ts';

/**
 * Features and model of a lane.
 * @param modelFile null: no model, every signal is NaN
 */
export const openWorld = (modelFile: string | null): Promise<SignalWorld> => Promise.resolve({
  makeFeatures: fewFeatures, model: {modelHash: '0'.repeat(64), fit: null, predict: (row) => (modelFile === null ? Number.NaN : row[0]! - row[2]!)},
});

/** This module, for the threads of a sweep. */
export const worldModule = (): string => import.meta.url;
