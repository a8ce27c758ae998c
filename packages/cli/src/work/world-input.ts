import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {TandemError} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type World = Awaited<ReturnType<Tools['openWorld']>>;

export interface OpenedWorld {
  readonly world: World;
  /** module that a worker loads, and what it is given */
  readonly module: string;
  readonly modelFile: string | null;
  readonly codeHash: string;
}

/** A module of the user's that cannot be used. */
export const moduleRefusal = (where: string, what: string, fix: string): TandemError => new TandemError({id: 'TDM-E146', kind: 'usage', what, where, fix});

/**
 * Features and model: those of this repository with a model file, or a module of the user's that exports `openWorld(modelFile)`.
 * @throws TandemError TDM-E146 when the module exports no such thing
 */
export const openWorldOf = async (moduleFile: string | null, modelFile: string | null): Promise<OpenedWorld> => {
  const tools = await signalTools();
  const model = modelFile === null ? null : resolve(modelFile);
  if (moduleFile === null) return {world: await tools.openWorld(model), module: tools.worldModule(), modelFile: model, codeHash: tools.signalCodeHash()};
  const file = resolve(moduleFile);
  if (!existsSync(file)) throw moduleRefusal(moduleFile, 'there is no such module', 'write its path from the folder in which you call tandem');
  const url = pathToFileURL(file).href;
  const {openWorld} = await import(url) as {openWorld?: unknown};
  if (typeof openWorld !== 'function') throw moduleRefusal(moduleFile, 'the module exports no openWorld', 'export const openWorld = async (modelFile) => ({makeFeatures, model})');
  return {world: await (openWorld as (model: string | null) => Promise<World>)(model), module: url, modelFile: model, codeHash: createHash('sha256').update(tools.signalCodeHash()).update(readFileSync(file)).digest('hex')};
};
