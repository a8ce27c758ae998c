import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {parseLooseJson} from './loose-json.ts';
import {readModel} from './read-model.ts';
import {parseUbjson} from './ubjson.ts';

const textOf = (file: string): string => new TextDecoder().decode(gunzipSync(readFileSync(join(import.meta.dirname, 'fixtures', `${file}.gz`))));
const said = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return `${error.detail.id} ${error.detail.where ?? ''}: ${error.detail.seen ?? ''}`;
  }
  return 'read';
};
const refusal = (octets: Uint8Array | string): string => said(() => readModel('hostile', typeof octets === 'string' ? new TextEncoder().encode(octets) : octets));
/** memory that buffers hold after the act, beyond what they held before */
const grown = (act: () => unknown): number => {
  const before = process.memoryUsage().arrayBuffers;
  act();
  return process.memoryUsage().arrayBuffers - before;
};
const xgboost = (trees: readonly unknown[], more: object = {}): string => JSON.stringify({
  version: [2, 0, 0], learner: {
    learner_model_param: {base_score: '5E-1', num_class: '0', num_feature: '2', num_target: '1'}, objective: {name: 'reg:squarederror'}, ...more,
    gradient_booster: {name: 'gbtree', model: {gbtree_model_param: {num_trees: String(trees.length)}, tree_info: trees.map(() => 0), trees}},
  },
});
const stump = (more: object = {}): object => ({
  tree_param: {num_nodes: '3', size_leaf_vector: '1'}, left_children: [1, -1, -1], right_children: [2, -1, -1], split_indices: [0, 0, 0], split_conditions: [0.5, 1, 2], default_left: [1, 0, 0], ...more,
});

describe('a few octets that ask for much', () => {
  it('are no trouble in a model that is none', () => { expect(refusal(xgboost([stump()]))).toBe('read'); });

  it('one high category in each of many nodes', () => {
    const high = stump({split_type: [1, 0, 0], categories_nodes: [0], categories_segments: [0], categories_sizes: [1], categories: [2 ** 24 - 1]});
    expect(refusal(xgboost([high]))).toBe('read');
    expect(grown(() => { expect(refusal(xgboost(Array(4000).fill(high)))).toMatch(/TDM-E442 .*categories in all nodes/); })).toBeLessThan(200e6);
  });

  it('one long list of categories that many nodes share', () => {
    const shared = (trees: number): string => {
      const tree = `num_leaves=2\nnum_cat=1\nsplit_feature=0\nthreshold=0\ndecision_type=1\nleft_child=-1\nright_child=-2\nleaf_value=1 2\ncat_boundaries=0 1000\ncat_threshold=${'1 '.repeat(1000)}\n`;
      return `tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\nobjective=regression\nfeature_names=f\n\n${Array.from({length: trees}, (_, at) => `Tree=${at}\n${tree}\n`).join('')}end of trees\n`;
    };
    expect(refusal(shared(2))).toBe('read');
    const fan = `num_leaves=40001\nnum_cat=1\nsplit_feature=${'0 '.repeat(40_000)}\nthreshold=${'0 '.repeat(40_000)}\ndecision_type=${'1 '.repeat(40_000)}\nleft_child=${'0 '.repeat(40_000)}\nright_child=${'0 '.repeat(40_000)}\nleaf_value=${'1 '.repeat(40_001)}\n`;
    expect(refusal(shared(1).replace(/num_leaves=2\n[^]*?(?=cat_boundaries)/, fan))).toMatch(/TDM-E442 .*categories in all nodes/);
    const listed = stump({split_type: [1, 0, 0], categories_nodes: Array(20_000).fill(0), categories_segments: Array(20_000).fill(0), categories_sizes: Array(20_000).fill(60_000), categories: Array.from({length: 60_000}, (_, at) => at)});
    expect(refusal(xgboost([listed]))).toMatch(/TDM-E440 .*1200000000 categories in nodes where 60000 are listed/);
  });

  it.each([
    ['a text that never ends', `{"a": "${'\\"'.repeat(200_000)}`], ['quotes without an end', `{"a": ${'"\\"'.repeat(60_001)}`], ['lists in lists', '['.repeat(300_000)], ['objects in objects', '{"a":'.repeat(200_000)], ['backslashes', `{"a": "${'\\'.repeat(300_001)}`],
  ])('JSON: %s', (_, text) => { expect(said(() => parseLooseJson('hostile', text))).toMatch(/^TDM-E440/); });

  it('JSON: bare words beside a long text are read', () => {
    const long = 'NaN \\" '.repeat(50_000);
    expect(parseLooseJson('loose', `{"a":[NaN,Infinity,-Infinity],"b":"${long}"}`)).toEqual({a: [null, Infinity, -Infinity], b: long.replaceAll('\\"', '"')});
  });

  it.each([
    ['containers in containers', '['.repeat(100_000)], ['a count beyond the file', '[$d#l\x7f\xff\xff\xff'], ['a count below zero', '[#l\xff\xff\xff\xff'], ['a count of 2^62', '[$d#L\x40\x00\x00\x00\x00\x00\x00\x00'], ['a name of 2^31 octets', '{l\x7f\xff\xff\xffa'],
    ['a type that has no octets', '[$Z#l\x7f\xff\xff\xff'], ['fillers to the end', 'N'.repeat(100_000)], ['a type without a count', '[$d['], ['a list that never ends', '[i\x01i\x02'],
  ])('UBJSON: %s', (_, octets) => { expect(said(() => parseUbjson('hostile', Uint8Array.from(octets, (character) => character.charCodeAt(0))))).toMatch(/^TDM-E440/); });
});

describe('leaves that are vectors', () => {
  const json = textOf('xgboost-3.4-vector-leaf.json');
  it('of another length than the model has outputs, or without a vector', () => {
    expect(refusal(json)).toBe('read');
    expect(refusal(json.replaceAll('"size_leaf_vector":"2"', '"size_leaf_vector":"3"'))).toMatch(/TDM-E440 .*leaves of 3 values for 2 outputs/);
    expect(refusal(json.replace(/"leaf_weights":\[[^,]+,/, '"leaf_weights":['))).toMatch(/TDM-E440 .*has no vector/);
    expect(refusal(textOf('xgboost-2.1-vector-leaf.json').replace(/"base_weights":\[[^,]+,/, '"base_weights":['))).toMatch(/TDM-E440 .*has no vector/);
  });
  it('of more outputs than any model has', () => { expect(refusal(json.replaceAll('"num_target":"2"', '"num_target":"100000000"').replaceAll('"size_leaf_vector":"2"', '"size_leaf_vector":"100000000"'))).toMatch(/TDM-E442 .*100000000 outputs/); });
});

describe('parts that would be passed over in silence', () => {
  const scikit = textOf('scikit-categories.json');
  it('a tree that adds to half an output, or to none', () => {
    expect(refusal(scikit.replace('"output":0', '"output":0.5'))).toMatch(/TDM-E440 .*output 0.5 of 1/);
    expect(refusal(scikit.replace('"output":0', '"output":-1'))).toMatch(/TDM-E440 .*output -1 of 1/);
  });
  it('categories of a node that is not there', () => { expect(refusal(scikit.replace(/"categorical":\[\{"node":\d+/, '"categorical":[{"node":999'))).toMatch(/TDM-E440 .*node 999/); });
  it('weights that are not as many as trees', () => { expect(refusal(textOf('xgboost-3.4-dart.json').replace(/"weight_drop":\[[^,]+,/, '"weight_drop":['))).toMatch(/TDM-E440 .*3 weights for 4 trees/); });
  it('a leaf that training has lost', () => { expect(refusal(xgboost([stump({split_conditions: [0.5, null, 2]})]))).toMatch(/TDM-E440 .*diverged/); });
});

describe('files that are something else say what', () => {
  it.each([
    ['a pickle', '\x80\x04\x95', /pickle.*save_model/], ['gzip', '\x1f\x8b\x08', /gzip/], ['joblib, packed', '\x78\x9c', /packed/], ['CatBoost', 'CBM1', /CatBoost/], ['PMML', '<?xml version="1.0"?>', /PMML/],
    ['a zip', 'PK\x03\x04', /zip/], ['a dump as text', 'booster[0]:\n0:[f0<1.5] yes=1,no=2', /dump/], ['a dump as JSON', '[\n  { "nodeid": 0', /dump_model/], ['a program', `#!/usr/bin/env python3\n${'import x\n'.repeat(9)}`, /text of no known form/],
  ])('%s', (_, head, words) => {
    expect(refusal(Uint8Array.from(head, (character) => character.charCodeAt(0)))).toMatch(/^TDM-E440/);
    const long = new Uint8Array(4000).fill(0x41);
    long.set(Array.from(head, (character) => character.charCodeAt(0)));
    expect(refusal(long)).toMatch(words);
  });
  it('CatBoost as JSON', () => { expect(refusal('{"features_info": {}, "oblivious_trees": []}')).toMatch(/TDM-E441 .*CatBoost/); });
});
