import {fileURLToPath} from 'node:url';
import type {LaneName} from '@tandem/contract';
import {afterEach, expect, test, vi} from 'vitest';
import type {FeedInput} from '../../flow/feed-input.ts';
import type {Lane} from '../lane.ts';
import {monoNs} from '../monotonic-clock.ts';
import {startLane} from '../start-lane.ts';
import {feedLanes} from './open-loop-sender.ts';

vi.setConfig({testTimeout: 30_000});
const fixture = fileURLToPath(new URL('../fixtures/answering-lane.ts', import.meta.url));
const running: Lane[] = [];

async function start(name: LaneName, behaviour: string, after = 0): Promise<Lane> {
  const lane = await startLane({
    kind: 'launch', name, command: process.execPath, args: [fixture, '{in}', '{out}', '{stats}', behaviour, String(after)],
    env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/', watermark: {kind: 'barrier', everyMessages: 50}, label: behaviour,
  }, {token: name, inFlightMax: 200, grace: {eofMs: 500, termMs: 500}, onOutputs: () => undefined, onWatermark: () => undefined});
  running.push(lane);
  return lane;
}

function inputs(count: number, stepNs = 0): FeedInput[][] {
  const all = Array.from({length: count}, (_, index) => ({inputSeq: index + 1, recordedNs: 5e9 + index * stepNs, payload: Buffer.from(`{"n":${index + 1}}`), frames: null}));
  return Array.from({length: Math.ceil(count / 64)}, (_, batch) => all.slice(batch * 64, batch * 64 + 64));
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((lane) => lane.stop()));
});

test('a slow lane is late by itself: the plan of the other does not move', async () => {
  const lanes = [await start('legacy', 'slow'), await start('candidate', 'plain')];
  const startNs = monoNs() + 5e6;
  const [slow, fast] = await feedLanes(lanes.map((lane) => ({lane, source: inputs(1000)})), {schedule: {kind: 'rate', ratePerSecond: 2000}, startNs});
  expect(fast).toMatchObject({sent: 1000, planned: 1000, error: null});
  expect(slow).toMatchObject({sent: 1000, planned: 1000, error: null});
  // 1000 inputs at 2 ms each, at most 200 in flight: the slow one must be held up for most of them and takes longer than the plan
  expect(slow?.lateHeld).toBeGreaterThan(400);
  expect((slow?.lastNs ?? 0) - startNs).toBeGreaterThan(1e9);
  expect(fast?.lateHeld).toBeLessThan((slow?.lateHeld ?? 0) / 2);
  expect((fast?.lastNs ?? 0) - startNs).toBeLessThan((slow?.lastNs ?? 0) - startNs - 0.3e9);
});

test('recorded distances are kept, divided by the speed', async () => {
  const lane = await start('candidate', 'plain');
  const startNs = monoNs() + 5e6;
  const [report] = await feedLanes([{lane, source: inputs(100, 10e6)}], {schedule: {kind: 'recorded', speed: 5}, startNs});
  const share = ((report?.lastNs ?? 0) - startNs) / (99 * 10e6 / 5);
  expect(share).toBeGreaterThanOrEqual(1);
  expect(share).toBeLessThan(3);
});

test('without a schedule no lane runs further ahead of the slowest than the lead', async () => {
  const slow = await start('legacy', 'slow');
  const fast = await start('candidate', 'plain');
  let lead = 0;
  const watch = setInterval(() => {
    lead = Math.max(lead, fast.sent - slow.settled);
  }, 1);
  const reports = await feedLanes([slow, fast].map((lane) => ({lane, source: inputs(600)})), {schedule: {kind: 'max'}, leadMax: 150});
  clearInterval(watch);
  expect(lead).toBeLessThanOrEqual(150);
  expect(lead).toBeGreaterThan(50);
  expect(reports.map(({sent, planned}) => [sent, planned])).toEqual([[600, 0], [600, 0]]);
});

test('a lane that dies does not hold the other, and its report says why', async () => {
  const lanes = [await start('legacy', 'crash-midway', 100), await start('candidate', 'plain')];
  const [dead, alive] = await feedLanes(lanes.map((lane) => ({lane, source: inputs(3000)})), {schedule: {kind: 'max'}, leadMax: 150});
  expect(alive).toMatchObject({sent: 3000, error: null});
  expect(dead?.error?.detail.id).toBe('TDM-E225');
  expect(dead?.sent).toBeLessThan(500);
});

test('stops when told to', async () => {
  const lane = await start('candidate', 'plain');
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const [report] = await feedLanes([{lane, source: inputs(10_000)}], {schedule: {kind: 'rate', ratePerSecond: 1000}, signal: stop.signal});
  expect(report?.error?.detail.kind).toBe('cancel');
  expect(report?.sent).toBeLessThan(1000);
});

test('an error of a source is not a lane fault', async () => {
  const lane = await start('candidate', 'plain');
  const broken = function* (): Iterable<readonly FeedInput[]> {
    yield* inputs(10);
    throw new Error('log cut');
  };
  await expect(feedLanes([{lane, source: broken()}], {schedule: {kind: 'max'}})).rejects.toThrow('log cut');
});
