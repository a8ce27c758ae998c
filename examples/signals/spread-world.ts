// The features of spread-of-means.ts and a model of them, as a simulation or a sweep takes them: `tandem simulate <ticks> --world examples/signals/spread-world.ts --model <file>`.
import {compileFeatures} from '../../packages/engine/src/signal/features/compile-features.ts';
import {manifestOf} from '../../packages/engine/src/signal/features/emit/manifest.ts';
import {emitWasm} from '../../packages/engine/src/signal/features/emit/wasm.ts';
import {openWasm} from '../../packages/engine/src/signal/features/emitted-features.ts';
import {SignalFeatures} from '../../packages/engine/src/signal/features/signal-features.ts';
import {openModel} from '../../packages/engine/src/signal/model-file.ts';
import type {SignalWorld} from '../../packages/engine/src/signal/signal-world.ts';
import {features} from './spread-of-means.ts';

/** @param modelFile what `--model` names, as an absolute path; null without it */
export const openWorld = (modelFile: string | null): Promise<SignalWorld> => {
  const program = compileFeatures('spread-of-means', features), manifest = manifestOf(program), octets = emitWasm(program);
  if (modelFile === null) throw new Error('this world decides by a model: name one with --model');
  return Promise.resolve({
    makeFeatures: (symbols) => new SignalFeatures(openWasm(manifest, octets, symbols), symbols),
    // places of the model's row are found by these names
    model: openModel(modelFile, manifest.ids),
  });
};
