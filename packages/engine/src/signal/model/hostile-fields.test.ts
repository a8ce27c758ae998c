import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {TandemError} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {chanceOf, type Chance} from '../../../test/random-forest.ts';
import {deep, seed} from '../../../test/seed.ts';
import {compileForest} from './compile-forest.ts';
import {readGoldenRows} from './golden.ts';
import {parseLooseJson} from './loose-json.ts';
import {readModel} from './read-model.ts';

// TANDEM_DEEP: many more changes
const RUNS = deep ? 4000 : 120;
const textOf = (file: string): string => new TextDecoder().decode(gunzipSync(readFileSync(join(import.meta.dirname, 'fixtures', `${file}.gz`))));
const HOSTILE: readonly unknown[] = [null, true, -1, 0, 0.5, 1, 7, 2 ** 31, -(2 ** 31), 2 ** 53, 1e308, -1e308, 1e-320, '', 'x', '-1', '99999999999', 'NaN', 'Infinity', [], {}, [[]], [-1], ['x'], [null], {a: 1}];
const pick = <T>(chance: Chance, list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;

/** Puts something else, or nothing, somewhere into the document. */
const spoil = (chance: Chance, document: unknown): unknown => {
  let [holder, key]: [Record<string, unknown>, string] = [{document}, 'document'];
  for (;;) {
    const inner = holder[key];
    if (inner === null || typeof inner !== 'object' || Object.keys(inner).length === 0 || chance() < 0.1) break;
    [holder, key] = [inner as Record<string, unknown>, pick(chance, Object.keys(inner))];
  }
  if (Array.isArray(holder) && chance() < 0.3) holder.splice(Number(key), 1);
  else if (chance() < 0.15) Reflect.deleteProperty(holder, key);
  else holder[key] = pick(chance, HOSTILE);
  return document;
};

const SUBJECTS = ['xgboost-1.7-categories.json', 'xgboost-3.4-dart.json', 'xgboost-3.4-vector-leaf.json', 'xgboost-3.4-quantiles.json', 'scikit-categories-classes.json'];

describe('documents in which something else stands', () => {
  it.each(SUBJECTS)('%s is refused with an id, or is a model that ends', (file) => {
    const text = textOf(file);
    const chance = chanceOf(seed);
    const ids = new Map<string, number>();
    for (let run = 0; run < RUNS; run++) {
      const document = spoil(chance, parseLooseJson(file, text));
      let id = 'read';
      try {
        const model = compileForest(readModel(file, new TextEncoder().encode(JSON.stringify(document) ?? '')));
        if (model.rowLength < 1000) model.values(new Float64Array(model.rowLength), new Float64Array(model.valueCount));
      } catch (error) {
        expect(error, `seed ${seed}, run ${run}`).toBeInstanceOf(TandemError);
        id = (error as TandemError).detail.id;
      }
      ids.set(id, (ids.get(id) ?? 0) + 1);
    }
    expect([...ids.keys()].filter((id) => !/^(read|TDM-E44[012])$/.test(id)), JSON.stringify([...ids])).toEqual([]);
    expect(ids.get('TDM-E440')).toBeGreaterThan(RUNS / 20);
  });

  it.each(['xgboost-3.4-dart.json', 'lightgbm-multiclass.txt'])('golden rows of %s are refused with an id, or are read', (file) => {
    const text = textOf(`${file}.golden.json`);
    const chance = chanceOf(seed);
    for (let run = 0; run < RUNS / 4; run++) {
      try {
        readGoldenRows(file, JSON.stringify(spoil(chance, JSON.parse(text))) ?? '');
      } catch (error) {
        expect(error, `seed ${seed}, run ${run}`).toBeInstanceOf(TandemError);
        expect((error as TandemError).detail.id).toMatch(/^TDM-E44[04]$/);
      }
    }
  });
});
