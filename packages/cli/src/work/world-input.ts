import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {signalTools} from '../session-plan.ts';
import {loadUserModule, moduleFailure, moduleRefusal} from './user-module.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type World = Awaited<ReturnType<Tools['openWorld']>>;

export interface OpenedWorld {
  readonly world: World;
  /** module that a worker loads, and what it is given */
  readonly module: string;
  readonly modelFile: string | null;
  /** the user's module; null: this repository's */
  readonly own: string | null;
  readonly codeHash: string;
}

/**
 * Features and model: those of this repository with a model file, or a module of the user's that exports `openWorld(modelFile)`.
 * @throws TandemError TDM-E146 when the module exports no such thing
 */
export const openWorldOf = async (moduleFile: string | null, modelFile: string | null): Promise<OpenedWorld> => {
  const tools = await signalTools();
  const model = modelFile === null ? null : resolve(modelFile);
  if (moduleFile === null) return {world: await tools.openWorld(model), module: tools.worldModule(), modelFile: model, own: null, codeHash: tools.signalCodeHash()};
  const file = resolve(moduleFile);
  const {openWorld} = await loadUserModule(moduleFile);
  if (typeof openWorld !== 'function') throw moduleRefusal(moduleFile, 'the module exports no openWorld', 'export const openWorld = async (modelFile) => ({makeFeatures, model})');
  const world = await opened(moduleFile, openWorld as (model: string | null) => Promise<World>, model);
  return {world, module: pathToFileURL(file).href, modelFile: model, own: moduleFile, codeHash: createHash('sha256').update(tools.signalCodeHash()).update(readFileSync(file)).digest('hex')};
};

/** Calls a user's openWorld and looks whether all that a simulation asks for is there. */
const opened = async (moduleFile: string, openWorld: (model: string | null) => Promise<World>, model: string | null): Promise<World> => {
  let world: Partial<World> | null, features: Partial<ReturnType<World['makeFeatures']>> | null;
  try {
    world = await openWorld(model);
    features = world?.makeFeatures?.(1) ?? null;
  } catch (error) {
    throw moduleFailure(moduleFile, error);
  }
  const wanted: readonly (readonly [string, boolean])[] = [
    ['makeFeatures(symbols)', features !== null], ['features.row, a Float64Array', features?.row instanceof Float64Array], ['features.names', Array.isArray(features?.names) && features.names.length === features.row?.length],
    ['features.featureHash', typeof features?.featureHash === 'string'], ['features.warmupSteps', typeof features?.warmupSteps === 'number'],
    ...(['step', 'snapshot', 'restore'] as const).map((name): [string, boolean] => [`features.${name}`, typeof features?.[name] === 'function']),
    ['model.predict(row)', typeof world?.model?.predict === 'function'], ['model.modelHash', typeof world?.model?.modelHash === 'string'], ['model.fit, or null', world?.model?.fit !== undefined],
  ];
  const missing = wanted.filter(([, isThere]) => !isThere).map(([name]) => name);
  if (missing.length > 0) throw moduleRefusal(moduleFile, 'openWorld does not give what a simulation needs', 'give what is missing', `missing: ${missing.join('; ')}`);
  return world as World;
};
