import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {watchHarness} from './harness-watch.ts';

it('sees its own stall and the collector', async () => {
  const watch = watchHarness();
  await sleep(30);
  const until = process.hrtime.bigint() + 80_000_000n;
  while (process.hrtime.bigint() < until);
  // more than the young generation holds, however far it has grown
  let garbage: unknown[] = [];
  for (let round = 0; round < 20; round++) {
    garbage = [];
    for (let index = 0; index < 300_000; index++) garbage.push({index});
  }
  garbage = [];
  await sleep(30);
  const figures = watch.figures();
  watch.stop();
  expect(figures.stallNsMax).toBeGreaterThan(70e6);
  expect(figures.cpuMs).toBeGreaterThan(60);
  expect(figures.collector.pauses).toBeGreaterThan(0);
  expect(figures.collector.maxMs).toBeLessThanOrEqual(figures.collector.totalMs);
  expect(garbage.length).toBe(0);
});

it('is quiet when nothing happened yet', () => {
  const watch = watchHarness();
  expect(watch.figures().stallNsMax).toBe(0);
  watch.stop();
});
