import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {compileForest, type CompiledModel} from './compile-forest.ts';
import {VALUE_ULPS_MAX} from './golden.ts';
import {walkForest} from './plain-walk.ts';
import {readModel} from './read-model.ts';

const root = join(import.meta.dirname, '../../../../..');
const FOLDER = join(process.env['TANDEM_SHARED'] ?? join(root, '../shared'), 'data/models/leaves');
const why = existsSync(FOLDER) ? '' : ' (skipped: the shared models are not here; TANDEM_SHARED names their folder)';
const octetsOf = (file: string): Uint8Array => gunzipSync(readFileSync(join(FOLDER, `${file}.gz`)));
const rowsOf = (file: string): number[][] => new TextDecoder().decode(octetsOf(file)).trim().split('\n').map((line) => line.split('\t').map(Number));
const libsvmRow = (line: string, width: number): Float64Array => {
  const row = new Float64Array(width).fill(NaN);
  for (const pair of line.trim().split(' ').slice(1)) {
    const [feature, value] = pair.split(':').map(Number);
    row[feature ?? 0] = value ?? NaN;
  }
  return row;
};

/** largest distance in units of the last place of the expected value */
const ulpsOf = (model: CompiledModel, rows: readonly Float64Array[], expected: readonly number[][], want: 'raw' | 'values', unit: number): number => {
  expect(rows.length).toBe(expected.length);
  const got = new Float64Array(want === 'raw' ? model.rawCount : model.valueCount);
  return rows.reduce((most, row, at) => {
    model[want](row, got);
    if (want === 'raw') expect(got).toEqual(walkForest(model.forest, row));
    expect(expected[at]?.length).toBe(got.length);
    return got.reduce((worst, value, output) => Math.max(worst, Math.abs(value - (expected[at]?.[output] ?? NaN)) / (2 ** Math.floor(Math.log2(Math.abs(value))) * unit)), most);
  }, 0);
};

describe.skipIf(why !== '')(`recorded models and their library's predictions${why}`, () => {
  it.each([
    {model: 'lg_dart_breast_cancer.model', rows: 'breast_cancer_test.tsv', predictions: 'lg_dart_breast_cancer_true_predictions.txt', want: 'values', label: 0},
    {model: 'lgmulticlass.model', rows: 'multiclass_test.tsv', predictions: 'lgmulticlass_true_predictions.txt', want: 'values', label: 1},
    {model: 'lgmulticlass.model', rows: 'multiclass_test.tsv', predictions: 'lgmulticlass_true_raw_predictions.txt', want: 'raw', label: 1},
    {model: 'genlin_fmtp_gamma_AvgClaimAmount.model', rows: 'genlin_fmtp_gamma_AvgClaimAmount_features.tsv', predictions: 'genlin_fmtp_gamma_AvgClaimAmount_true_predictions.txt', want: 'values', label: 0},
  ] as const)('$model, $want', ({model, rows, predictions, want, label}) => {
    const compiled = compileForest(readModel(model, octetsOf(model)));
    const table = rowsOf(rows).map((row) => Float64Array.from(row.slice(label)));
    const ulps = ulpsOf(compiled, table, rowsOf(predictions), want, Number.EPSILON);
    expect(ulps).toBeLessThanOrEqual(want === 'raw' ? 0 : VALUE_ULPS_MAX);
  });

  it('xgagaricus.model, the old binary form over sparse rows', () => {
    const compiled = compileForest(readModel('xgagaricus.model', octetsOf('xgagaricus.model')));
    const lines = new TextDecoder().decode(octetsOf('agaricus_test.libsvm')).trim().split('\n');
    const rows = lines.map((line) => libsvmRow(line, compiled.rowLength));
    expect(ulpsOf(compiled, rows, rowsOf('xgagaricus_true_predictions.txt'), 'values', 2 ** -23)).toBeLessThanOrEqual(2);
  });

  it('model_simple.txt, categories as LightGBM splits them', () => {
    const compiled = compileForest(readModel('model_simple.txt', octetsOf('model_simple.txt')));
    expect(compiled.layout).toEqual({perfect: 0, linked: 0, walk: 2});
    // its one category that goes left is 100 = 3 * 32 + 4
    const leaf = (category: number, x1: number): number => { const sums = new Float64Array(1); compiled.raw(Float64Array.of(x1, category), sums); return sums[0] ?? NaN; };
    expect(leaf(100, 0)).toBe(0.56697267424823339 + 0.12883103567558912);
    expect([NaN, -1, 3, 101, 4e9].map((category) => leaf(category, 0))).toEqual(Array(5).fill(0.3584987837673016 - 0.063872842243335157));
    expect(leaf(0, 341)).toBe(0.41213915936587919 - 0.016484332942214807);
  });
});
