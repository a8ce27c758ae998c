import type {PairedField, ParityEvidence} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {lnPairedOneSided, lnPairedTwoSided} from './e-values.ts';
import {basisOf, demands, goodEvidence, parityWith} from './fixtures/good-evidence.ts';
import {createCoin} from './fixtures/seeded-coin.ts';
import {judge} from './judge.ts';

const DEEP = process.env['TANDEM_DEEP'] === '1';
const SEED = 20_261_120;

/** Largest count that chance at this rate exceeds in fewer than 1 of 700 test runs. */
function expectedAtMost(runs: number, rate: number): number {
  return runs * rate + 3 * Math.sqrt(runs * rate * (1 - rate));
}

describe(`one-sided paired e-value, a look after every discordant triple, alpha 1 % (seed ${String(SEED)})`, () => {
  const runs = DEEP ? 2000 : 500;
  const triples = DEEP ? 5000 : 2000;
  const limit = Math.log(100);
  /** smallest count of the candidate that raises the alarm after m discordant triples */
  const alarmAt = Array.from({length: triples + 1}, (_, m) => {
    let low = Math.ceil(m / 2);
    let high = m + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (lnPairedOneSided(middle, m - middle) >= limit) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  const alarms = (p: number): number => {
    const coin = createCoin(SEED + Math.round(p * 1000));
    let raised = 0;
    for (let run = 0; run < runs; run++) {
      let odd = 0;
      for (let m = 1; m <= triples; m++) {
        if (coin() < p) odd += 1;
        if (odd >= (alarmAt[m] ?? Infinity)) {
          raised += 1;
          break;
        }
      }
    }
    return raised;
  };
  it('identical systems: alarms in at most 1 % of runs', () => { expect(alarms(0.5)).toBeLessThanOrEqual(expectedAtMost(runs, 0.01)); });
  it('a candidate that differs less often: fewer still', () => { expect(alarms(0.45)).toBeLessThanOrEqual(expectedAtMost(runs, 0.002)); });
  it('a candidate that is odd in 60 %: found in nearly every run', () => { expect(alarms(0.6)).toBeGreaterThanOrEqual(0.97 * runs); });
});

describe(`against the fixed rule raw > 1.5 noise with an absolute floor, 50 looks (seed ${String(SEED)})`, () => {
  const fixedRule = (raw: number, noise: number, total: number): boolean => raw > noise && (raw - noise) / (raw + noise) > 0.2 && (raw - noise) / total > 0.0003;
  const simulate = (input: {runs: number; n: number; noise: number; candidate: number; seed: number}) => {
    const coin = createCoin(SEED + input.seed);
    const shares = {paired: 0, fixedAnyLook: 0, fixedLastLook: 0};
    for (let run = 0; run < input.runs; run++) {
      let [raw, noise, onlyCandidate, onlyTwin] = [0, 0, 0, 0];
      let [paired, fixed, fixedLast] = [false, false, false];
      for (let n = 1; n <= input.n; n++) {
        const twin = coin() < input.noise;
        const candidate = coin() < input.candidate;
        if (twin) noise += 1;
        if (candidate) raw += 1;
        if (candidate && !twin) onlyCandidate += 1;
        if (twin && !candidate) onlyTwin += 1;
        if (n % (input.n / 50) !== 0) continue;
        paired ||= onlyCandidate > onlyTwin && lnPairedTwoSided(onlyCandidate, onlyTwin) >= Math.log(100);
        fixedLast = fixedRule(raw, noise, n);
        fixed ||= fixedLast;
      }
      shares.paired += Number(paired) / input.runs;
      shares.fixedAnyLook += Number(fixed) / input.runs;
      shares.fixedLastLook += Number(fixedLast) / input.runs;
    }
    return shares;
  };
  it('identical, noise 0.1 %: the fixed rule cries in most runs, the e-value does not', () => {
    const shares = simulate({runs: 200, n: 20_000, noise: 0.001, candidate: 0.001, seed: 1});
    expect(shares.fixedAnyLook).toBeGreaterThan(0.5);
    expect(shares.paired).toBeLessThanOrEqual(0.02);
  });
  it('3 points more on 10 % noise: the e-value finds all, the fixed rule none at its last look', () => {
    const shares = simulate({runs: 60, n: 20_000, noise: 0.1, candidate: 0.13, seed: 2});
    expect(shares.paired).toBeGreaterThanOrEqual(0.98);
    expect(shares.fixedLastLook).toBeLessThanOrEqual(0.05);
  });
  it.runIf(DEEP)('1 point more on 10 % noise at 100,000: found', () => {
    const shares = simulate({runs: 100, n: 100_000, noise: 0.1, candidate: 0.11, seed: 3});
    expect(shares.paired).toBeGreaterThanOrEqual(0.98);
    expect(shares.fixedAnyLook).toBeLessThanOrEqual(0.05);
  });
});

describe(`a legacy against itself through judge(), a look after every difference (seed ${String(SEED)})`, () => {
  /** Three fields of different noise in one run; every difference is followed by a look. */
  const falseFailures = (input: {runs: number; messages: number; withTriples: boolean}): number => {
    const coin = createCoin(SEED + (input.withTriples ? 11 : 12));
    const rates = [0.0005, 0.005, 0.05];
    const paths = ['/rare', '/some', '/often'];
    const base = goodEvidence({latency: [], resources: []});
    const limits = demands({latencyRatio: {}, cpuRatio: null, memoryRatio: null, memorySlopeBytesPerHour: null, minMessages: 1});
    let failed = 0;
    for (let run = 0; run < input.runs; run++) {
      const counts = rates.map(() => ({both: 0, onlyCandidate: 0, onlyTwin: 0}));
      let outcome = '';
      for (let n = 1; n <= input.messages && outcome !== 'fail'; n++) {
        let changed = false;
        for (const [field, rate] of rates.entries()) {
          const count = counts[field];
          const [twin, candidate] = [coin() < rate, coin() < rate];
          if (count === undefined || !(twin || candidate)) continue;
          changed = true;
          if (twin && candidate) count.both += 1;
          else if (candidate) count.onlyCandidate += 1;
          else count.onlyTwin += 1;
        }
        if (!changed) continue;
        const conservation = {in: n, compared: n, waived: 0, inFlight: 0, lost: {}, remainder: 0};
        const side = (lane: 'candidate' | 'twin', pick: (count: {both: number; onlyCandidate: number; onlyTwin: number}) => number): ParityEvidence =>
          parityWith(lane, paths.map((path, field) => [path, pick(counts[field] ?? {both: 0, onlyCandidate: 0, onlyTwin: 0})] as const).filter(([, count]) => count > 0), {conservation});
        const evidence = {...base, messages: n, parity: side('candidate', (count) => count.both + count.onlyCandidate), floor: side('twin', (count) => count.both + count.onlyTwin)};
        const paired = counts.map((count, field): PairedField => ({outputKind: '8', path: paths[field] ?? '', compared: n, unpaired: 0, ...count}));
        outcome = judge({...evidence, paired: input.withTriples ? paired : null}, limits, basisOf()).outcome;
      }
      if (outcome === 'fail') failed += 1;
    }
    return failed;
  };
  const size = {runs: DEEP ? 1000 : 60, messages: DEEP ? 5000 : 1000};
  it('fails in at most 1 % of runs with counts per triple', () => { expect(falseFailures({...size, withTriples: true})).toBeLessThanOrEqual(expectedAtMost(size.runs, 0.01)); });
  it('fails in at most 1 % of runs with totals only', () => { expect(falseFailures({...size, withTriples: false})).toBeLessThanOrEqual(expectedAtMost(size.runs, 0.01)); });
});
