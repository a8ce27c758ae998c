import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {killGate, openLogReader} from '@tandem/shadow';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {livePublisher} from './fixtures/live-publisher.ts';
import {filesOf} from './fixtures/reading-runs.ts';
import {startTandem, type Ended, type RunningTandem} from './fixtures/tandem-process.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
type Stop = 'SIGINT' | 'SIGTERM';
const EXIT: Readonly<Record<Stop, number>> = {SIGINT: 130, SIGTERM: 143};
const CANARY = "canary: {stages: ['50%', '100%'], bake: '60s', minMessages: 50},\n  gates:";

describe('a signal in the middle', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  let publisher: Awaited<ReturnType<typeof livePublisher>>;
  beforeAll(async () => { publisher = await livePublisher(500); });
  afterAll(async () => {
    await publisher.end();
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  const run = (...args: string[]): RunningTandem => startTandem(args, {temporary: bench.temporary});
  const stop = async ({child, ended}: RunningTandem, signal: Stop): Promise<Ended> => {
    child.kill(signal);
    return await ended;
  };
  /** Waits for something in a run folder; the run began when its manifest stands. */
  const until = async (isThere: () => boolean): Promise<void> => {
    for (let waited = 0; waited < 30_000; waited += 50) {
      if (isThere()) return;
      await sleep(50);
    }
    throw new Error('it did not begin');
  };

  it.concurrent.each<Stop>(deep ? ['SIGINT', 'SIGTERM'] : ['SIGTERM'])('replay, %s: what was fed is judged, the folder says that it is incomplete, and nothing stays', async (signal) => {
    const runs = `replay-${signal}`;
    const capture = await bench.capture(`capture-${signal}`, orders(20_000));
    const running = run('replay', capture, '-c', bench.migration(), '--runs', bench.at(runs), '--no-twin', '--speed', '1k/s', '--keep', 'all');
    await until(() => bench.isFed(runs));
    const {code, out} = await stop(running, signal);
    expect(code).toBe(EXIT[signal]);
    expect(out).toMatch(/INCONCLUSIVE[\s\S]*incomplete/);
    const folder = bench.onlyRun(runs);
    const {manifest, evidence, result} = filesOf(folder);
    expect(manifest).toMatchObject({complete: false, notes: [expect.stringMatching(`^stopped by ${signal} after \\d+ inputs$`) as string]});
    expect(manifest.finishedAt).not.toBeNull();
    expect(result.verdict.outcome).toBe('inconclusive');
    expect(evidence.messages).toBeGreaterThan(0);
    expect(evidence.messages).toBeLessThan(20_000);
    expect(evidence.parity?.conservation.remainder).toBe(0);
  });

  it.concurrent('replay while a lane is still starting: it does not wait for it', async () => {
    const startedMs = performance.now();
    const running = run('replay', await bench.capture('starting', orders(10)), '-c', bench.migration({candidate: {behaviour: 'never-ready', within: '60s'}}), '--runs', bench.at('starting-runs'), '--no-twin');
    await until(() => bench.runFolders('starting-runs').length === 1);
    await sleep(300);
    const {code, err} = await stop(running, 'SIGTERM');
    expect(performance.now() - startedMs).toBeLessThan(45_000);
    expect(code).toBe(143);
    expect(err).toContain('TDM-E140');
    expect(JSON.parse(readFileSync(join(bench.onlyRun('starting-runs'), 'manifest.json'), 'utf8'))).toMatchObject({complete: false, notes: [expect.stringContaining('TDM-E140') as string]});
  });

  it.concurrent.each<Stop>(deep ? ['SIGINT', 'SIGTERM'] : ['SIGTERM'])('record, %s: the capture is sealed with all that came', async (signal) => {
    const log = bench.at(`record-${signal}`);
    const running = run('record', '--endpoint', publisher.endpoint, '--out', log);
    await running.until(/tap ready/);
    await sleep(700);
    const {code, out} = await stop(running, signal);
    expect(code).toBe(EXIT[signal]);
    const messages = Number(/recorded ([\d,]+) messages/.exec(out)?.[1]?.replaceAll(',', ''));
    expect(messages).toBeGreaterThan(50);
    expect(await (await openLogReader(log)).summary()).toMatchObject({messages, sealed: true, whole: true});
  });

  it.concurrent('record before anything came: exit 130 and no empty capture', async () => {
    const silent = await livePublisher(0);
    const running = run('record', '--endpoint', silent.endpoint, '--out', bench.at('nothing'));
    await until(() => existsSync(bench.at('nothing')));
    const {code, err} = await stop(running, 'SIGINT');
    await silent.end();
    expect(code).toBe(130);
    expect(err).toContain('TDM-E282');
    expect(readdirSync(bench.path)).not.toContain('nothing');
  });

  it.concurrent.each<readonly [Stop, readonly string[], number, 'pass' | 'inconclusive']>([
    ['SIGINT', [], 1_000_000, 'inconclusive'], ['SIGINT', ['--for', '10m'], 100, 'inconclusive'], ...(deep ? [['SIGINT', [], 100, 'pass'], ['SIGTERM', [], 100, 'pass']] as const : []),
  ])(
    'shadow, %s %j, of %d wanted messages: all that came is compared, and a stop by hand makes nothing better: %s', async (signal, limits, minMessages, outcome) => {
      const complete = limits.length === 0;
      const runs = `shadow-${signal}-${limits.length}-${minMessages}`;
      const running = run('shadow', '-c', bench.migration({minMessages, edit: (text) => text.replace('tcp://127.0.0.1:1', publisher.endpoint)}), '--runs', bench.at(runs), ...limits);
      await running.until(/tap ready/);
      await until(() => bench.isFed(runs));
      const {code, out} = await stop(running, signal);
      expect(code).toBe(EXIT[signal]);
      const {manifest, evidence, result} = filesOf(bench.onlyRun(runs));
      expect(manifest.complete).toBe(complete);
      expect(manifest.notes.join('\n')).toMatch(complete ? /stopped by hand \(SIG(?:INT|TERM)\); no end was asked for/ : /stopped by SIGINT after \d+ inputs/);
      expect(result.verdict.outcome, out).toBe(outcome);
      expect(evidence.parity?.conservation).toMatchObject({in: evidence.messages, compared: evidence.messages, inFlight: 0, remainder: 0});
    });

  it.concurrent.each<Stop>(deep ? ['SIGINT', 'SIGTERM'] : ['SIGINT'])('canary, %s: every effect once, the folder is readable and says that it is incomplete', async (signal) => {
    const runs = `canary-${signal}`;
    const capture = await bench.capture(`canary-capture-${signal}`, orders(20_000));
    const running = run('canary', 'start', '-c', bench.migration({edit: (text) => text.replace('gates:', CANARY)}), '--runs', bench.at(runs), '--capture', capture, '--rate', '300');
    await running.until(/CANARY 50 %/);
    const folder = bench.onlyRun(runs);
    const {code, out} = await stop(running, signal);
    expect(code).toBe(EXIT[signal]);
    expect(out).toMatch(/it ended before it was through[\s\S]*each once, in order/);
    expect(filesOf(folder).manifest).toMatchObject({complete: false, notes: ['interrupted']});
    expect(await killGate(folder, 'legacy', 'test')).toBe('ended');
  });
});
