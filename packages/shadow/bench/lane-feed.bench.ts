import {fileURLToPath} from 'node:url';
import type {LaneName, LaunchLane} from '@tandem/contract';
import type {FeedInput} from '../src/flow/feed-input.ts';
import type {Schedule} from '../src/flow/schedule.ts';
import {feedLanes} from '../src/lanes/feed/open-loop-sender.ts';
import {startLane} from '../src/lanes/start-lane.ts';

/**
 * Limit of the harness and precision of its sends: `node packages/shadow/bench/lane-feed.bench.ts [seconds] [lanes] [outputs] [direct|zeromq]`.
 * The lanes do nothing, so what is measured is sending, receiving, stamping and copying.
 */
const [secondsText = '4', lanesText = '2', outputsText = '2', link = 'direct'] = process.argv.slice(2);
const seconds = Number(secondsText);
const names: readonly LaneName[] = (['legacy', 'candidate', 'twin'] as const).slice(0, Number(lanesText));
const fixture = fileURLToPath(new URL('fast-lane.ts', import.meta.url));
const filler = 'y'.repeat(150);
const BATCH = 256;

function* inputs(count: number): Iterable<readonly FeedInput[]> {
  for (let from = 0; from < count; from += BATCH) {
    yield Array.from({length: Math.min(BATCH, count - from)}, (_, index) => ({
      inputSeq: from + index + 1, recordedNs: (from + index) * 20_000, payload: Buffer.from(`{"n":${from + index + 1},"filler":"${filler}"}`), frames: null,
    }));
  }
}

async function run(title: string, schedule: Schedule, count: number, isBusy = false): Promise<void> {
  let outputs = 0;
  const lanes = await Promise.all(names.map((name, index) => startLane({
    kind: 'launch', name, command: process.execPath, args: [fixture, '{in}', '{out}', outputsText], env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/',
    watermark: {kind: 'barrier', everyMessages: 1000}, label: 'bench',
  } satisfies LaunchLane, {token: `b${index}`, link: link === 'zeromq' ? 'zeromq' : 'direct', onOutputs: (list) => { outputs += list.length; }, onWatermark: () => undefined, onFault: ({error}) => console.error(error.detail)})));
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const reports = await feedLanes(lanes.map((lane) => ({lane, source: inputs(count)})), {schedule, isBusy});
  const done = await Promise.all(lanes.map((lane) => lane.finish(10_000)));
  const wallMs = performance.now() - startMs;
  const used = process.cpuUsage(cpu);
  await Promise.all(lanes.map((lane) => lane.stop()));
  const us = (ns: number): string => (ns / 1e3).toFixed(1);
  console.log(`${title}: ${lanes.length} lanes x ${count} inputs, ${outputs} outputs, ${(count / wallMs * 1e3).toFixed(0)} inputs/s each, harness CPU ${((used.user + used.system) / count / lanes.length).toFixed(2)} us per input and lane, settled ${done.every((one) => one.settled)}`);
  if (schedule.kind === 'max') return;
  for (const {lane, sendErrorNs, lateOwn, lateHeld, planned} of reports) {
    console.log(`  ${lane}: send error p50 ${us(sendErrorNs.p50)} p99 ${us(sendErrorNs.p99)} p99.9 ${us(sendErrorNs.p999)} max ${us(sendErrorNs.max)} us, late own ${lateOwn} held ${lateHeld} of ${planned}`);
  }
}

for (const rate of [5000, 20_000, 50_000]) {
  for (const isBusy of [false, true]) await run(`rate ${rate}${isBusy ? ' busy' : ''}`, {kind: 'rate', ratePerSecond: rate}, rate * seconds, isBusy);
}
await run('max', {kind: 'max'}, 50_000 * seconds);
