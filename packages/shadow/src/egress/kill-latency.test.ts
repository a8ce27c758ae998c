import {writeFile} from 'node:fs/promises';
import {performance} from 'node:perf_hooks';
import {setTimeout as delay} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {EgressRig} from './fixtures/egress-rig.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const TRIALS = deep ? 30 : 1;
const PARTITIONS = 40;
const WAYS = ['file', 'signal', 'socket'] as const;

/** Kills a candidate that owns everything and answers about 8,000 a second; ms from the act to the gate's acknowledgement. */
async function trial(way: (typeof WAYS)[number]): Promise<{tookMs: number; lateCandidate: number}> {
  const rig = await EgressRig.start();
  let running = true;
  try {
    for (const lane of ['legacy', 'candidate'] as const) rig.relay.life(lane, 'up', 0);
    let causeSeq = 0;
    const load = (async () => {
      while (running) {
        for (let index = 0; index < 40; index += 1) {
          causeSeq += 1;
          for (const lane of ['legacy', 'candidate'] as const) {
            rig.relay.fed(lane, causeSeq);
            rig.relay.output(lane, {partition: `P${causeSeq % PARTITIONS}`, causeSeq, ordinal: 0, outputKind: '8', payload: Buffer.alloc(200, 0x61)});
          }
        }
        await delay(4);
      }
    })();
    await rig.until('partitions known', async () => (await rig.status()).partitions.length === PARTITIONS);
    const {epoch, partitions} = await rig.status();
    const moves = partitions.map(({partition}) => ({partition, owner: 'candidate' as const}));
    await rig.ask({kind: 'propose', nonce: 'n', expectedEpoch: epoch, stage: 'PRIMARY', share: 1, moves, evidenceHash: 'e', planHash: 'plan', actor: 'test', reason: 'forth'});
    await rig.until('candidate releases', async () => (await rig.status()).releasedBy.candidate > 1000);
    const acknowledged = new Promise<number>((resolve) => {
      const timer = setInterval(() => {
        for (const line of rig.gate.lines) {
          const match = /acknowledged after .*: (\d+) effects/.exec(String((line['notice'] as {text?: string} | undefined)?.text));
          if (match === null) continue;
          clearInterval(timer);
          resolve(Number(match[1]));
        }
      }, 1);
    });
    const startMs = performance.now();
    if (way === 'file') await writeFile(rig.settings.killFile, '');
    else if (way === 'signal') rig.gate.signal('SIGUSR1');
    else await rig.ask({kind: 'kill', mode: 'legacy', actor: 'operator'});
    const candidateEffects = await acknowledged;
    const tookMs = performance.now() - startMs;
    const before = (await rig.status()).accounts.released;
    await delay(deep ? 200 : 100);
    running = false;
    await load;
    await rig.until('everything settled', () => rig.relay.lane('legacy').items === 0);
    expect((await rig.status()).accounts.released).toBeGreaterThan(before);
    const lines = await rig.sinkLines();
    return {tookMs, lateCandidate: lines.filter((line) => line.l === 'candidate').length - candidateEffects};
  } finally {
    running = false;
    await rig.stop();
  }
}

describe('kill switch', {timeout: 300_000}, () => {
  test('is acknowledged fast under load, and then the candidate is silent and legacy goes on', async () => {
    for (const way of WAYS) {
      const took: number[] = [];
      for (let index = 0; index < TRIALS; index += 1) {
        const {tookMs, lateCandidate} = await trial(way);
        took.push(tookMs);
        expect(lateCandidate).toBe(0);
      }
      took.sort((left, right) => left - right);
      if (deep) process.stdout.write(`kill by ${way}: p50 ${took[took.length >> 1]?.toFixed(1)} ms, max ${took.at(-1)?.toFixed(1)} ms of ${TRIALS}\n`);
      // The goal is 50 ms on an idle machine; a crowded one may take longer, but never seconds.
      expect(took[took.length >> 1]).toBeLessThan(1000);
    }
  });
});
