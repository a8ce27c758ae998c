import type {CategoryBudget} from './category-budget.ts';
import {DECISION, MODEL_LIMITS, type ForestTree, type LinearLeaf} from './forest.ts';
import {damagedModel, oversizedModel, unsupportedModel} from './model-error.ts';
import type {TextSection} from './text-section.ts';

const NUMBER = /^[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan)$/i;

/** blanks that may stand where one would do */
const BLANKS = 16;

const numberOf = (name: string, text: string): number => {
  if (!NUMBER.test(text)) throw damagedModel(name, `"${text.slice(0, 30)}" where a number belongs`);
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  const word = text.toLowerCase();
  return word.endsWith('nan') ? NaN : word.startsWith('-') ? -Infinity : Infinity;
};

/** No more words than a reader has room for are ever cut out; lists by leaf have blanks between leaves. */
const words = (text: string | undefined, most: number): string[] => (text ?? '').split(' ', 2 * most + BLANKS).filter((word) => word !== '');

/** A list of exactly `length` numbers. */
const numbers = (name: string, section: TextSection, key: string, length: number, blanks = 0): Float64Array => {
  const list = words(section.get(key), length + blanks);
  if (list.length !== length) throw damagedModel(name, `${key} has ${list.length} numbers instead of ${length}`);
  return Float64Array.from(list, (word) => numberOf(`${name}, ${key}`, word));
};

const integers = (name: string, section: TextSection, key: string, length: number, blanks = 0): Int32Array => Int32Array.from(numbers(name, section, key, length, blanks), (value) => {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) throw damagedModel(name, `${key} holds ${value}`);
  return value;
});

/** One `Tree=` section. Missing lists belong to trees of one leaf, which have no node. */
export const readLightgbmTree = (name: string, section: TextSection, output: number, budget: CategoryBudget): ForestTree => {
  const leafCount = Number(section.get('num_leaves'));
  if (!Number.isInteger(leafCount) || leafCount < 1) throw damagedModel(name, `num_leaves=${section.get('num_leaves') ?? '(missing)'}`);
  if (leafCount > MODEL_LIMITS.nodes) throw oversizedModel(name, `${leafCount} leaves`);
  const nodeCount = leafCount - 1;
  const leafValue = numbers(name, section, 'leaf_value', leafCount);
  const linear = (section.get('is_linear') ?? '0') === '0' ? null : readLinear(name, section, leafCount);
  if (nodeCount === 0) {
    const none = new Int32Array(0);
    return {output, left: none, right: none, feature: none, threshold: new Float64Array(0), decision: new Uint8Array(0), categories: new Map(), leafValue, linear};
  }
  const threshold = numbers(name, section, 'threshold', nodeCount);
  const decision = Uint8Array.from(integers(name, section, 'decision_type', nodeCount), (value) => {
    if (value < 0 || value > 15 || (value & 12) === 12) throw unsupportedModel(name, `decision_type ${value}`);
    return value;
  });
  return {
    output, left: integers(name, section, 'left_child', nodeCount), right: integers(name, section, 'right_child', nodeCount),
    feature: integers(name, section, 'split_feature', nodeCount), threshold, decision,
    categories: readCategories(name, section, {threshold, decision, budget}), leafValue, linear,
  };
};

/** The threshold of a categorical node is the number of its bit set in `cat_threshold`, whose bounds are `cat_boundaries`. */
const readCategories = (name: string, section: TextSection, {threshold, decision, budget}: {threshold: Float64Array; decision: Uint8Array; budget: CategoryBudget}): Map<number, Uint32Array> => {
  const sets = new Map<number, Uint32Array>();
  if (!decision.some((bits) => (bits & DECISION.categorical) !== 0)) return sets;
  const list = (key: string, most: number): Float64Array => numbers(name, section, key, words(section.get(key), most).length);
  const bounds = list('cat_boundaries', MODEL_LIMITS.nodes);
  const bits = list('cat_threshold', MODEL_LIMITS.categoryWords);
  decision.forEach((kind, node) => {
    if ((kind & DECISION.categorical) === 0) return;
    const from = bounds[threshold[node] ?? -1];
    const to = bounds[(threshold[node] ?? -1) + 1];
    if (from === undefined || to === undefined || from < 0 || to < from || to > bits.length) throw damagedModel(name, `the categories of node ${node}`);
    const set = budget.take(name, (to - from) * 32);
    set.set(bits.subarray(from, to));
    sets.set(node, set);
  });
  return sets;
};

const readLinear = (name: string, section: TextSection, leafCount: number): LinearLeaf[] => {
  const constants = numbers(name, section, 'leaf_const', leafCount);
  const counts = integers(name, section, 'num_features', leafCount);
  const total = counts.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total > MODEL_LIMITS.nodes) throw oversizedModel(name, `${total} terms in leaves`);
  const features = integers(name, section, 'leaf_features', total, leafCount);
  const coefficients = numbers(name, section, 'leaf_coeff', total, leafCount);
  let at = 0;
  return Array.from(counts, (length, leaf) => {
    if (length < 0) throw damagedModel(name, `num_features holds ${length}`);
    at += length;
    return {constant: constants[leaf] ?? NaN, features: features.slice(at - length, at), coefficients: coefficients.slice(at - length, at)};
  });
};
