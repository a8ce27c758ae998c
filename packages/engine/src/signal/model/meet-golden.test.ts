import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {nextUpSingle} from './float-edges.ts';
import type {Forest} from './forest.ts';
import {readGoldenRows, type GoldenRows} from './golden.ts';
import {meetGolden} from './meet-golden.ts';
import {readModel} from './read-model.ts';
import {readXgboostObjective} from './xgboost-objective.ts';

const octetsOf = (file: string): Uint8Array => gunzipSync(readFileSync(join(import.meta.dirname, 'fixtures', `${file}.gz`)));
const given = (file: string): {forest: Forest; rows: GoldenRows} => ({
  forest: readModel(file, octetsOf(file)), rows: readGoldenRows(file, new TextDecoder().decode(octetsOf(`${file}.golden.json`))),
});
const differing = ({raw, values}: GoldenRows): number => raw.filter((sums, at) => sums.some((sum, output) => sum !== values[at]?.[output])).length;

describe('what the file of a model leaves open, its golden rows say', () => {
  it('quantiles that cross are sorted from 3.4 on, and never before, whichever version wrote the file', () => {
    const {forest, rows} = given('xgboost-3.4-quantiles.json');
    expect(differing(rows)).toBeGreaterThan(3);
    expect(meetGolden('new', forest, rows).forest.link.kind).toBe('sort');
    const old = {...rows, library: 'xgboost 3.3.0'};
    expect(() => meetGolden('old', forest, old)).toThrow('does not reproduce');
    expect(meetGolden('old', forest, {...old, values: rows.raw}).forest.link.kind).toBe('identity');
    expect(() => meetGolden('new', forest, {...rows, values: rows.raw})).toThrow('does not reproduce');
  });

  it('a category that a node does not know goes left, or up to 1.6 to the side of what is missing', () => {
    const {forest, rows} = given('xgboost-1.6-categories.json');
    expect(meetGolden('old', forest, rows).forest.unknownCategory).toBe('default');
    expect(() => meetGolden('new', forest, {...rows, library: 'xgboost 1.7.0'})).toThrow('does not reproduce');
  });

  it('the base score of logitraw is a margin, or a probability', () => {
    const {forest, rows} = given('xgboost-1.0-logitraw.bin');
    expect(meetGolden('old', forest, rows).forest.base).toEqual(forest.otherBase);
    expect(() => meetGolden('old', {...forest, otherBase: null}, rows)).toThrow('does not reproduce');
  });

  it('the logarithm of a base score may be off by one last place, not by two', () => {
    const {forest, rows} = given('xgboost-1.7-near-base.json');
    const met = meetGolden('near', forest, rows).forest.base[0] ?? NaN;
    expect([nextUpSingle(forest.base[0] ?? NaN), -nextUpSingle(-(forest.base[0] ?? NaN))]).toContain(met);
    const far = met > (forest.base[0] ?? NaN) ? -nextUpSingle(-(forest.base[0] ?? NaN)) : nextUpSingle(forest.base[0] ?? NaN);
    expect(() => meetGolden('far', {...forest, base: Float64Array.of(far), otherBase: null}, rows)).toThrow('does not reproduce');
  });

  it('labels that are all alike give a score of 0 or 1, whose margin is finite from 3.x on', () => {
    const {toMargin, toOtherMargin} = readXgboostObjective('alike', 'binary:logistic');
    expect([0, 1].map(toMargin)).toEqual([-13.815509796142578, 13.745160102844238]);
    expect(toMargin(0.2)).toBe(toOtherMargin?.(0.2));
    expect(toOtherMargin?.(1e-7)).toBe(-16.118095397949219);
  });

  it('says what differs from the reading that the file suggests', () => {
    const {forest, rows} = given('xgboost-1.7-near-base.json');
    const raw = rows.raw.map((sums) => sums.map((sum) => sum + 1));
    expect(() => meetGolden('wrong', forest, {...rows, raw})).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E445', where: 'wrong, golden row 0'}) as unknown}) as Error);
  });
});
