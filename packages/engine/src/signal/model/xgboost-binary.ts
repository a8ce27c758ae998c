import {checkForest} from './check-forest.ts';
import {MODEL_LIMITS, type Forest, type ForestTree} from './forest.ts';
import {damagedModel, oversizedModel, unsupportedModel} from './model-error.ts';
import {readXgboostObjective} from './xgboost-objective.ts';
import {readFlatTree} from './flat-tree.ts';

/** sizes of the C structures that the old format is a dump of */
const LEARNER_BYTES = 136;
const BOOSTER_BYTES = 160;
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTIC_BYTES = 16;
const TEXT_BYTES_MAX = 1024;
const DEFAULT_LEFT = 0x80000000;

/** Little-endian values one after the other; what is not there is an error. */
class BinaryCursor {
  readonly view: DataView;
  at = 0;
  readonly #name: string;

  constructor(name: string, octets: Uint8Array) {
    this.#name = name;
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  /** The place of the next `bytes` octets, which are passed over. */
  take(bytes: number): number {
    const at = this.at;
    if (!(bytes >= 0 && bytes <= this.view.byteLength - at)) throw damagedModel(this.#name, `the file ends, ${bytes} octets are missing at octet ${at}`);
    this.at += bytes;
    return at;
  }

  count(): number {
    const count = this.view.getBigUint64(this.take(8), true);
    if (count > 0xffffffffn) throw damagedModel(this.#name, `a count of ${count} at octet ${this.at - 8}`);
    return Number(count);
  }

  text(): string {
    const bytes = this.count();
    if (bytes > TEXT_BYTES_MAX) throw damagedModel(this.#name, `a name of ${bytes} octets at octet ${this.at - 8}`);
    return String.fromCharCode(...new Uint8Array(this.view.buffer, this.view.byteOffset + this.take(bytes), bytes));
  }
}

/**
 * A model in the binary form that XGBoost wrote up to 3.0.
 * @throws TandemError TDM-E440, TDM-E441, TDM-E442
 */
export const readXgboostBinary = (name: string, octets: Uint8Array): Forest => {
  const cursor = new BinaryCursor(name, octets);
  const magic = String.fromCharCode(...octets.subarray(0, 4));
  if (magic === 'bs64') throw unsupportedModel(name, 'the base64 form of an XGBoost model');
  if (magic === 'binf') cursor.take(4);
  const head = cursor.take(LEARNER_BYTES);
  const {view} = cursor;
  const baseScore = view.getFloat32(head, true);
  const featureCount = view.getUint32(head + 4, true);
  const classes = view.getInt32(head + 8, true);
  const major = view.getUint32(head + 20, true);
  const minor = view.getUint32(head + 24, true);
  const objective = cursor.text();
  const booster = cursor.text();
  if (booster !== 'gbtree' && booster !== 'dart') throw /^[a-z]+$/.test(booster) ? unsupportedModel(name, `booster ${booster}`) : damagedModel(name, 'no booster is named');
  const {trees, outputs} = readTrees(name, cursor);
  const weights = booster === 'dart' ? readWeights(name, cursor, trees.length) : null;
  const {link, toMargin, toOtherMargin} = readXgboostObjective(name, objective);
  const rawCount = Math.max(1, classes);
  if (rawCount > MODEL_LIMITS.outputs) throw oversizedModel(name, `${rawCount} outputs`);
  // before 1.0 the file holds the margin itself
  const base = major >= 1 ? toMargin(baseScore) : baseScore;
  return checkForest(name, {
    family: 'xgboost', origin: `XGBoost binary ${major}.${minor} ${booster}`, featureCount, featureNames: null, rawCount,
    trees: trees.map((read, at) => read(outputs[at] ?? -1, weights?.[at] ?? 1)), base: new Float64Array(rawCount).fill(base),
    otherBase: major < 1 || toOtherMargin === null ? null : new Float64Array(rawCount).fill(toOtherMargin(baseScore)), baseLast: major < 1, precision: 'single', divisor: 1, categoryFraction: 'truncated', link,
  });
};

type PendingTree = (output: number, weight: number) => ForestTree;

const readTrees = (name: string, cursor: BinaryCursor): {trees: PendingTree[]; outputs: number[]} => {
  const {view} = cursor;
  const head = cursor.take(BOOSTER_BYTES);
  const count = view.getInt32(head, true);
  if (count < 0) throw damagedModel(name, `${count} trees`);
  if (count > MODEL_LIMITS.trees) throw oversizedModel(name, `${count} trees`);
  const trees = Array.from({length: count}, (_, at) => readTree(`${name}, tree ${at}`, cursor));
  const table = cursor.take(count * 4);
  return {trees, outputs: trees.map((_, at) => view.getInt32(table + at * 4, true))};
};

const readWeights = (name: string, cursor: BinaryCursor, treeCount: number): number[] => {
  const count = cursor.count();
  if (count !== treeCount) throw damagedModel(name, `${count} weights for ${treeCount} trees`);
  const table = cursor.take(count * 4);
  return Array.from({length: count}, (_, at) => cursor.view.getFloat32(table + at * 4, true));
};

const readTree = (name: string, cursor: BinaryCursor): PendingTree => {
  const {view} = cursor;
  const head = cursor.take(TREE_BYTES);
  const nodeCount = view.getInt32(head + 4, true);
  const leafVector = view.getInt32(head + 20, true);
  if (view.getInt32(head, true) > 1) throw unsupportedModel(name, 'trees with several roots');
  if (leafVector > 1) throw unsupportedModel(name, 'trees with several outputs');
  if (nodeCount < 1) throw damagedModel(name, `${nodeCount} nodes`);
  if (nodeCount > MODEL_LIMITS.nodes) throw oversizedModel(name, `${nodeCount} nodes`);
  const table = cursor.take(nodeCount * NODE_BYTES);
  cursor.take(nodeCount * STATISTIC_BYTES);
  const word = (node: number, at: number): number => view.getInt32(table + node * NODE_BYTES + at, true);
  const column = (at: number): Int32Array => Int32Array.from({length: nodeCount}, (_, node) => word(node, at));
  const split = Float64Array.from({length: nodeCount}, (_, node) => view.getUint32(table + node * NODE_BYTES + 12, true));
  const condition = Float64Array.from({length: nodeCount}, (_, node) => view.getFloat32(table + node * NODE_BYTES + 16, true));
  const flat = {left: column(4), right: column(8), feature: Int32Array.from(split, (bits) => bits % DEFAULT_LEFT), condition, defaultLeft: split.map((bits) => bits >= DEFAULT_LEFT ? 1 : 0), categories: new Map<number, Uint32Array>()};
  return (output, weight) => readFlatTree(name, flat, output, {weight, precision: 'single'});
};
