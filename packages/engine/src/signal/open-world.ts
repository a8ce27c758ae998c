import {readFileSync} from 'node:fs';
import {openWasm} from './features/emitted-features.ts';
import {manifest} from './features/generated/reference.mjs';
import {SignalFeatures} from './features/signal-features.ts';
import {openModel} from './model-file.ts';
import type {SignalModel} from './simulation/feature-source.ts';
import type {SignalWorld} from './signal-world.ts';

/** No model: every signal is NaN, which is no signal. */
const SILENT: SignalModel = {modelHash: '0'.repeat(64), fit: null, predict: () => Number.NaN};

/**
 * Features and model of a lane, a simulation or a sweep: the 320 features of the reference set as WebAssembly, and a compiled model.
 * @param modelFile null: no model
 * @throws what `openModel` throws
 */
export const openWorld = (modelFile: string | null): Promise<SignalWorld> => {
  const octets = readFileSync(new URL('./features/generated/reference.wasm', import.meta.url));
  return Promise.resolve({
    makeFeatures: (symbols) => new SignalFeatures(openWasm(manifest, octets, symbols), symbols),
    model: modelFile === null ? SILENT : openModel(modelFile, manifest.ids),
  });
};

/** This module, for the threads of a sweep. */
export const worldModule = (): string => import.meta.url;
