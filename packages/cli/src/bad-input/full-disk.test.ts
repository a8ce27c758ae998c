import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ErrorDetail} from '@tandem/contract';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {livePublisher} from './fixtures/live-publisher.ts';
import {filesOf} from './fixtures/reading-runs.ts';
import {tandem} from './fixtures/tandem-process.ts';

const deep = process.env['TANDEM_DEEP'] === '1';

// A file that may not grow beyond a limit gives EFBIG at the very write that a full disk would refuse with ENOSPC; both go the same way.
describe('a disk that takes no more', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  /** Last position that an independent pass finds in the log, and whether there is a hole before it. */
  const lastOf = async (log: string): Promise<{last: number; holes: number}> => {
    let last = 0, holes = 0;
    for await (const batch of (await openLogReader(log)).batches()) {
      for (const {seq} of batch) {
        if (seq !== last + 1) holes += 1;
        last = seq;
      }
    }
    return {last, holes};
  };
  const expectStopped = async (log: string, error: ErrorDetail): Promise<number> => {
    expect(error).toMatchObject({id: 'TDM-E272', kind: 'environment', where: expect.stringContaining('000001.mcap') as string, seen: expect.stringContaining('EFBIG') as string,
      likely: expect.stringContaining('limit') as string, fix: expect.stringMatching(/make room/) as string});
    const {last, holes} = await lastOf(log);
    expect(holes).toBe(0);
    expect(Number(/up to (\d+)/.exec(error.seen ?? '')?.[1])).toBe(last);
    const seal = JSON.parse(readFileSync(join(log, 'seal.json'), 'utf8')) as {complete: boolean; fault: ErrorDetail};
    expect(seal).toMatchObject({complete: false, fault: {id: 'TDM-E272'}});
    return last;
  };

  it.concurrent('while traffic is recorded: exit 3, the exact last position, and the rest can be replayed and does not pass', async () => {
    const log = bench.at('traffic');
    const {code, json} = await tandem(['record', '--traffic', '600', '--out', log, '--json'], {fileKiBMax: 200, temporary: bench.temporary});
    expect(code).toBe(3);
    const last = await expectStopped(log, json().error as ErrorDetail);
    expect(last).toBeGreaterThan(500);
    const replay = await tandem(['replay', log, '--runs', bench.at('traffic-runs'), '--no-twin', '--json'], {temporary: bench.temporary});
    expect(replay.code).toBe(11);
    expect(replay.json<{parity: {conservation: unknown}}>().parity.conservation).toMatchObject({in: last, compared: last, remainder: 0});
    expect(filesOf(bench.onlyRun('traffic-runs')).evidence.gaps.reasons?.join(' ')).toMatch(/cut off|had to stop/);
  });

  it.concurrent('while a live publisher is recorded: the same', async () => {
    const publisher = await livePublisher(1000);
    const log = bench.at('live');
    const {code, json} = await tandem(['record', '--endpoint', publisher.endpoint, '--out', log, '--for', '20s', '--json'], {fileKiBMax: 64, temporary: bench.temporary});
    await publisher.end();
    expect(code).toBe(3);
    expect(await expectStopped(log, json().error as ErrorDetail)).toBeGreaterThan(100);
  });

  it.concurrent('while a replay writes its run folder: exit 3, the file, and a folder that says it is incomplete', async () => {
    const {code, json} = await tandem(['replay', await bench.capture('capture', orders(400)), '-c', bench.migration(), '--runs', bench.at('runs'), '--no-twin', '--keep', 'all', '--json'], {fileKiBMax: 12, temporary: bench.temporary});
    expect(code).toBe(3);
    expect(json().error).toMatchObject({kind: 'environment', where: expect.stringContaining(bench.at('runs')) as string, seen: expect.stringContaining('EFBIG') as string, fix: expect.stringMatching(/\S/) as string});
    const folder = bench.onlyRun('runs');
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({complete: false});
    expect(existsSync(join(folder, 'result.json'))).toBe(false);
    const gate = await tandem(['gate', '--run', folder, '-c', bench.migration()]);
    expect(gate.code).toBe(11);
    expect(gate.err).toContain('TDM-E133');
  });

  it.concurrent('while the report is written: the verdict is shown all the same', async () => {
    const {code, out, err} = await tandem(['replay', await bench.capture('small', orders(200)), '-c', bench.migration(), '--runs', bench.at('report-runs'), '--no-twin', '--keep', 'none'], {fileKiBMax: 40, temporary: bench.temporary});
    expect(code).toBe(3);
    expect(out).toMatch(/VERDICT +✓ PASS/);
    expect(err).toMatch(/TDM-E143[\s\S]*EFBIG/);
    expect(filesOf(bench.onlyRun('report-runs')).result.verdict.outcome).toBe('pass');
  });

  it.runIf(deep)('while live traffic is shadowed: what came until then is compared and never passes', async () => {
    const publisher = await livePublisher(500);
    const migration = bench.migration({edit: (text) => text.replace('tcp://127.0.0.1:1', publisher.endpoint)});
    const {code, out, err} = await tandem(['shadow', '-c', migration, '--runs', bench.at('shadow-runs'), '--for', '10s', '--keep', 'none'], {fileKiBMax: 120, temporary: bench.temporary});
    await publisher.end();
    expect(code).toBe(3);
    expect(out).toMatch(/INCONCLUSIVE[\s\S]*the capture had to stop: EFBIG/);
    expect(err).toMatch(/TDM-E272[\s\S]*TMPDIR/);
  });
});
