import {createHash} from 'node:crypto';
import {compileForest, type CompiledModel} from './compile-forest.ts';
import {readGoldenRows, type GoldenReport} from './golden.ts';
import {meetGolden} from './meet-golden.ts';
import {goldenMissing, goldenOfAnotherModel} from './model-error.ts';
import {readModel} from './read-model.ts';

export interface ModelFiles {
  /** for messages */
  readonly name: string;
  readonly model: Uint8Array;
  /** text of the golden rows; null is refused, so that nobody runs an untried model by leaving it out */
  readonly golden: string | null;
  /** names of the row's places; left out, rows are in the model's own order */
  readonly rowNames?: readonly string[] | undefined;
}

/** A model that has met its golden rows. Also a model of a simulation: `predict` and `modelHash` are what that asks for. */
export interface LoadedModel extends CompiledModel {
  /** SHA-256 of the model's file, hex */
  readonly modelHash: string;
  readonly golden: GoldenReport;
}

/**
 * Reads a model, compiles it and runs it over its golden rows; only one that repeats them is handed out.
 * @throws TandemError TDM-E440 to E442 (the model), E443 (the row), E444 (the golden rows), E445 (it does not repeat them)
 */
export const loadModel = ({name, model, golden, rowNames}: ModelFiles): LoadedModel => {
  const forest = readModel(name, model);
  if (golden === null) throw goldenMissing(name);
  const rows = readGoldenRows(`${name}, golden rows`, golden);
  const modelHash = createHash('sha256').update(model).digest('hex');
  if (rows.modelSha256 !== modelHash) throw goldenOfAnotherModel(name, rows.modelSha256, modelHash);
  const met = meetGolden(name, forest, rows);
  return {...compileForest(met.forest, rowNames), modelHash, golden: met.report};
};
