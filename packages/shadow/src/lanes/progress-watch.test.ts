import {expect, test} from 'vitest';
import {ProgressWatch, type ProgressSample} from './progress-watch.ts';

/** Looks every 25 ms until something is said; returns how many ms that took, null when nothing within the time. */
function hangsAfter(limitMs: number, forMs: number, sample: (atMs: number) => Omit<ProgressSample, 'nowNs'>, clock: (atMs: number) => number = (atMs) => atMs): number | null {
  const watch = new ProgressWatch(limitMs, 25);
  for (let atMs = 0; atMs <= forMs; atMs += 25) if (watch.look({...sample(atMs), nowNs: clock(atMs) * 1e6}) !== null) return atMs;
  return null;
}

test('silence with work waiting is a hang, without work it is not', () => {
  expect(hangsAfter(1000, 5000, () => ({open: 3, settled: 5, outputs: 9}))).toBe(1000);
  expect(hangsAfter(1000, 60_000, () => ({open: 0, settled: 5, outputs: 9}))).toBeNull();
});

test('a slow lane that settles is alive; one that only talks is not, for ever', () => {
  expect(hangsAfter(1000, 60_000, (atMs) => ({open: 100, settled: Math.floor(atMs / 900), outputs: 0}))).toBeNull();
  expect(hangsAfter(1000, 60_000, (atMs) => ({open: 100, settled: 0, outputs: atMs}))).toBe(5000);
});

test('a harness that was stopped for a minute blames nobody', () => {
  expect(hangsAfter(1000, 800, () => ({open: 1, settled: 0, outputs: 0}), (atMs) => atMs < 400 ? atMs : atMs + 60_000)).toBeNull();
});
