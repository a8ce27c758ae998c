import type {Evidence, GateLimits, LaneName, LaunchLane, Migration, Verdict} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {TripleCounts} from './compare/triple-counts.ts';
import {ComparedLanes} from './compared-lanes.ts';
import type {LaneWatermark} from './flow/lane-watermark.ts';
import {basisOf, goodEvidence} from './judge/fixtures/good-evidence.ts';
import {createCoin} from './judge/fixtures/seeded-coin.ts';
import {judge} from './judge/judge.ts';

const SEED = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
const DEEP = process.env['TANDEM_DEEP'] === '1';
const LANES = ['legacy', 'twin', 'candidate'] as const;

const gates: GateLimits = {minMessages: 100, parity: {mismatches: 0, lossBudget: 0}, latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null, dryRun: [], sources: {}};
const lane = (name: LaneName): LaunchLane => ({kind: 'launch', name, command: '', args: [], env: {}, cwd: '/', watermark: {kind: 'barrier', everyMessages: 100}, label: name});
const migration: Migration = {
  name: 'noise', configFile: 'none', configHash: '', inputs: [], lanes: LANES.map(lane), codec: 'json', cause: {kind: 'sequence', input: '/seq', output: '/ref', partition: '/account'},
  outputKind: '/kind', entities: [], compare: {default: {kind: 'exact'}, fields: [], maxIgnoredShare: 0.2}, gates, canary: null, coverage: [],
};

const mark = (name: LaneName, inputSeq: number): LaneWatermark => ({lane: name, inputSeq, refSeq: inputSeq, tMonoNs: inputSeq, stateHash: null, by: 'barrier'});

/** Share of answers in which each lane gives another time than it usually would. */
type Rates = Readonly<Record<LaneName, number>>;

interface Ran {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

/** Three lanes through the real matchers, comparers and judge; only the processes are left out. */
const ran = ({inputs, rates, seed, wrongPrice = 0, bothKinds = false}: {inputs: number; rates: Rates; seed: number; wrongPrice?: number; bothKinds?: boolean}): Ran => {
  const coin = createCoin(seed);
  const triples = new TripleCounts();
  const pairs = (['candidate', 'twin'] as const).map((actual) => new ComparedLanes({expected: 'legacy', actual, migration, today: '2026-11-28', windowInputs: 1000, triples}));
  let settled = 0;
  for (let seq = 1; seq <= inputs; seq += 1) {
    for (const pair of pairs) pair.input(seq, Buffer.from(`{"seq":${seq},"account":"A"}`));
    for (const name of LANES) {
      const time = coin() < rates[name] ? `t${seq}-${name}` : `t${seq}`;
      const price = name === 'candidate' && seq === wrongPrice ? 2 : 1;
      const kind = bothKinds && seq % 100 !== 0 ? 'quiet' : 'fill';
      const payload = Buffer.from(`{"kind":"${kind}","ref":${seq},"account":"A","time":"${kind === 'quiet' ? `t${seq}` : time}","price":${price}}`);
      for (const pair of pairs) pair.output({lane: name, payload, frames: null, tMonoNs: seq, index: seq});
    }
    if (seq % 50 !== 0 && seq !== inputs) continue;
    // one lane is always ahead of another
    for (const name of LANES) for (const pair of pairs) pair.watermark(mark(name, name === 'twin' ? settled : seq));
    settled = seq;
    for (const pair of pairs) pair.compareSettled();
  }
  for (const pair of pairs) {
    pair.watermark(mark('twin', inputs));
    pair.finish();
    pair.compareSettled();
  }
  triples.finish();
  const [parity, floor] = pairs as [ComparedLanes, ComparedLanes];
  const evidence = goodEvidence({messages: inputs, latency: [], resources: [], coverage: null, parity: parity.evidence(), floor: floor.evidence(), paired: triples.evidence(floor.fieldCensus())});
  return {evidence, verdict: judge(evidence, gates, basisOf({waivers: {maxIgnoredShare: 1, ignores: []}}))};
};
const same = (rate: number): Rates => ({legacy: 0, twin: rate, candidate: rate});

describe(`fields that the legacy itself does not repeat (seed ${String(SEED)})`, () => {
  it('equally noisy passes, with the counts of the triples in the evidence', () => {
    const {evidence, verdict} = ran({inputs: 8000, rates: same(0.1), seed: SEED});
    expect(verdict.outcome, verdict.summary).toBe('pass');
    const [time] = evidence.paired ?? [];
    expect(time).toMatchObject({outputKind: 'fill', path: '/time', compared: 8000, unpaired: 0});
    expect((time?.onlyCandidate ?? 0) + (time?.both ?? 0)).toBe(evidence.parity?.byClass['value']);
    expect((time?.onlyTwin ?? 0) + (time?.both ?? 0)).toBe(evidence.floor?.byClass['value']);
  });

  it('three points more on ten are found', () => {
    const {verdict} = ran({inputs: 20_000, rates: {legacy: 0, twin: 0.1, candidate: 0.13}, seed: SEED + 1});
    expect(verdict.outcome, verdict.summary).toBe('fail');
    expect(verdict.summary).toMatch(/\/time.*far more often: e-value/u);
  });

  it.each([[0.001, 2000], [0.1, 600]])('the legacy against itself with noise in a share of %s of its answers fails in no more runs than the error rate allows', (rate, inputs) => {
    const runs = DEEP ? 1000 : 12;
    let failed = 0;
    for (let run = 0; run < runs; run += 1) if (ran({inputs, rates: same(rate), seed: SEED + 100 + run}).verdict.outcome === 'fail') failed += 1;
    expect(failed).toBeLessThanOrEqual(runs * 0.01 + 3 * Math.sqrt(runs * 0.01));
    if (!DEEP) expect(failed).toBeLessThanOrEqual(1);
  });

  it('a field that always differs is not verified, also where it stands in one of a hundred answers', () => {
    const {evidence, verdict} = ran({inputs: 12_000, rates: {legacy: 1, twin: 1, candidate: 1}, seed: SEED + 3, bothKinds: true});
    expect(evidence.paired?.find(({path}) => path === '/time')).toMatchObject({outputKind: 'fill', compared: 120, both: 120});
    expect(verdict.outcome, verdict.summary).toBe('inconclusive');
    expect(verdict.summary).toMatch(/120 of 120 comparisons: comparing it says nothing/u);
  });

  it('noise in one field excuses nothing in another', () => {
    const {evidence, verdict} = ran({inputs: 8000, rates: same(0.1), seed: SEED + 4, wrongPrice: 4321});
    expect(evidence.paired?.find(({path}) => path === '/price')).toMatchObject({onlyCandidate: 1, onlyTwin: 0, both: 0, compared: 8000});
    expect(verdict.outcome, verdict.summary).toBe('inconclusive');
  });
});

describe('triples', () => {
  it('an input that the twin could not answer is no triple', () => {
    const triples = new TripleCounts();
    triples.answered('candidate', 1, ['8\n/a']);
    triples.answered('candidate', 2, ['8\n/a']);
    triples.answered('candidate', 3, ['8\n/a', '8\n/b']);
    triples.answered('twin', 2, ['8\n/a']);
    triples.answered('twin', 4, ['8\n/c']);
    triples.answered('candidate', 4, []);
    triples.answered('candidate', 5, ['8\n/b']);
    triples.finish();
    const counts = (path: string, change: object): object => ({outputKind: '8', path, compared: 0, onlyCandidate: 0, onlyTwin: 0, both: 0, unpaired: 0, ...change});
    expect(triples.evidence(new Map())).toEqual([counts('/a', {both: 1, unpaired: 2}), counts('/b', {unpaired: 2}), counts('/c', {onlyTwin: 1})]);
  });
});
