import {readFlatTree, type FlatTree} from './flat-tree.ts';
import type {ForestTree} from './forest.ts';
import type {ModelDocument} from './model-document.ts';
import {damagedModel} from './model-error.ts';

/** Where the vectors of leaves stand: one for every node, or from 3.1 on one for every leaf, whose number stands where a node has its right child. */
const vectorsOf = (name: string, tree: ModelDocument, flat: FlatTree, size: number): ((node: number, output: number) => number) => {
  const byLeaf = tree.has('leaf_weights') ? tree.numbers('leaf_weights') : new Float64Array(0);
  const table = byLeaf.length > 0 ? byLeaf : tree.numbers('base_weights');
  return (node, output) => {
    const at = (byLeaf.length > 0 ? flat.right[node] ?? -1 : node) * size + output;
    if (!(at >= 0 && at < table.length)) throw damagedModel(name, `leaf ${node} has no vector`);
    return table[at] ?? NaN;
  };
};

/**
 * A tree whose leaves are vectors (`multi_strategy=multi_output_tree`), as one tree per output over the same nodes: each sum has the additions of the library
 * in its order.
 * @throws TandemError TDM-E440
 */
export const readVectorTree = (name: string, tree: ModelDocument, flat: FlatTree, {size, weight}: {size: number; weight: number}): ForestTree[] => {
  const condition = flat.condition.map((threshold, node) => flat.left[node] === -1 ? node : Math.fround(threshold));
  // leaves are numbered by the reader: it is given their nodes as values, and hands them back in its order
  const numbered = readFlatTree(name, {...flat, condition}, 0, {weight: 1, precision: 'double'});
  const valueOf = vectorsOf(name, tree, flat, size);
  return Array.from({length: size}, (_, output) => ({...numbered, output, leafValue: numbered.leafValue.map((node) => Math.fround(Math.fround(valueOf(node, output)) * weight))}));
};
