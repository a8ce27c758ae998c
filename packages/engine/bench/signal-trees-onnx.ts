import {Buffer} from 'node:buffer';
import type {Forest, ForestTree} from '../src/signal/model/forest.ts';

/** Protocol buffers by hand: an ONNX model is one, and no library is needed to write a few fields. */
const varint = (value: number): number[] => {
  const octets: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 0x80n) return [...octets, Number(rest)];
    octets.push(Number(rest & 0x7fn) | 0x80);
  }
};
const field = (number: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(body.length)]), body]);
const whole = (number: number, value: number): Buffer => Buffer.from([...varint(number * 8), ...varint(value)]);
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));

const ATTRIBUTE = {floats: 6, ints: 7, strings: 8, string: 3} as const;
const attribute = (name: string, type: keyof typeof ATTRIBUTE, body: Buffer): Buffer => field(5, Buffer.concat([text(1, name), body, whole(20, ATTRIBUTE[type])]));
const floats = (name: string, values: readonly number[]): Buffer => attribute(name, 'floats', field(7, Buffer.from(Float32Array.from(values).buffer)));
const ints = (name: string, values: readonly number[]): Buffer => attribute(name, 'ints', field(8, Buffer.from(values.flatMap(varint))));
const strings = (name: string, values: readonly string[]): Buffer => attribute(name, 'strings', Buffer.concat(values.map((value) => text(9, value))));
const string = (name: string, value: string): Buffer => attribute(name, 'string', text(4, value));

const tensor = (name: string, width: number): Buffer => {
  const shape = field(2, Buffer.concat([field(1, text(2, 'N')), field(1, whole(1, width))]));
  return Buffer.concat([text(1, name), field(2, field(1, Buffer.concat([whole(1, 1), shape])))]);
};

/** Nodes and leaves of all trees as the operator wants them: side by side, leaves as nodes. */
const nodeTable = (trees: readonly ForestTree[]): {tree: number[]; id: number[]; feature: number[]; threshold: number[]; mode: string[]; left: number[]; right: number[]; leafTree: number[]; leafId: number[]; weight: number[]} => {
  const all = {tree: [] as number[], id: [] as number[], feature: [] as number[], threshold: [] as number[], mode: [] as string[], left: [] as number[], right: [] as number[], leafTree: [] as number[], leafId: [] as number[], weight: [] as number[]};
  trees.forEach((tree, at) => {
    const place = (child: number): number => child >= 0 ? child : tree.left.length + ~child;
    for (let id = 0; id < tree.left.length + tree.leafValue.length; id++) {
      const isLeaf = id >= tree.left.length;
      all.tree.push(at);
      all.id.push(id);
      all.feature.push(tree.feature[id] ?? 0);
      all.threshold.push(tree.threshold[id] ?? 0);
      all.mode.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      all.left.push(isLeaf ? 0 : place(tree.left[id] ?? 0));
      all.right.push(isLeaf ? 0 : place(tree.right[id] ?? 0));
    }
    tree.leafValue.forEach((value, leaf) => { all.leafTree.push(at); all.leafId.push(tree.left.length + leaf); all.weight.push(value); });
  });
  return all;
};

/** A numeric forest of one output as the octets of an ONNX model: `row` (float32, N x features) in, `sum` out; thresholds and leaves become float32. */
export const onnxOf = (forest: Forest): Uint8Array => {
  const all = nodeTable(forest.trees);
  const zeros = all.leafTree.map(() => 0);
  const node = Buffer.concat([
    text(1, 'row'), text(2, 'sum'), text(3, 'trees'), text(4, 'TreeEnsembleRegressor'), text(7, 'ai.onnx.ml'),
    ints('nodes_treeids', all.tree), ints('nodes_nodeids', all.id), ints('nodes_featureids', all.feature), floats('nodes_values', all.threshold), strings('nodes_modes', all.mode),
    ints('nodes_truenodeids', all.left), ints('nodes_falsenodeids', all.right), ints('target_treeids', all.leafTree), ints('target_nodeids', all.leafId), ints('target_ids', zeros),
    floats('target_weights', all.weight), floats('base_values', [forest.base[0] ?? 0]), field(5, Buffer.concat([text(1, 'n_targets'), whole(3, 1), whole(20, 2)])), string('post_transform', 'NONE'),
  ]);
  const graph = Buffer.concat([field(1, node), text(2, 'forest'), field(11, tensor('row', forest.featureCount)), field(12, tensor('sum', 1))]);
  const opset = (domain: string, version: number): Buffer => field(8, Buffer.concat([text(1, domain), whole(2, version)]));
  return Buffer.concat([whole(1, 8), field(7, graph), opset('', 17), opset('ai.onnx.ml', 1)]);
};
