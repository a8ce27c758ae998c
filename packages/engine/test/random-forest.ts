import {DECISION, type Forest, type ForestTree, type ModelFamily} from '../src/signal/model/forest.ts';
import {nextDown, nextUp} from '../src/signal/model/float-edges.ts';

/** A number in [0, 1) from a seed; the same one everywhere. */
export type Chance = () => number;
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const LIMIT = Math.fround(1e-35);
const SINGLE_MAX = 3.4028234663852886e38;
const EDGES = [0, -0, LIMIT, -LIMIT, nextUp(LIMIT), nextDown(-LIMIT), 1e-36, -1e-36, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, SINGLE_MAX, -SINGLE_MAX, Infinity, -Infinity,
  2 ** -149, -(2 ** -149), 2 ** -150, 1, 1 + Number.EPSILON, Math.fround(0.1), 0.1, 16777216, 16777217, 2 ** 31, -1, -0.5];

const pick = <T>(chance: Chance, list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
const number = (chance: Chance): number => chance() < 0.3 ? pick(chance, EDGES) : Math.round((chance() - 0.5) * 40) / 4;

/** Values that sit on the edges of these forests: thresholds, their neighbours, what is missing, and categories known and unknown. */
export const randomRow = (chance: Chance, forest: Forest): Float64Array => {
  const row = Float64Array.from({length: forest.featureCount}, () => chance() < 0.1 ? NaN : chance() < 0.3 ? Math.floor(chance() * 80) - 2 : number(chance));
  for (let change = 0; change < forest.featureCount * 2; change++) {
    const tree = pick(chance, forest.trees);
    if (tree.left.length === 0) continue;
    const node = Math.floor(chance() * tree.left.length);
    const t = tree.threshold[node] ?? 0;
    const choices = [t, t === -Infinity ? t : nextDown(t), t === Infinity ? t : nextUp(t), Math.fround(t), -t];
    if (chance() < 0.3) row[tree.feature[node] ?? 0] = pick(chance, choices);
  }
  return row;
};

/** The row of a model without gaps: nothing but finite numbers, so that it is read in place. */
export const finiteRow = (chance: Chance, forest: Forest): Float64Array => randomRow(chance, forest).map((x) => Number.isFinite(x) ? x : 0);

export interface Shape {
  readonly family: ModelFamily;
  readonly features: number;
  readonly trees: number;
  readonly outputs: number;
  /** chance that an open place becomes a node; 1 gives full trees */
  readonly growth: number;
  readonly depth: number;
  readonly categorical: boolean;
}

const leafOf = (chance: Chance, family: ModelFamily): number => {
  const value = chance() < 0.05 ? 0 : (chance() - 0.5) * 10 ** Math.floor(chance() * 6 - 3);
  return family === 'xgboost' ? Math.fround(value) : value;
};

const setOf = (chance: Chance): Uint32Array => Uint32Array.from({length: 1 + Math.floor(chance() * 2)}, () => Math.floor(chance() * 2 ** 32));

const randomTree = (chance: Chance, shape: Shape, output: number): ForestTree => {
  const [left, right, feature, threshold, decision, leaves]: number[][] = [[], [], [], [], [], []];
  const categories = new Map<number, Uint32Array>();
  const grow = (level: number): number => {
    if (level >= shape.depth || chance() >= shape.growth) return ~(leaves!.push(leafOf(chance, shape.family)) - 1);
    const node = left!.push(0) - 1;
    right!.push(0);
    feature!.push(Math.floor(chance() * shape.features));
    const isCategorical = shape.categorical && chance() < 0.3;
    const t = number(chance);
    threshold!.push(shape.family === 'xgboost' ? Math.fround(t) : t);
    const missing = shape.family === 'lightgbm' ? pick(chance, [0, DECISION.missingZero, DECISION.missingNaN]) : DECISION.missingNaN;
    decision!.push((chance() < 0.5 ? DECISION.defaultLeft : 0) + missing + (isCategorical ? DECISION.categorical : 0));
    if (isCategorical) categories.set(node, setOf(chance));
    left![node] = grow(level + 1);
    right![node] = grow(level + 1);
    return node;
  };
  grow(0);
  return {
    output, left: Int32Array.from(left!), right: Int32Array.from(right!), feature: Int32Array.from(feature!), threshold: Float64Array.from(threshold!), decision: Uint8Array.from(decision!), categories,
    leafValue: Float64Array.from(leaves!), linear: null,
  };
};

export const randomForest = (chance: Chance, shape: Shape): Forest => {
  const isSingle = shape.family === 'xgboost';
  const base = Float64Array.from({length: shape.outputs}, () => shape.family === 'lightgbm' ? 0 : leafOf(chance, shape.family));
  return {
    family: shape.family, origin: 'a random forest', featureCount: shape.features, featureNames: null, rawCount: shape.outputs,
    trees: Array.from({length: shape.trees}, (_, at) => randomTree(chance, shape, at % shape.outputs)), base, baseLast: isSingle && chance() < 0.5,
    precision: isSingle ? 'single' : 'double', divisor: 1, categoryFraction: chance() < 0.5 ? 'truncated' : 'missing', link: {kind: 'identity', scale: 1},
  };
};
