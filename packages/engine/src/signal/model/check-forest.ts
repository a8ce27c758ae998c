import {DECISION, MODEL_LIMITS, type Forest, type ForestTree} from './forest.ts';
import {damagedModel, oversizedModel} from './model-error.ts';

/**
 * Every node and leaf of a tree is reached exactly once from its root, and every index is inside its table; after this a walk ends.
 * @throws TandemError TDM-E440, TDM-E442
 */
export const checkForest = (name: string, forest: Forest): Forest => {
  if (forest.trees.length > MODEL_LIMITS.trees) throw oversizedModel(name, `${forest.trees.length} trees`);
  if (forest.featureCount > MODEL_LIMITS.features) throw oversizedModel(name, `${forest.featureCount} features`);
  if (forest.rawCount > MODEL_LIMITS.outputs) throw oversizedModel(name, `${forest.rawCount} outputs`);
  if (!Number.isInteger(forest.featureCount) || forest.featureCount < 1) throw damagedModel(name, `${forest.featureCount} features`);
  if (!Number.isInteger(forest.rawCount) || forest.rawCount < 1 || forest.base.length !== forest.rawCount) throw damagedModel(name, `${forest.rawCount} outputs, ${forest.base.length} base scores`);
  if (forest.featureNames !== null && forest.featureNames.length !== forest.featureCount) throw damagedModel(name, `${forest.featureNames.length} names for ${forest.featureCount} features`);
  let nodes = 0;
  forest.trees.forEach((tree, at) => {
    nodes += tree.left.length + tree.leafValue.length;
    if (nodes > MODEL_LIMITS.nodes) throw oversizedModel(name, `more than ${MODEL_LIMITS.nodes} nodes`);
    if (!(Number.isInteger(tree.output) && tree.output >= 0 && tree.output < forest.rawCount)) throw damagedModel(name, `tree ${at} adds to output ${tree.output} of ${forest.rawCount}`);
    checkTree(tree, forest.featureCount, (seen) => damagedModel(name, `tree ${at}: ${seen}`));
  });
  return forest;
};

const checkTree = (tree: ForestTree, featureCount: number, fail: (seen: string) => Error): void => {
  const nodeCount = tree.left.length;
  const leafCount = tree.leafValue.length;
  const lengths = [tree.right, tree.feature, tree.threshold, tree.decision].map(({length}) => length);
  if (lengths.some((length) => length !== nodeCount)) throw fail(`tables of ${nodeCount} and ${lengths.join(', ')} nodes`);
  if (leafCount !== nodeCount + 1) throw fail(`${nodeCount} nodes and ${leafCount} leaves`);
  for (let node = 0; node < nodeCount; node++) {
    const feature = tree.feature[node] ?? -1;
    if (!(feature >= 0 && feature < featureCount)) throw fail(`node ${node} reads feature ${feature} of ${featureCount}`);
    if (((tree.decision[node] ?? 0) & DECISION.categorical) !== 0 && !tree.categories.has(node)) throw fail(`node ${node} has no categories`);
    if (Number.isNaN(tree.threshold[node])) throw fail(`node ${node} has no threshold`);
  }
  for (const value of tree.leafValue) if (Number.isNaN(value)) throw fail('a leaf is NaN, as training that diverged leaves it');
  if (tree.linear !== null && tree.linear.length !== leafCount) throw fail('linear leaves are missing');
  for (const {features} of tree.linear ?? []) if (features.some((feature) => feature < 0 || feature >= featureCount)) throw fail('a linear leaf reads a feature that is not there');
  if (nodeCount > 0) checkReach(tree, fail);
};

/** With n nodes and n + 1 leaves, a walk that meets nothing twice has met everything. */
const checkReach = ({left, right, leafValue}: ForestTree, fail: (seen: string) => Error): void => {
  const seen = new Uint8Array(left.length);
  const seenLeaf = new Uint8Array(leafValue.length);
  const open = [0];
  while (open.length > 0) {
    const child = open.pop() ?? 0;
    const table = child >= 0 ? seen : seenLeaf;
    const at = child >= 0 ? child : ~child;
    if (at >= table.length) throw fail(`a child outside of the tree (${child})`);
    if (table[at] !== 0) throw fail(child >= 0 ? `node ${at} is its own ancestor or has two parents` : `leaf ${at} has two parents`);
    table[at] = 1;
    if (child >= 0) open.push(left[at] ?? 0, right[at] ?? 0);
  }
  const lost = seen.indexOf(0);
  if (lost >= 0) throw fail(`node ${lost} is never reached`);
};
