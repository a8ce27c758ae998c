import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chanceOf, finiteRow, randomForest, randomRow, type Chance} from '../../../test/random-forest.ts';
import {deep, seed} from '../../../test/seed.ts';
import {checkForest} from './check-forest.ts';
import {compileForest} from './compile-forest.ts';
import {nextDown, nextUp, singleSplit} from './float-edges.ts';
import type {Forest} from './forest.ts';
import {linkOutput} from './link-output.ts';
import {walkForest} from './plain-walk.ts';

const ROWS = 24;
// TANDEM_DEEP
const runs = deep ? 20_000 : 200;
const shapes = fc.record({
  family: fc.constantFrom('lightgbm', 'xgboost', 'hist-gradient-boosting'), features: fc.integer({min: 1, max: 12}), trees: fc.integer({min: 1, max: 34}), outputs: fc.constantFrom(1, 1, 1, 2, 3),
  growth: fc.constantFrom(0.4, 0.7, 0.9, 1), depth: fc.integer({min: 0, max: 10}), categorical: fc.boolean(),
} as const).filter(({growth, depth}) => growth < 1 || depth <= 6);

describe('a compiled forest', () => {
  it('gives the sums of a plain walk, bit for bit, whatever the row', () => {
    const layouts = new Set<string>();
    fc.assert(fc.property(shapes, fc.nat(), (shape, start) => {
      const chance = chanceOf(start);
      const forest = checkForest('random', randomForest(chance, shape));
      const model = compileForest(forest);
      for (const [layout, count] of Object.entries(model.layout)) if (count > 0) layouts.add(layout);
      expect(model.layout.perfect + model.layout.linked + model.layout.walk).toBe(forest.trees.length);
      const sums = new Float64Array(forest.rawCount);
      for (let at = 0; at < ROWS; at++) {
        const row = at % 3 === 0 ? finiteRow(chance, forest) : randomRow(chance, forest);
        const given = row.slice();
        model.raw(row, sums);
        expect(sums).toEqual(walkForest(forest, row));
        // a row belongs to who computed it
        expect(row).toEqual(given);
      }
    }), {seed, numRuns: runs});
    expect([...layouts].sort()).toEqual(['linked', 'perfect', 'walk']);
  });

  it('does not depend on where the features lie in a row', () => {
    fc.assert(fc.property(shapes, fc.nat(), (shape, start) => {
      const chance = chanceOf(start);
      const names = Array.from({length: shape.features}, (_, at) => `f${at}`);
      const forest = {...randomForest(chance, shape), featureNames: names};
      const rowNames = ['x', ...names.toReversed(), 'y'];
      const model = compileForest(forest, rowNames);
      const sums = new Float64Array(forest.rawCount);
      for (let at = 0; at < 4; at++) {
        const row = randomRow(chance, forest);
        model.raw(Float64Array.from(rowNames, (name) => row[names.indexOf(name)] ?? NaN), sums);
        expect(sums).toEqual(walkForest(forest, row));
      }
    }), {seed, numRuns: runs / 4});
  });
});

/** As features of a stream move: a little in some places, out of sight in one, missing for a while, and back. */
const nextRow = (chance: Chance, forest: Forest, row: Float64Array): void => {
  const kind = chance();
  if (kind < 0.1) row.set(randomRow(chance, forest));
  else if (kind < 0.2) row.set(finiteRow(chance, forest).map((x) => x * 1000));
  else if (kind < 0.3) row.fill(NaN, Math.floor(chance() * row.length));
  else if (kind < 0.4) return;
  else for (let i = 0; i < row.length; i++) if (chance() < 0.4) row[i] = Number.isNaN(row[i]) || chance() < 0.1 ? randomRow(chance, forest)[i]! : row[i]! + Math.round((chance() - 0.5) * 8) / 4;
};

describe('a stream of rows', () => {
  it('gives the predictions of rows that stand alone, bit for bit, whatever comes after what and of which symbol', () => {
    let walkedLess = 0;
    fc.assert(fc.property(shapes, fc.nat(), fc.boolean(), (shape, start, isNear) => {
      const chance = chanceOf(start);
      const forest = checkForest('random', randomForest(chance, shape));
      const stream = compileForest(forest).stream(3), link = linkOutput(forest), values = new Float64Array(forest.rawCount);
      const rows = [0, 1, 2].map(() => finiteRow(chance, forest));
      for (let at = 0; at < 3 * ROWS; at++) {
        const symbol = Math.floor(chance() * 3), row = rows[symbol]!;
        if (isNear && at > 3) row[Math.floor(chance() * row.length)]! += 0.25;
        else nextRow(chance, forest, row);
        const given = row.slice();
        link(walkForest(forest, row), values);
        expect(stream.predict(symbol, row)).toBe(values[0]);
        expect(row).toEqual(given);
      }
      if (stream.walkedShare() < 0.5) walkedLess++;
    }), {seed, numRuns: deep ? runs / 4 : runs, examples: [[{family: 'hist-gradient-boosting', features: 6, trees: 8, outputs: 1, growth: 0.9, depth: 2, categorical: false}, 7, false]]});
    // it would be no proof if every row had gone through every tree
    expect(walkedLess).toBeGreaterThan(runs / 20);
  });

  it('walks the whole forest for rows that are far from each other, follows again when they come near, and refuses what is no row', () => {
    const chance = chanceOf(11), forest = randomForest(chance, {family: 'hist-gradient-boosting', features: 20, trees: 60, outputs: 1, growth: 1, depth: 6, categorical: false});
    const model = compileForest(forest), stream = model.stream(1), far = Array.from({length: 200}, (_, at) => finiteRow(chance, forest).map((x) => at % 2 === 0 ? x : x + 100));
    for (const row of far) expect(stream.predict(0, row)).toBe(model.predict(row));
    expect(stream.walkedShare()).toBeGreaterThan(0.9);
    const near = far[0]!.slice();
    for (let at = 0; at < 2000; at++) {
      near[at % near.length]! += 0.01;
      expect(stream.predict(0, near)).toBe(model.predict(near));
    }
    // 26 of the 60 have a threshold that tables cannot hold, and are asked anew with every row
    expect(stream.walkedShare()).toBeLessThan(0.55);
    expect(() => stream.predict(0, new Float64Array(3))).toThrow(/another number of features/);
  });
});

describe('float edges', () => {
  const doubles = fc.oneof(fc.double({noNaN: true}), fc.float({noNaN: true}), fc.constantFrom(0, -0, Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 1e-45, Infinity));

  it('the next double down is the one below', () => {
    fc.assert(fc.property(doubles.filter((x) => x > -Infinity), (x) => {
      const below = nextDown(x);
      expect(below).toBeLessThan(x);
      // nothing lies between: half way rounds to one of the two
      if (Number.isFinite(below)) expect([below, x]).toContain(below / 2 + x / 2);
      if (Number.isFinite(below)) expect(nextUp(below) + 0).toBe(x + 0);
    }), {seed, numRuns: 5000});
  });

  it('a float32 split is where rounding turns', () => {
    fc.assert(fc.property(fc.float({noNaN: true}).filter((t) => t > -Infinity), fc.double({noNaN: true}), (t, x) => {
      const split = singleSplit(t) ?? NaN;
      for (const value of [x, t, split, nextUp(split), split === -Infinity ? split : nextDown(split), -t, Infinity, -Infinity]) expect(!(value > split), `${value} and ${t}`).toBe(Math.fround(value) < t);
    }), {seed, numRuns: 5000});
    expect(singleSplit(-Infinity)).toBe(null);
  });
});
