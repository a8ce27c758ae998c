import {performance} from 'node:perf_hooks';
import {describe, expect, test} from 'vitest';
import {emptyJournal} from '../flow/journal-fold.ts';
import {EgressRig} from './fixtures/egress-rig.ts';
import {cutRecords} from './gate-core-journal.ts';
import {GATE_RULES} from './gate-core-rules.ts';
import {createGateState, type GateCommand} from './gate-core-state.ts';
import {gateStep} from './gate-core.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const PARTITIONS = 50;
const config = {
  planHash: 'p', inDoubt: 'query' as const, outputRatioMax: 8, heldBytesMax: 1e9, partitionsMax: 1000, holdMsMax: 1000, retainMs: 100, fill: 'equal' as const,
  attest: {legacy: 'a', candidate: 'b'},
};

/** CPU time of the core alone for `count` outputs of each lane, ns an output. */
function coreNsPerOutput(count: number): number {
  const state = createGateState(config, emptyJournal(), GATE_RULES);
  const out: GateCommand[] = [];
  for (const lane of ['legacy', 'candidate'] as const) {
    gateStep(state, {kind: 'start', start: {lane, pos: 0, incarnation: 0, attest: config.attest[lane], watermark: 0, settledCause: 0, life: 'up'}}, out);
    gateStep(state, {kind: 'progress', lane, seq: count, sentBefore: 0}, out);
  }
  const payload = new Uint8Array(200);
  const startMs = performance.now();
  for (let causeSeq = 1; causeSeq <= count; causeSeq += 1) {
    for (const lane of ['legacy', 'candidate'] as const) {
      gateStep(state, {kind: 'output', lane, pos: causeSeq - 1, incarnation: 0, partition: `P${causeSeq % PARTITIONS}`, causeSeq, ordinal: 0, outputKind: '8', hash: 'h', payload}, out);
    }
    if (causeSeq % 50 !== 0) continue;
    out.length = 0;
    gateStep(state, {kind: 'durable', records: cutRecords(state).length}, out);
    const last = out.findLast((command) => command.kind === 'send');
    if (last?.kind === 'send') gateStep(state, {kind: 'confirmed', through: last.intent.no}, out);
  }
  expect(state.counts.released).toBe(count);
  return (performance.now() - startMs) * 1e6 / (2 * count);
}

describe('gate throughput', {timeout: 60_000}, () => {
  test('the core costs a small part of what 20,000 outputs a second leave', () => {
    coreNsPerOutput(20_000);
    const ns = Math.min(coreNsPerOutput(50_000), coreNsPerOutput(50_000));
    // 20,000 a second of each lane leave 25 µs an output; the core may have a tenth. It takes about 0.5 µs on an idle core.
    expect(ns).toBeLessThan(2500 * 4);
  });

  test.runIf(deep)('both lanes through the whole gate, journal on disk, confirmed downstream', async () => {
    const rig = await EgressRig.start();
    try {
      const count = 60_000;
      const payload = Buffer.from(`{"msgType":"8","refSeqNum":1,"account":"ACC01","text":"${'x'.repeat(200)}"}`);
      const startMs = performance.now();
      for (let causeSeq = 1; causeSeq <= count; causeSeq += 1) {
        for (const lane of ['legacy', 'candidate'] as const) {
          rig.relay.fed(lane, causeSeq);
          rig.relay.output(lane, {partition: `P${causeSeq % PARTITIONS}`, causeSeq, ordinal: 0, outputKind: '8', payload});
        }
        if (causeSeq % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
        while (rig.relay.lane('legacy').items > 20_000) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await rig.until('all settled', () => rig.relay.lane('legacy').items === 0 && rig.relay.lane('candidate').items === 0, 50_000);
      const seconds = (performance.now() - startMs) / 1000;
      process.stdout.write(`gate: ${Math.round(count / seconds)} released/s, ${Math.round(2 * count / seconds)} outputs/s in, ${seconds.toFixed(1)} s\n`);
      expect((await rig.status()).accounts.released).toBe(count);
      expect(2 * count / seconds).toBeGreaterThan(5000);
    } finally {
      await rig.stop();
    }
  });
});
