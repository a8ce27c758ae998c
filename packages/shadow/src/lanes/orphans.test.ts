import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {LaunchLane} from '@tandem/contract';
import {afterAll, expect, test, vi} from 'vitest';
import type {FeedInput} from '../flow/feed-input.ts';
import {feedLanes} from './feed/open-loop-sender.ts';
import {startLane, type StartLaneOptions} from './start-lane.ts';

vi.setConfig({testTimeout: 60_000});
const place = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const isDeep = process.env['TANDEM_DEEP'] === '1';
const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_120);

const base = mkdtempSync(join(tmpdir(), 'tandem-orphans-'));
afterAll(() => rmSync(base, {recursive: true, force: true}));

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

async function goneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += 20) {
    if (!isRunning(pid)) return true;
    await sleep(20);
  }
  return false;
}

test.each([['killed by SIGKILL', 'wait'], ['ending without a word', 'exit']])('a harness %s takes its lane along', async (_how, mode) => {
  const harness = spawn(process.execPath, [place('start-and-wait.ts'), place('answering-lane.ts'), mode], {stdio: ['ignore', 'pipe', 'inherit'], env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1', TMPDIR: base}});
  const pid = Number(await new Promise<string>((resolve) => harness.stdout.once('data', (chunk) => resolve(String(chunk)))));
  expect(pid).toBeGreaterThan(1);
  if (mode === 'wait') {
    expect(isRunning(pid)).toBe(true);
    harness.kill('SIGKILL');
  }
  expect(await goneWithin(pid, 10_000)).toBe(true);
  if (mode === 'exit') expect(readdirSync(base)).toEqual([]);
  for (const left of readdirSync(base)) rmSync(join(base, left), {recursive: true, force: true});
});

const spec = (behaviour: string): LaunchLane => ({
  kind: 'launch', name: 'candidate', command: process.execPath, args: [place('answering-lane.ts'), '{in}', '{out}', '{stats}', behaviour],
  env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/', watermark: {kind: 'barrier', everyMessages: 500}, label: 'fixture',
});

function* inputs(count: number): Iterable<readonly FeedInput[]> {
  for (let from = 1; from <= count; from += 250) {
    yield Array.from({length: 250}, (_, index) => ({inputSeq: from + index, recordedNs: 0, payload: Buffer.from(`{"n":${from + index}}`), frames: null}));
  }
}

test.skipIf(!isDeep)('killed at any moment: the fault is told, nothing is left', {timeout: 120_000}, async () => {
  let state = seed;
  for (let round = 0; round < 25; round++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const faults: string[] = [];
    const lane = await startLane(spec('plain'), {token: 'kill', socketBase: base, onOutputs: () => undefined, onWatermark: () => undefined, onFault: ({kind}) => faults.push(kind)});
    setTimeout(() => process.kill(lane.pid ?? 0, 'SIGKILL'), state % 60);
    const [report] = await feedLanes([{lane, source: inputs(1_000_000)}], {schedule: {kind: 'max'}});
    expect([report?.error?.detail.id, faults], `round ${round}, seed ${seed}`).toEqual(['TDM-E225', ['exited']]);
    expect(await lane.stop()).toMatchObject({state: 'crashed', signal: 'SIGKILL'});
    expect(isRunning(lane.pid ?? 0)).toBe(false);
    expect(readdirSync(base)).toEqual([]);
  }
});

test.skipIf(!isDeep)('both links carry the same 200,000 inputs and outputs, byte for byte', {timeout: 120_000}, async () => {
  const digests: string[] = [];
  for (const link of ['direct', 'zeromq'] as const) {
    const hash = createHash('sha256');
    let outputs = 0;
    const options: StartLaneOptions = {token: 'same', link, onWatermark: () => undefined, onOutputs: (list) => {
      outputs += list.length;
      for (const {payload} of list) hash.update(payload);
    }};
    const lane = await startLane(spec('plain'), options);
    await feedLanes([{lane, source: inputs(200_000)}], {schedule: {kind: 'max'}});
    expect(await lane.finish(30_000)).toMatchObject({settled: true, watermark: 200_000});
    await lane.stop();
    expect(outputs).toBe(200_000);
    digests.push(hash.digest('hex'));
  }
  expect(digests[0]).toBe(digests[1]);
});
