import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {chanceOf} from '../../../test/random-forest.ts';
import {deep, seed} from '../../../test/seed.ts';
import {compileForest} from './compile-forest.ts';
import {nextDown, nextDownSingle} from './float-edges.ts';
import type {Forest, ForestTree} from './forest.ts';
import {checkGolden, readGoldenRows, type GoldenRows} from './golden.ts';
import {readModel} from './read-model.ts';

// TANDEM_DEEP: every cut, and many more changed octets
const FOLDER = join(import.meta.dirname, 'fixtures');
const octetsOf = (file: string): Uint8Array => gunzipSync(readFileSync(join(FOLDER, `${file}.gz`)));
const SUBJECTS = ['lightgbm-multiclass.txt', 'lightgbm-linear.txt', 'xgboost-dart.json', 'xgboost-categories.ubj', 'xgboost-logistic.ubj', 'xgboost-dart.bin', 'scikit-categories.json'];
const OURS = /^TDM-E44[012]$/;
const textOf = (file: string): string => new TextDecoder().decode(octetsOf(file));
const refusal = (octets: Uint8Array | string): string => {
  try {
    readModel('hostile', typeof octets === 'string' ? new TextEncoder().encode(octets) : octets);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return `${error.detail.id} ${error.detail.where ?? ''}: ${error.detail.seen ?? ''}`;
  }
  return 'read';
};

describe('damaged models', () => {
  it.each(SUBJECTS)('%s cut short anywhere is refused with an id, or is the same model', (file) => {
    const octets = octetsOf(file);
    const step = deep ? 1 : Math.ceil(octets.length / 60);
    for (let end = 0; end < octets.length - 1; end += step) {
      const said = refusal(octets.subarray(0, end));
      // what stands behind the last tree may be missing
      if (said === 'read') expect(readModel(file, octets.subarray(0, end))).toEqual(readModel(file, octets));
      else expect(said).toMatch(/^TDM-E44[012]/);
    }
  });

  it.each(SUBJECTS)('%s with changed octets is refused with an id, or is a model that ends', (file) => {
    const octets = octetsOf(file);
    const chance = chanceOf(seed);
    for (let run = 0; run < (deep ? 5000 : 60); run++) {
      const changed = octets.slice();
      for (let change = 0; change < 1 + chance() * 4; change++) changed[Math.floor(chance() * changed.length)] = Math.floor(chance() * 256);
      try {
        const model = compileForest(readModel(file, changed));
        if (model.rowLength < 1000) model.raw(new Float64Array(model.rowLength), new Float64Array(model.rawCount));
      } catch (error) {
        expect(error instanceof TandemError ? error.detail.id : error, `seed ${seed}, run ${run}`).toMatch(OURS);
      }
    }
  });

  it.each([
    ['an empty file', ''], ['another file', '#!/bin/sh\nexit 0\n'], ['JSON of something else', '{"a": 1}'], ['JSON that is a list', '[1, 2]'], ['many octets of nothing', '\0'.repeat(5000)], ['text of LightGBM without anything', 'tree\n'],
  ])('%s is no model', (_, text) => { expect(refusal(text)).toMatch(/^TDM-E44[01]/); });
});

describe('models that lie', () => {
  const text = textOf('lightgbm-no-categories.txt');
  const change = (from: RegExp, to: string): string => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    return refusal(changed);
  };

  it.each(['lightgbm-binary.txt', 'scikit-categories.json'])('names the byte order mark before %s', (file) => {
    expect(refusal(Buffer.concat([Buffer.from('\uFEFF'), octetsOf(file)]))).toMatch(/^TDM-E440 hostile: a byte order mark/);
  });

  it('a tree that leads back into itself', () => { expect(change(/left_child=\S+ \S+/, 'left_child=1 0')).toMatch(/TDM-E440 .*(ancestor|parents)/); });
  it('a child, a feature and a leaf that are not there', () => {
    expect(change(/left_child=\S+/, 'left_child=99')).toMatch(/TDM-E440 .*child outside/);
    expect(change(/split_feature=\S+/, 'split_feature=7')).toMatch(/TDM-E440 .*reads feature 7 of 7/);
    expect(change(/right_child=\S+/, 'right_child=-99')).toMatch(/TDM-E440 .*child outside/);
  });
  it('sizes that are absurd are refused before memory is asked for', () => {
    const before = process.memoryUsage().arrayBuffers;
    expect(change(/num_leaves=\d+/, 'num_leaves=2000000000')).toMatch(/TDM-E442/);
    expect(change(/max_feature_idx=\d+/, 'max_feature_idx=999999999')).toMatch(/TDM-E442/);
    expect(change(/num_class=1/, 'num_class=99999999')).toMatch(/TDM-E442/);
    const binary = octetsOf('xgboost-logistic.bin');
    const view = new DataView(binary.buffer, binary.byteOffset);
    for (let at = 0; at + 4 <= 600; at += 4) {
      const kept = view.getInt32(at, true);
      view.setInt32(at, 0x7ffffff0, true);
      refusal(binary);
      view.setInt32(at, kept, true);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
  });
  it('lists that are shorter or longer than the tree, and words where numbers belong', () => {
    expect(change(/leaf_value=\S+ /, 'leaf_value=')).toMatch(/TDM-E440 .*leaf_value has/);
    expect(change(/threshold=\S+/, 'threshold=low')).toMatch(/TDM-E440 .*"low"/);
    expect(change(/threshold=\S+/, 'threshold=nan')).toMatch(/TDM-E440 .*no threshold/);
    expect(change(/decision_type=\S+/, 'decision_type=255')).toMatch(/TDM-E441 .*decision_type 255/);
  });
  it('parts that are not known are named', () => {
    expect(change(/objective=\S+/, 'objective=mystery')).toMatch(/TDM-E441 .*mystery/);
    expect(change(/version=v4/, 'version=v9')).toMatch(/TDM-E441 .*v9/);
    const json = textOf('xgboost-squarederror.json');
    expect(refusal(json.replace('reg:squarederror', 'reg:mystery'))).toMatch(/TDM-E441 .*reg:mystery/);
    expect(refusal(json.replace('"gbtree"', '"forest"'))).toMatch(/TDM-E441 .*forest/);
    expect(refusal('{"name":"tree","tree_info":[]}')).toMatch(/TDM-E441 .*dump/);
    expect(refusal(`bs64${'A'.repeat(400)}`)).toMatch(/TDM-E441 .*base64/);
  });
  it('XGBoost trees that lead back, in JSON', () => {
    const json = textOf('xgboost-squarederror.json');
    const circle = json.replace(/"left_children":\[1/, '"left_children":[0');
    expect(circle).not.toBe(json);
    expect(refusal(circle)).toMatch(/TDM-E440 .*(ancestor|parents)/);
  });
});

/** One node or leaf changed at a time: how many of the changes the golden rows see. */
const mutants = (forest: Forest, golden: GoldenRows): {all: number; caught: number} => {
  let [all, caught] = [0, 0];
  const attempt = (at: number, tree: Partial<ForestTree>): void => {
    all++;
    try {
      checkGolden('mutant', compileForest({...forest, trees: forest.trees.map((kept, index) => index === at ? {...kept, ...tree} : kept)}), golden);
    } catch (error) {
      expect(error instanceof TandemError && error.detail.id).toBe('TDM-E445');
      caught++;
    }
  };
  const step = (x: number): number => forest.precision === 'single' ? nextDownSingle(x) : nextDown(x);
  forest.trees.forEach((tree, at) => {
    tree.threshold.forEach((t, node) => { attempt(at, {threshold: tree.threshold.with(node, step(t))}); });
    tree.leafValue.forEach((value, leaf) => { attempt(at, {leafValue: tree.leafValue.with(leaf, value + 1)}); });
    tree.left.forEach((child, node) => { attempt(at, {left: tree.left.with(node, tree.right[node] ?? 0), right: tree.right.with(node, child)}); });
  });
  return {all, caught};
};

describe('golden rows find a wrong model', () => {
  it.each(['lightgbm-level.txt', 'lightgbm-regression.txt', 'xgboost-level.ubj', 'scikit-squared.json', 'lightgbm-zero-as-missing-numbers.txt'])('%s with one threshold, side or leaf moved', (file) => {
    const golden = readGoldenRows(file, textOf(`${file}.golden.json`));
    const report = mutants(readModel(file, octetsOf(file)), golden);
    expect(report.caught / report.all, JSON.stringify(report)).toBeGreaterThan(0.5);
  });
});
