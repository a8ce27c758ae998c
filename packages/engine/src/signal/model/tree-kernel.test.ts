import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import {describe, expect, it} from 'vitest';
import {emitStreamKernel} from '../../../emit/stream-kernel.ts';
import {emitTreeKernel} from '../../../emit/tree-kernel.ts';
import {chanceOf, finiteRow, randomForest, randomRow} from '../../../test/random-forest.ts';
import {compileForest} from './compile-forest.ts';
import {STREAM_KERNEL} from './stream/stream-kernel-octets.ts';
import {TREE_KERNEL} from './tree-kernel-octets.ts';

describe('the kernel', () => {
  it('is the one that its source emits, as is the one of streams', () => {
    expect(Buffer.from(emitTreeKernel()).toString('base64')).toBe(TREE_KERNEL);
    expect(Buffer.from(emitStreamKernel()).toString('base64')).toBe(STREAM_KERNEL);
  });

  it('reads a row in its own memory without a copy, and gives the same sum', () => {
    const chance = chanceOf(7);
    const forest = randomForest(chance, {family: 'hist-gradient-boosting', features: 9, trees: 40, outputs: 1, growth: 0.9, depth: 6, categorical: false});
    const model = compileForest(forest);
    for (let at = 0; at < 200; at++) {
      const row = at % 2 === 0 ? randomRow(chance, forest) : finiteRow(chance, forest);
      const expected = model.predict(row);
      model.input.fill(at);
      model.input.set(row);
      expect(model.predict(model.input)).toBe(expected);
    }
  });

  it('allocates nothing for a row', async () => {
    // what the runtime itself leaves on the heap differs from thread to thread: the least of three
    let heapBytes = Infinity;
    for (let round = 0; round < 3; round++) heapBytes = Math.min(heapBytes, (await once(new Worker(new URL('../../../test/kernel-allocation.ts', import.meta.url)), 'message') as [number] as [number])[0]);
    // a collection between the two can only make it less; one boxed number a row would be 800 kB
    expect(heapBytes).toBeLessThan(400_000);
  });
});
