import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {loadOnnx, openOnnx} from '../bench/onnx-oracle.ts';
import {onnxOf} from '../bench/signal-trees-onnx.ts';
import {compileForest} from '../src/signal/model/compile-forest.ts';
import {readModel} from '../src/signal/model/read-model.ts';
import {chanceOf, finiteRow, randomForest} from './random-forest.ts';

const onnx = loadOnnx();
const why = onnx === null ? ' (skipped: ONNX Runtime is not installed; npm ci --ignore-scripts --prefix tools/onnxruntime)' : '';
const fixture = (): ReturnType<typeof readModel> => readModel('lightgbm-level.txt', gunzipSync(readFileSync(join(import.meta.dirname, '../src/signal/model/fixtures/lightgbm-level.txt.gz'))));

describe.skipIf(onnx === null)(`ONNX Runtime as an oracle${why}`, () => {
  it.each([['a model of LightGBM', fixture], ['a random forest', () => randomForest(chanceOf(3), {family: 'hist-gradient-boosting', features: 6, trees: 30, outputs: 1, growth: 0.9, depth: 6, categorical: false})]] as const)('%s gives the same sums within float32', async (_, make) => {
    const given = make();
    // the operator knows float32 alone: thresholds and rows that are float32 make both sides decide alike
    const forest = {...given, trees: given.trees.map((tree) => ({...tree, threshold: tree.threshold.map(Math.fround)}))};
    const model = compileForest(forest);
    const session = await openOnnx(onnx!, onnxOf(forest));
    const chance = chanceOf(11);
    const sums = new Float64Array(1);
    const reach = forest.trees.reduce((sum, tree) => sum + Math.max(...tree.leafValue.map(Math.abs)), Math.abs(forest.base[0] ?? 0));
    for (let at = 0; at < 300; at++) {
      // what float32 takes to infinity or to zero is another question
      const row = finiteRow(chance, forest).map((x) => Math.abs(x) > 1e30 || Math.abs(x) < 1e-30 ? 1 : Math.fround(x));
      model.raw(row, sums);
      const {sum} = await session.run({row: new onnx!.Tensor('float32', Float32Array.from(row), [1, row.length])});
      expect(Math.abs((sum?.data[0] ?? NaN) - (sums[0] ?? NaN))).toBeLessThanOrEqual(reach * 2 ** -23 * 4);
    }
    await session.release();
  });
});
