import {existsSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {TandemError, type LaunchLane} from '@tandem/contract';
import {afterEach, describe, expect, test, vi} from 'vitest';
import type {FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {SentInput} from '../flow/sent-input.ts';
import type {Lane} from './lane.ts';
import type {LaneFault} from './lane-fault.ts';
import {startLane, type StartLaneOptions} from './start-lane.ts';

vi.setConfig({testTimeout: 30_000});
const fixture = fileURLToPath(new URL('fixtures/answering-lane.ts', import.meta.url));
const running: Lane[] = [];

function laneSpec(behaviour: string, after = 10, watermark: LaunchLane['watermark'] = {kind: 'barrier', everyMessages: 100}): LaunchLane {
  return {
    kind: 'launch', name: 'candidate', command: process.execPath, args: [fixture, '{in}', '{out}', '{stats}', behaviour, String(after)],
    env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/', watermark, label: 'node fixture',
  };
}

interface Heard {
  readonly outputs: LaneOutput[];
  readonly marks: LaneWatermark[];
  readonly sent: SentInput[];
  readonly faults: LaneFault[];
}

async function start(spec: LaunchLane, more: Partial<StartLaneOptions> = {}): Promise<{lane: Lane; heard: Heard}> {
  const heard: Heard = {outputs: [], marks: [], sent: [], faults: []};
  const lane = await startLane(spec, {
    token: 'test1', inFlightMax: 400, hungAfterMs: 5000, stateHashEvery: 2, grace: {eofMs: 500, termMs: 400},
    onOutputs: (outputs) => heard.outputs.push(...outputs), onWatermark: (mark) => heard.marks.push(mark),
    onSent: (sent) => heard.sent.push(...sent), onFault: (fault) => heard.faults.push(fault), ...more,
  });
  running.push(lane);
  return {lane, heard};
}

function inputs(from: number, count: number): FeedInput[] {
  return Array.from({length: count}, (_, index) => ({
    inputSeq: from + index, recordedNs: index, payload: Buffer.from(`{"n":${from + index}}`), frames: null,
  }));
}

const unplanned = (count: number): null[] => Array.from({length: count}, () => null);

async function thrown(promise: Promise<unknown>): Promise<TandemError> {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TandemError);
  return error as TandemError;
}

/** Runs, rather than waits to be collected by init. */
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((lane) => lane.stop()));
});

describe('a lane that works', () => {
  test('answers everything, is settled by barriers, and ends with its figures', async () => {
    const {lane, heard} = await start(laneSpec('chatty'));
    await lane.send(inputs(1, 1000), unplanned(1000));
    expect(await lane.finish(10_000)).toEqual({settled: true, watermark: 1000, reason: 'every input was answered for'});
    expect(heard.outputs.map((output) => output.index)).toEqual(Array.from({length: 1000}, (_, index) => index));
    expect(Buffer.from(heard.outputs[999]?.payload ?? []).toString()).toBe('{"msgType":"8","refSeqNum":1000,"in":{"n":1000}}');
    expect(heard.marks.filter((mark) => mark.stateHash !== null).map((mark) => [mark.inputSeq, mark.refSeq])).toEqual(
      [200, 400, 600, 800, 1000, 1000].map((seq) => [seq, seq]));
    expect(heard.sent).toHaveLength(1000);
    expect(heard.sent.every((one, index) => one.inputSeq === index + 1 && one.plannedNs === one.sentNs)).toBe(true);
    const health = await lane.stop();
    expect(health).toMatchObject({state: 'ok', exitCode: 0, signal: null, sent: 1000, outputs: 1000, watermark: 1000});
    expect(lane.stats()).toEqual({handled: 1000});
  });

  test('keeps at most the window in flight', async () => {
    const {lane} = await start(laneSpec('plain'));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, lane.sent - lane.settled);
    }, 1);
    await lane.send(inputs(1, 5000), unplanned(5000));
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(400);
    expect(lane.settled).toBeGreaterThanOrEqual(4600);
  });

  test('settles a trickle by a barrier out of turn, without a digest', async () => {
    const {lane, heard} = await start(laneSpec('plain'), {idleBarrierMs: 50});
    await lane.send(inputs(1, 3), unplanned(3));
    await lane.whenSettled(3);
    expect(heard.marks.at(-1)).toMatchObject({inputSeq: 3, stateHash: null, by: 'barrier'});
  });

  test('settles by silence when it answers in order without barriers', async () => {
    const {lane, heard} = await start(laneSpec('plain', 10, {kind: 'in-order', silenceMs: 80}));
    await lane.send(inputs(1, 50), unplanned(50));
    expect(await lane.finish(10_000)).toMatchObject({settled: true, watermark: 50});
    expect(heard.marks).toEqual([expect.objectContaining({inputSeq: 50, by: 'silence', refSeq: null})]);
    expect(heard.outputs).toHaveLength(50);
  });
});

describe('a lane that fails', () => {
  test('at start: says how it ended and what it said last', async () => {
    const error = await thrown(start(laneSpec('crash-at-start')));
    expect(error.detail).toMatchObject({id: 'TDM-E221', kind: 'lane', likely: "ModuleNotFoundError: No module named 'zmq'"});
    expect(error.detail.seen).toContain('exit code 3');
  });

  const python = ['/usr/bin/python3', '/usr/local/bin/python3', '/opt/homebrew/bin/python3'].find((path) => existsSync(path));
  test.skipIf(python === undefined)('a traceback of Python: its last line is the likely cause', async () => {
    const args = ['-c', 'import sys\ndef load(path):\n    return open(path)\nload(sys.argv[1] + "/none")', '{in}'];
    const error = await thrown(start({...laneSpec('plain'), command: python ?? '', args, label: 'python 3'}));
    expect(error.detail).toMatchObject({id: 'TDM-E221', likely: expect.stringMatching(/^FileNotFoundError: \[Errno 2\]/)});
    expect(error.detail.seen).toContain('exit code 1');
  });

  test('never ready: is ended and named', async () => {
    const error = await thrown(start(laneSpec('never-ready'), {readyTimeoutMs: 400}));
    expect(error.detail).toMatchObject({id: 'TDM-E222', kind: 'lane'});
  });

  test('the wrong kind of socket is said at the start', async () => {
    const error = await thrown(start({...laneSpec('plain'), args: [fixture, '{out}', '{in}', '{stats}', 'plain']}));
    expect(error.detail).toMatchObject({id: 'TDM-E223', kind: 'lane'});
  });

  test('no such program', async () => {
    const error = await thrown(start({...laneSpec('plain'), command: '/nowhere/python'}));
    expect(error.detail).toMatchObject({id: 'TDM-E220', kind: 'lane'});
    expect(error.detail.seen).toContain('ENOENT');
    expect((await thrown(start({...laneSpec('plain'), command: 'node'}))).detail.seen).toContain('not an absolute path');
  });

  test.each([
    ['crash-midway', 'exited', 'TDM-E225', 'crashed', 7],
    ['exit-quietly', 'exited', 'TDM-E225', 'crashed', 0],
    ['hang', 'hung', 'TDM-E226', 'hung', null],
    ['spin', 'hung', 'TDM-E226', 'hung', null],
    ['answers-twice', 'protocol', 'TDM-E229', 'crashed', null],
    ['close-output', 'closed', 'TDM-E227', 'crashed', null],
    ['oversized', 'output-oversized', 'TDM-E228', 'crashed', null],
  ])('%s midway: fault %s', async (behaviour, kind, id, state, exitCode) => {
    const {lane, heard} = await start(laneSpec(behaviour, 250), {outputBytesMax: 2000, ...(kind === 'hung' ? {hungAfterMs: 700} : {})});
    const error = await thrown((async () => {
      for (let from = 1; from < 100_000; from += 50) {
        await lane.send(inputs(from, 50), unplanned(50));
        await sleep(1);
      }
    })());
    expect(error.detail).toMatchObject({id, kind: 'lane'});
    expect(heard.faults.map((fault) => fault.kind)).toEqual([kind]);
    expect(heard.outputs.length).toBeGreaterThanOrEqual(200);
    expect(lane.health()).toMatchObject({state, ...(exitCode === null ? {} : {exitCode})});
    expect(await lane.finish(200)).toMatchObject({settled: false});
    const health = await lane.stop();
    expect(health.state).toBe(state);
  });

  test('the words of a crash are in the error', async () => {
    const {lane} = await start(laneSpec('crash-midway', 5));
    const error = await thrown((async () => {
      for (;;) {
        await lane.send(inputs(1, 10), unplanned(10));
        await sleep(5);
      }
    })());
    expect(error.detail.likely).toBe('ValueError: cannot convert float NaN to integer');
  });
});

describe('ending', () => {
  test('a lane that ignores stdin and TERM is killed', async () => {
    const {lane} = await start(laneSpec('ignores-term'));
    const health = await lane.stop();
    expect(health).toMatchObject({signal: 'SIGKILL', state: 'ok'});
    expect(isRunning(lane.pid ?? 0)).toBe(false);
  });

  test('a grandchild goes too', async () => {
    const {lane, heard} = await start(laneSpec('grandchild'));
    await lane.send(inputs(1, 1), [null]);
    await lane.finish(2000);
    const grandchild = Number(JSON.parse(Buffer.from(heard.outputs[0]?.payload ?? []).toString()).grandchild);
    expect(grandchild).toBeGreaterThan(1);
    const startedMs = performance.now();
    await lane.stop();
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(isRunning(grandchild)).toBe(false);
  });

  test('a flood on stderr stays bounded and harmless', async () => {
    const {lane} = await start(laneSpec('flood-stderr'));
    const health = await lane.stop();
    expect(health.stderrTail).toHaveLength(50);
    expect(health.stderrTail.at(-1)).toMatch(/^flood 1999 x+\\x1b\[31m$/);
  });

  test('its folder is gone afterwards, also when stopped twice or never ready', async () => {
    const {lane} = await start(laneSpec('plain'));
    await Promise.all([lane.stop(), lane.stop()]);
    await lane.stop();
    expect(existsSync(`/proc/${lane.pid}`)).toBe(false);
    expect((await thrown(lane.send(inputs(1, 1), [null]))).detail.kind).toBe('cancel');
  });
});
