import {afterEach, describe, expect, test} from 'vitest';
import {writeFile} from 'node:fs/promises';
import type {Owner} from '@tandem/contract';
import {EgressRig} from './fixtures/egress-rig.ts';
import {verifyJournal} from './journal-file.ts';

let rig: EgressRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

const effect = (partition: string, causeSeq: number, ordinal = 0) =>
  ({partition, causeSeq, ordinal, outputKind: '8', payload: Buffer.from(`${partition}/${causeSeq}.${ordinal}`)});

/** Both lanes answer inputs from..to, one effect each, over `partitions` partitions. */
function answer(target: EgressRig, lanes: readonly Owner[], [from, to]: readonly [number, number], partitions = 4): void {
  for (const lane of lanes) {
    target.relay.fed(lane, to);
    for (let causeSeq = from; causeSeq <= to; causeSeq += 1) target.relay.output(lane, effect(`P${causeSeq % partitions}`, causeSeq));
    target.relay.watermark(lane, to);
  }
}

const both: readonly Owner[] = ['legacy', 'candidate'];

async function begun(attest?: {legacy: string; candidate: string}): Promise<EgressRig> {
  const started = await EgressRig.start({}, attest);
  for (const lane of both) started.relay.life(lane, 'up', 0);
  return started;
}

const released = async (target: EgressRig): Promise<number> => (await target.status()).accounts.released;

describe('gate process', {timeout: 60_000}, () => {
  test('releases legacy, hands a partition over and back, and its journal verifies', async () => {
    rig = await begun();
    answer(rig, both, [1, 400]);
    await rig.until('400 released', async () => await released(rig as EgressRig) === 400);
    const before = await rig.status();
    const move = {kind: 'propose' as const, nonce: 'n1', expectedEpoch: before.epoch, stage: 'CANARY' as const, share: 0.25,
      moves: [{partition: 'P1', owner: 'candidate' as const}], evidenceHash: 'e', planHash: 'plan', actor: 'test', reason: 'forth'};
    expect(await rig.ask(move)).toMatchObject({kind: 'accepted', epoch: 1, moved: 1});
    // Asked again with the same nonce: the same answer, done once. Another nonce on the old epoch: refused, the winner named.
    expect(await rig.ask(move)).toMatchObject({kind: 'accepted', epoch: 1});
    expect(await rig.ask({...move, nonce: 'n2', actor: 'other'})).toMatchObject({kind: 'refused', code: 'epoch', winner: 'test', epoch: 1});
    answer(rig, both, [401, 800]);
    await rig.until('800 released', async () => await released(rig as EgressRig) === 800);
    expect(await rig.ask({...move, nonce: 'n3', expectedEpoch: 1, moves: [{partition: 'P1', owner: 'legacy'}], stage: 'ROLLING_BACK'})).toMatchObject({kind: 'accepted', epoch: 2});
    answer(rig, both, [801, 1200]);
    await rig.until('1200 released', async () => await released(rig as EgressRig) === 1200);
    await rig.until('everything settled', () => (rig as EgressRig).relay.lane('legacy').items === 0 && (rig as EgressRig).relay.lane('candidate').items === 0);
    const lines = await rig.sinkLines();
    expect(lines.length).toBe(1200);
    const byCandidate = lines.filter((line) => line.l === 'candidate').map((line) => line.c);
    expect([Math.min(...byCandidate), Math.max(...byCandidate), byCandidate.length]).toEqual([401, 797, 100]);
    const view = await rig.status();
    expect(view.accounts).toMatchObject({offered: 2400, released: 1200, suppressed: 1200, inFlight: 0});
    const check = await verifyJournal(rig.settings.journalFile);
    expect([check.damage, check.violation, check.folded.ownership.length]).toEqual([null, null, 2]);
  });

  test('after SIGKILL it goes on where the downstream stands, nothing twice', async () => {
    rig = await begun();
    answer(rig, both, [1, 3000]);
    await rig.until('some released', async () => await released(rig as EgressRig) > 300);
    rig.gate.signal('SIGKILL');
    await rig.gate.exited;
    await rig.startGate();
    answer(rig, both, [3001, 4000]);
    await rig.until('all at the sink', async () => (await (rig as EgressRig).sinkLines()).length >= 4000);
    await rig.until('everything settled', () => (rig as EgressRig).relay.lane('legacy').items === 0);
    const lines = await rig.sinkLines();
    expect(lines.length).toBe(4000);
    expect(new Set(lines.map((line) => `${line.p}/${line.c}`)).size).toBe(4000);
    for (const partition of ['P0', 'P1', 'P2', 'P3']) {
      const causes = lines.filter((line) => line.p === partition).map((line) => line.c);
      expect(causes).toEqual([...causes].sort((left, right) => left - right));
    }
    const check = await verifyJournal(rig.settings.journalFile);
    expect([check.damage, check.violation, check.folded.session]).toEqual([null, null, 2]);
  });

  test('a disk that takes no more: nothing is released on what is not journaled, the gate says so and lives; started again it goes on, nothing lost, nothing twice', async () => {
    rig = await begun();
    rig.gate.signal('SIGKILL');
    await rig.gate.exited;
    await rig.startGate({}, 48);
    answer(rig, both, [1, 2000]);
    await rig.until('the journal is full', async () => !(await (rig as EgressRig).status()).journalWritable);
    expect(rig.gate.lines.filter((line) => JSON.stringify(line).includes('journal not writable, nothing is released any more')).length).toBe(1);
    expect(await rig.ask({kind: 'propose', nonce: 'n1', expectedEpoch: 0, stage: 'CANARY', share: 0.25, moves: [{partition: 'P1', owner: 'candidate'}], evidenceHash: 'e', planHash: 'plan', actor: 'test', reason: 'forth'}))
      .toMatchObject({kind: 'refused', code: 'journal'});
    const before = (await rig.sinkLines()).length;
    expect(before).toBeLessThan(2000);
    await rig.gate.stop();
    expect(await rig.gate.exited).toEqual({code: 0, signal: null});
    await rig.startGate();
    await rig.until('all at the sink', async () => (await (rig as EgressRig).sinkLines()).length >= 2000);
    const lines = await rig.sinkLines();
    expect(new Set(lines.map((line) => `${line.p}/${line.c}`)).size).toBe(2000);
    expect(lines.length).toBe(2000);
    const check = await verifyJournal(rig.settings.journalFile);
    expect([check.damage, check.violation]).toEqual([null, null]);
  });

  for (const way of ['file', 'signal', 'socket'] as const) {
    test(`kill switch by ${way}: nothing of the candidate leaves after the acknowledgement, also after a restart`, async () => {
      rig = await begun();
      answer(rig, both, [1, 100]);
      await rig.until('released', async () => await released(rig as EgressRig) === 100);
      const moves = ['P0', 'P1', 'P2', 'P3'].map((partition) => ({partition, owner: 'candidate' as const}));
      const move = {kind: 'propose' as const, nonce: 'n1', expectedEpoch: 0, stage: 'PRIMARY' as const, share: 1, moves, evidenceHash: 'e', planHash: 'plan', actor: 'test', reason: 'forth'};
      expect(await rig.ask(move)).toMatchObject({kind: 'accepted', moved: 4});
      answer(rig, both, [101, 200]);
      await rig.until('released', async () => await released(rig as EgressRig) === 200);
      if (way === 'file') await writeFile(rig.settings.killFile, '');
      else if (way === 'signal') rig.gate.signal('SIGUSR1');
      else expect(await rig.ask({kind: 'kill', mode: 'legacy', actor: 'operator'})).toMatchObject({kind: 'killed', mode: 'legacy'});
      await rig.until('killed', async () => (await (rig as EgressRig).status()).killed === 'legacy');
      const acknowledgedAt = (await rig.sinkLines()).length;
      answer(rig, both, [201, 300]);
      await rig.until('legacy goes on', async () => await released(rig as EgressRig) === 300);
      expect(await rig.ask({...move, nonce: 'n9', expectedEpoch: (await rig.status()).epoch})).toMatchObject({kind: 'refused', code: 'killed'});
      rig.gate.signal('SIGKILL');
      await rig.gate.exited;
      await rig.startGate();
      answer(rig, both, [301, 400]);
      await rig.until('legacy goes on', async () => (await (rig as EgressRig).sinkLines()).length === 400);
      expect((await rig.sinkLines()).slice(acknowledgedAt).filter((line) => line.l === 'candidate')).toEqual([]);
      expect((await rig.status()).killed).toBe('legacy');
    });
  }

  test('a build that is not the one of the plan releases nothing', async () => {
    rig = await begun({legacy: 'another', candidate: 'b'});
    answer(rig, ['legacy'], [1, 10]);
    await rig.until('dropped', async () => (await (rig as EgressRig).status()).accounts.dropped['unattested'] === 10);
    expect(await rig.sinkLines()).toEqual([]);
  });
});
