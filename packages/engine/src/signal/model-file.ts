import {existsSync} from 'node:fs';
import {basename} from 'node:path';
import {TandemError} from '@tandem/contract';
import {MODEL_LIMITS} from './model/forest.ts';
import {loadModel} from './model/load-model.ts';
import {unsupportedModel} from './model/model-error.ts';
import {readRegular} from './regular-file.ts';
import type {FitResult, SignalModel} from './simulation/feature-source.ts';

const unpacked = (file: string): Uint8Array => {
  try {
    return readRegular(file, MODEL_LIMITS.fileBytes);
  } catch (cause) {
    throw new TandemError({id: 'TDM-E427', kind: 'usage', what: 'the model cannot be read', where: file, seen: cause instanceof Error ? cause.message : String(cause), fix: 'check its path; what ends in .gz must be packed by gzip'}, {cause});
  }
};

/** `model.txt.gz` has `model.golden.json(.gz)` and `model.fit.json` beside it. */
const beside = (file: string, ending: string): string | null => {
  const stem = file.replace(/\.gz$/, '').replace(/\.[A-Za-z0-9]+$/, '');
  return [`${stem}.${ending}`, `${stem}.${ending}.gz`].find((path) => existsSync(path)) ?? null;
};

const readFit = (path: string): Partial<FitResult> => {
  try {
    return (JSON.parse(Buffer.from(unpacked(path)).toString('utf8')) ?? {}) as Partial<FitResult>;
  } catch (cause) {
    if (cause instanceof TandemError) throw cause;
    throw new TandemError({id: 'TDM-E427', kind: 'usage', what: 'what says until when the model knew the world cannot be read', where: path, seen: cause instanceof Error ? cause.message : String(cause), fix: 'write {"trainEndUs": microseconds since 1970, "what": "the model"} into it'}, {cause});
  }
};

/** What the model's training knew; without a statement it may have known everything, so nothing can be simulated with it. */
const fitOf = (file: string): FitResult => {
  const path = beside(file, 'fit.json');
  if (path === null) return {trainEndUs: Infinity, what: `the model (no fit.json beside ${basename(file)} says when its training ended)`};
  const {trainEndUs, what} = readFit(path);
  return {trainEndUs: typeof trainEndUs === 'number' && Number.isSafeInteger(trainEndUs) ? trainEndUs : Infinity, what: typeof what === 'string' ? what : basename(file)};
};

/**
 * Reads a model, its golden rows and its fit, for rows in the order of `names`.
 * @throws TandemError TDM-E427 when the file cannot be read, TDM-E441 when it answers with more than one number, and what loading a model throws
 */
export const openModel = (file: string, names: readonly string[]): SignalModel => {
  const goldenFile = beside(file, 'golden.json');
  const loaded = loadModel({name: file, model: unpacked(file), golden: goldenFile === null ? null : Buffer.from(unpacked(goldenFile)).toString('utf8'), rowNames: names});
  if (loaded.valueCount !== 1) throw unsupportedModel(file, `${loaded.valueCount} values for one row (classes, targets or quantiles), where a signal is one number`);
  return {modelHash: loaded.modelHash, fit: fitOf(file), predict: (row) => loaded.predict(row), stream: (symbols) => loaded.stream(symbols)};
};
