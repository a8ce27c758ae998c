import {CategoryBudget} from './category-budget.ts';
import {checkForest} from './check-forest.ts';
import {MODEL_LIMITS, type Forest, type ForestTree} from './forest.ts';
import type {DocumentValue} from './loose-json.ts';
import {ModelDocument} from './model-document.ts';
import {damagedModel, oversizedModel, unsupportedModel} from './model-error.ts';
import {quantileLink, readXgboostObjective} from './xgboost-objective.ts';
import {leftSetOf, readFlatTree} from './flat-tree.ts';
import {readVectorTree} from './vector-leaf.ts';

const QUANTILES = new Set(['reg:quantileerror']);

/**
 * A model that XGBoost (1.0 and later) saved as JSON or UBJSON.
 * @throws TandemError TDM-E440, TDM-E441, TDM-E442
 */
export const readXgboostDocument = (name: string, value: DocumentValue): Forest => {
  const document = new ModelDocument(name, value);
  const learner = document.object('learner');
  const parameters = learner.object('learner_model_param');
  const version = document.has('version') ? [...document.integers('version')].join('.') : '(none)';
  const outer = learner.object('gradient_booster');
  const booster = outer.text('name');
  if (booster !== 'gbtree' && booster !== 'dart') throw unsupportedModel(name, `booster ${booster}`);
  const model = (booster === 'dart' ? outer.object('gbtree') : outer).object('model');
  // up to 3.3 dart was a booster around a gbtree; since then it is a gbtree whose model has weights
  const weights = model.has('weight_drop') ? model.numbers('weight_drop') : booster === 'dart' ? outer.numbers('weight_drop') : null;
  const rawCount = Math.max(1, parameters.number('num_class', 0), parameters.number('num_target', 1));
  if (rawCount > MODEL_LIMITS.outputs) throw oversizedModel(name, `${rawCount} outputs`);
  const featureCount = parameters.number('num_feature');
  const trees = readTrees(name, model, {weights, rawCount});
  const objective = learner.object('objective').text('name');
  const {link, toMargin, toOtherMargin} = readXgboostObjective(name, objective);
  const scores = readBase(name, parameters, rawCount);
  const isQuantiles = rawCount > 1 && QUANTILES.has(objective);
  const names = learner.has('feature_names') ? learner.texts('feature_names') : [];
  return checkForest(name, {
    family: 'xgboost', origin: `XGBoost ${version} ${weights === null ? 'gbtree' : 'dart'}`, featureCount, featureNames: names.length === 0 ? null : names, rawCount, trees,
    base: scores.map(toMargin), otherBase: toOtherMargin === null ? null : scores.map(toOtherMargin), baseLast: false, precision: 'single', divisor: 1, categoryFraction: 'truncated', isQuantiles,
    link: isQuantiles ? quantileLink(version) : link,
  });
};

/** One base score for all outputs, or from 3.1 on a list in brackets. */
const readBase = (name: string, parameters: ModelDocument, rawCount: number): Float64Array => {
  const text = parameters.text('base_score').replace(/^\[|\]$/g, '');
  const scores = text.split(',').map(Number);
  if (scores.some(Number.isNaN) || text.trim() === '') throw damagedModel(name, `base_score ${text.slice(0, 40)}`);
  if (scores.length !== 1 && scores.length !== rawCount) throw damagedModel(name, `${scores.length} base scores for ${rawCount} outputs`);
  return Float64Array.from({length: Math.min(rawCount, MODEL_LIMITS.outputs)}, (_, at) => scores[scores.length === 1 ? 0 : at] ?? NaN);
};

const readTrees = (name: string, model: ModelDocument, {weights, rawCount}: {weights: Float64Array | null; rawCount: number}): ForestTree[] => {
  const treeList = model.objects('trees');
  const outputs = model.integers('tree_info');
  const promised = model.object('gbtree_model_param').number('num_trees');
  if (treeList.length !== promised || outputs.length !== promised) throw damagedModel(name, `${treeList.length} trees with ${outputs.length} outputs where ${promised} are promised`);
  if (weights !== null && weights.length !== promised) throw damagedModel(name, `${weights.length} weights for ${promised} trees`);
  const isVector = treeList.some((tree) => tree.object('tree_param').number('size_leaf_vector', 1) > 1);
  if (treeList.length * (isVector ? rawCount : 1) > MODEL_LIMITS.trees) throw oversizedModel(name, `${treeList.length} trees for ${rawCount} outputs`);
  const budget = new CategoryBudget();
  return treeList.flatMap((tree, at) => readTree(`${name}, tree ${at}`, tree, {budget, rawCount, output: outputs[at] ?? -1, weight: Math.fround(weights?.[at] ?? 1)}));
};

const readTree = (name: string, tree: ModelDocument, {budget, rawCount, output, weight}: {budget: CategoryBudget; rawCount: number; output: number; weight: number}): ForestTree[] => {
  const parameters = tree.object('tree_param');
  const size = parameters.number('size_leaf_vector', 1);
  if (size > 1 && size !== rawCount) throw damagedModel(name, `leaves of ${size} values for ${rawCount} outputs`);
  const nodeCount = parameters.number('num_nodes');
  if (nodeCount > MODEL_LIMITS.nodes) throw oversizedModel(name, `${nodeCount} nodes`);
  const flat = {left: tree.integers('left_children'), right: tree.integers('right_children'), feature: tree.integers('split_indices'), condition: tree.numbers('split_conditions'), defaultLeft: tree.numbers('default_left')};
  for (const [key, {length}] of Object.entries(flat)) if (length !== nodeCount) throw damagedModel(name, `${key} has ${length} entries for ${nodeCount} nodes`);
  if (nodeCount < 1) throw damagedModel(name, 'no nodes');
  const categories = readCategories(name, tree, budget);
  if (size > 1) return readVectorTree(name, tree, {...flat, categories}, {size, weight});
  return [readFlatTree(name, {...flat, categories}, output, {weight, precision: 'single'})];
};

const readCategories = (name: string, tree: ModelDocument, budget: CategoryBudget): Map<number, Uint32Array> => {
  const sets = new Map<number, Uint32Array>();
  if (!tree.has('categories_nodes')) return sets;
  const [nodes, starts, sizes, categories] = [tree.integers('categories_nodes'), tree.integers('categories_segments'), tree.integers('categories_sizes'), tree.integers('categories')];
  // nodes do not share their categories, or a short list could be read without end
  const listed = sizes.reduce((sum, size) => sum + size, 0);
  if (listed > categories.length) throw damagedModel(name, `${listed} categories in nodes where ${categories.length} are listed`);
  const kinds = tree.has('split_type') ? tree.integers('split_type') : new Int32Array(0);
  nodes.forEach((node, at) => {
    const start = starts[at] ?? -1;
    const end = start + (sizes[at] ?? -1);
    if (start < 0 || end < start || end > categories.length) throw damagedModel(name, `the categories of node ${node}`);
    sets.set(node, leftSetOf(name, categories.subarray(start, end), budget));
  });
  kinds.forEach((kind, node) => { if (kind === 1 && !sets.has(node)) throw damagedModel(name, `node ${node} has no categories`); });
  return sets;
};
