import {readdirSync, readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {readGoldenRows} from './golden.ts';
import {loadModel} from './load-model.ts';
import {walkForest} from './plain-walk.ts';
import {readModel} from './read-model.ts';

const FOLDER = join(import.meta.dirname, 'fixtures');
const octetsOf = (file: string): Uint8Array => gunzipSync(readFileSync(join(FOLDER, `${file}.gz`)));
const goldenOf = (file: string): string => new TextDecoder().decode(octetsOf(`${file}.golden.json`));
/** models that hold a part that is refused, with the words that must name it */
const REFUSED: Readonly<Record<string, string>> = {'xgboost-linear.ubj': 'gblinear'};
const models = readdirSync(FOLDER).filter((file) => file.endsWith('.gz') && !file.includes('.golden.')).map((file) => file.slice(0, -'.gz'.length));

describe('models that LightGBM, XGBoost and scikit-learn made', () => {
  it('are of every kind that is claimed', () => {
    const kinds = new Set(models.map((file) => file.replace(/-.*\./, ' ')));
    expect([...kinds].sort()).toEqual(['lightgbm txt', 'scikit json', 'xgboost bin', 'xgboost json', 'xgboost ubj']);
    expect(models.length).toBeGreaterThan(80);
  });

  it.each(models.filter((file) => !(file in REFUSED)))('%s repeats the answers of its library, bit for bit before the link', (file) => {
    const model = loadModel({name: file, model: octetsOf(file), golden: goldenOf(file)});
    expect(model.golden.rowCount).toBeGreaterThanOrEqual(72);
    expect(model.golden.valueUlpsMax).toBeLessThanOrEqual(model.forest.link.kind === 'identity' ? 0 : 4);
  });

  it.each(models.filter((file) => !(file in REFUSED)))('%s: the plain walk agrees with the library', (file) => {
    const golden = readGoldenRows(file, goldenOf(file));
    const {forest} = loadModel({name: file, model: octetsOf(file), golden: goldenOf(file)});
    const raw = golden.rows.map((row) => walkForest(forest, row));
    expect(raw).toEqual(golden.raw);
  });

  it.each(Object.entries(REFUSED))('%s is refused by the name of its part', (file, part) => {
    expect(() => readModel(file, octetsOf(file))).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E441', seen: expect.stringContaining(part) as string}) as unknown}) as Error);
  });
});

describe('golden rows', () => {
  const file = 'lightgbm-level.txt';
  const idOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return error instanceof TandemError ? error.detail.id : `another error: ${String(error)}`;
    }
    return 'no error';
  };

  it('a model without them, or with those of another model, is not run', () => {
    expect(idOf(() => loadModel({name: file, model: octetsOf(file), golden: null}))).toBe('TDM-E444');
    expect(idOf(() => loadModel({name: file, model: octetsOf(file), golden: goldenOf('lightgbm-deep.txt')}))).toBe('TDM-E444');
    expect(idOf(() => loadModel({name: file, model: octetsOf(file), golden: goldenOf(file).replace(/"rows":\[\[.*?\]\],"raw"/, '"rows":[],"raw"')}))).toBe('TDM-E444');
  });

  it('one last place in one raw sum refuses the model', () => {
    const document = JSON.parse(goldenOf(file)) as {raw: number[][]};
    const first = document.raw[0]?.[0] ?? NaN;
    (document.raw[0] ?? [])[0] = first * (1 + Number.EPSILON);
    expect(idOf(() => loadModel({name: file, model: octetsOf(file), golden: JSON.stringify(document)}))).toBe('TDM-E445');
  });
});

describe('the order of features', () => {
  const file = 'lightgbm-level.txt';
  it('is that of the row, by name', () => {
    const golden = readGoldenRows(file, goldenOf(file));
    const plain = loadModel({name: file, model: octetsOf(file), golden: goldenOf(file)});
    const names = ['other', ...(plain.forest.featureNames ?? []).toReversed(), 'another'];
    const mapped = loadModel({name: file, model: octetsOf(file), golden: goldenOf(file), rowNames: names});
    const sums = golden.rows.map((row) => mapped.predict(Float64Array.from([NaN, ...row.toReversed(), Infinity])));
    expect(sums).toEqual(golden.raw.map(([sum]) => sum));
  });

  it('a row that lacks a feature, or is of another length, is refused', () => {
    const seen = expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E443', seen: expect.stringContaining('Column_6') as string}) as unknown}) as Error;
    expect(() => loadModel({name: file, model: octetsOf(file), golden: goldenOf(file), rowNames: ['Column_0', 'Column_1', 'Column_2', 'Column_3', 'Column_4', 'Column_5']})).toThrow(seen);
    const model = loadModel({name: file, model: octetsOf(file), golden: goldenOf(file)});
    expect(() => model.predict(new Float64Array(6))).toThrow('another number of features');
  });
});
