import {describe, expect, it} from 'vitest';
import {effectFaults, type SunkEffect} from './canary-sink.ts';

const effect = (partition: string, causeSeq: number, ordinal: number): SunkEffect => ({partition, causeSeq, ordinal, lane: 'legacy'});

describe('what is wrong with released effects', () => {
  it('finds nothing in order, whatever the other partitions do', () => {
    expect(effectFaults([effect('a', 1, 0), effect('b', 1, 0), effect('a', 1, 1), effect('a', 5, 0), effect('b', 2, 0)])).toEqual([]);
  });
  it('finds a double and a step back', () => {
    expect(effectFaults([effect('a', 1, 0), effect('a', 1, 0)])).toEqual(['twice: a 1.0']);
    expect(effectFaults([effect('a', 2, 1), effect('a', 2, 0)])).toEqual(['out of order: a 2.0 after 2.1']);
    expect(effectFaults([effect('a', 3, 0), effect('a', 2, 4)])).toEqual(['out of order: a 2.4 after 3.0']);
  });
});
