import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {OwnershipRecord} from '@tandem/contract';
import {addReign, firstReigns, ownerOf, reignAt} from './ownership.ts';
import {partitionPoint, partitionsInShare} from './ownership-share.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);

function record(fromSeq: number, owner: 'legacy' | 'candidate', epoch: number): OwnershipRecord {
  return {partition: 'P', epoch, fromSeq, owner, evidenceHash: '', planHash: '', actor: ''};
}

describe(`ownership, seed ${seed}`, () => {
  test('legacy owns what no record speaks of; the last record that reaches back to a cause decides', () => {
    const records = [record(11, 'candidate', 1), record(31, 'legacy', 2)];
    expect([1, 10, 11, 30, 31, 99].map((cause) => ownerOf(records, 'P', cause))).toEqual(['legacy', 'legacy', 'candidate', 'candidate', 'legacy', 'legacy']);
    expect(ownerOf(records, 'Q', 20)).toBe('legacy');
    // A way back that is written before the way forth took effect undoes it.
    expect(ownerOf([...records, record(5, 'legacy', 3)], 'P', 20)).toBe('legacy');
  });

  test('reigns say the same as the records, in any order of hand-overs', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean()), {maxLength: 12}), (changes) => {
      const records = changes.map(([fromSeq, forth], index) => record(fromSeq, forth ? 'candidate' : 'legacy', index + 1));
      const reigns = firstReigns();
      for (const {owner, fromSeq, epoch} of records) addReign(reigns, {owner, fromSeq, epoch});
      for (let cause = 0; cause <= 42; cause += 1) {
        expect(reigns[reignAt(reigns, cause)]?.owner).toBe(ownerOf(records, 'P', cause));
      }
      for (let index = 1; index < reigns.length; index += 1) expect(reigns[index]?.fromSeq).toBeGreaterThan(reigns[index - 1]?.fromSeq ?? 0);
    }), {seed, numRuns: 2000});
  });

  test('points are fixed for ever and spread evenly', () => {
    // Computed by another implementation in another language.
    expect(['', 'ACC01', 'ACC02', 'Kontö'].map((name) => partitionPoint(name).toFixed(9))).toEqual(['0.668922188', '0.953446368', '0.042427508', '0.529300998']);
    const points = Array.from({length: 10_000}, (_, index) => partitionPoint(`ACC${index}`));
    for (let bucket = 0; bucket < 10; bucket += 1) {
      const inside = points.filter((point) => point >= bucket / 10 && point < (bucket + 1) / 10).length;
      expect(inside).toBeGreaterThan(850);
      expect(inside).toBeLessThan(1150);
    }
  });

  test('stages are nested, never empty, and whole at the end', () => {
    const names = Array.from({length: 23}, (_, index) => `ACC${index}`);
    let before: string[] = [];
    for (const share of [0.001, 0.01, 0.05, 0.25, 0.5, 1]) {
      const covered = partitionsInShare(names, share);
      expect(covered.length).toBeGreaterThan(0);
      expect(before.filter((name) => !covered.includes(name))).toEqual([]);
      before = covered;
    }
    expect(before).toEqual(names);
    expect([partitionsInShare(names, 0), partitionsInShare([], 1)]).toEqual([[], []]);
  });
});
