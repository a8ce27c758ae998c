import {existsSync, readdirSync, statSync, truncateSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {CanaryEvent} from '@tandem/contract';
import type {CanaryControls} from './canary-options.ts';
import {CanaryRig, echoLane, expectedEffects, heldOrders, orders, QUICK_PLAN} from './fixtures/canary-rig.ts';
import {sinkFindings} from './fixtures/sink-checks.ts';

let rig: CanaryRig;
beforeEach(async () => {
  rig = await CanaryRig.open();
});
afterEach(() => rig.close());

describe('canary of real processes', {timeout: 60_000}, () => {
  test('goes to 100 % on passing evidence; downstream sees each effect once, in order, from its owner', async () => {
    const count = 4000;
    const result = await rig.run({input: heldOrders(count, {1501: rig.told('promote', 'CANARY', 0.1), 2501: rig.told('promote', 'CANARY', 0.5), 3301: rig.told('promote', 'PROMOTING', 1), 3901: rig.told('promote', 'PRIMARY', 1)})});
    expect(result.endedBy).toBeNull();
    expect(result).toMatchObject({complete: true, inputs: count, stage: 'PRIMARY', share: 1, untagged: {legacy: 0, candidate: 0}});
    expect(await sinkFindings(await rig.lines(), result.journalFile, expectedEffects(count))).toEqual([]);
    expect(result.view?.accounts.inFlight).toBe(0);
    const promoted = rig.events.filter(({kind}) => kind === 'promote').map(({stage, share}) => `${stage} ${share}`);
    expect(promoted).toEqual(['CANARY 0.1', 'CANARY 0.5', 'PROMOTING 1', 'PRIMARY 1']);
    const timeline = (await readFile(result.timelineFile, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as CanaryEvent);
    expect(timeline).toEqual(rig.events);
    expect(result.view?.holds.count).toBeGreaterThan(0);
  });

  test('names the reason when the downstream is not there', async () => {
    const failed = rig.run({input: orders(10), downstreamEndpoint: `ipc://${rig.folder}/nobody`});
    await expect(failed).rejects.toMatchObject({detail: {id: 'TDM-E263', seen: expect.stringContaining('The downstream does not answer') as string}});
  });

  test('goes back when an operator says so while there is no controller: the next one hears it', async () => {
    const count = 2400;
    let controls: CanaryControls | null = null;
    const result = await rig.run({
      input: heldOrders(count, {501: rig.told('promote', 'PROMOTING', 1), 1501: rig.told('promote', 'PRIMARY', 1), 2001: rig.told('rollback', 'SHADOW', 0)}),
      plan: {...QUICK_PLAN, stages: [1], bakeMs: 50, evidenceMaxAgeMs: 60_000},
      onEvent: ({kind, stage}) => {
        if (kind !== 'promote' || stage !== 'PRIMARY') return;
        const pid = controls?.pids().controller ?? null;
        if (pid !== null) process.kill(pid, 'SIGKILL');
        controls?.rollback('by hand');
      },
    }, (given) => {
      controls = given;
    });
    expect(result).toMatchObject({complete: true, stage: 'SHADOW', share: 0, restarts: {controller: 1}});
    expect(rig.events.some(({action, reason}) => action === 'rollback decided' && reason === 'by hand')).toBe(true);
    expect(await sinkFindings(await rig.lines(), result.journalFile, expectedEffects(count))).toEqual([]);
  });

  test('a lane whose latest snapshot is damaged goes on from the one before: refused, counted, and each effect once', async () => {
    const count = 3000;
    let controls: CanaryControls | null = null;
    let before: number | null = null;
    const folder = join(rig.folder, 'canary/snapshots/legacy');
    const kept = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.snapshot')) : []);
    const damageAndKill = (): boolean => {
      if (before !== null) return true;
      const names = kept().map((name) => ({name, ms: statSync(join(folder, name)).mtimeMs})).sort((left, right) => right.ms - left.ms);
      const pid = controls?.pids().legacy ?? null;
      // inputs are held, so no newer one comes once the last is a while old
      if (names.length < 3 || pid === null || Date.now() - (names[0]?.ms ?? Infinity) < 500) return false;
      before = pid;
      process.kill(pid, 'SIGKILL');
      truncateSync(join(folder, names[0]?.name ?? ''), 70);
      return true;
    };
    const result = await rig.run({input: heldOrders(count, {2001: damageAndKill, 2901: () => rig.events.some(({reason}) => reason.includes('caught up'))})}, (given) => {
      controls = given;
    });
    expect(result).toMatchObject({complete: true, inputs: count, restarts: {legacy: 1}, snapshotsRefused: {legacy: 1, candidate: 0}});
    expect(rig.events.some(({reason}) => /^started again \(1\) from its snapshot at input \d+, 1 snapshots not trusted$/.test(reason))).toBe(true);
    expect(await sinkFindings(await rig.lines(), result.journalFile, expectedEffects(count))).toEqual([]);
  });

  test('goes back by itself on the first difference', async () => {
    const count = 4000;
    const result = await rig.run({input: heldOrders(count, {1501: rig.told('promote', 'CANARY', 0.1), 3101: rig.told('rollback', 'SHADOW', 0)}), lanes: {legacy: echoLane('legacy'), candidate: echoLane('candidate', 2000)}, plan: {...QUICK_PLAN, bakeMs: 50}});
    expect(result).toMatchObject({complete: true, stage: 'SHADOW', share: 0});
    expect(rig.events.some(({kind, reason}) => kind === 'rollback' && reason.includes('fail'))).toBe(true);
    expect(await sinkFindings(await rig.lines(), result.journalFile, expectedEffects(count))).toEqual([]);
    const late = (await rig.lines()).filter((line) => line.c > 3200);
    expect(late.filter((line) => line.l === 'candidate')).toEqual([]);
  });
});
