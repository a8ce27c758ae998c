import type {LatencyEvidence} from '@tandem/contract';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {widestInterval} from './fixtures/widest-interval.ts';
import {bucketsOf, prepareHistograms} from './histogram-library.ts';
import {createLatencyBook} from './latency-book.ts';
import type {LatencyBookOptions} from './latency-book.ts';

const build = await prepareHistograms();

function bookOf(change: Partial<LatencyBookOptions> = {}) {
  return createLatencyBook({lanes: ['legacy', 'candidate'], build, quantileInterval: widestInterval, ...change});
}

function find(evidence: readonly LatencyEvidence[], lane: string, kind: string): LatencyEvidence {
  const found = evidence.find((entry) => entry.lane === lane && entry.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} of ${lane}`);
  return found;
}

const send = (inputSeq: number, plannedNs: number, sentNs = plannedNs) => ({lane: 'legacy' as const, inputSeq, plannedNs, sentNs});

describe('pairing of sends and outputs', () => {
  it('takes response from the planned time and service from the send', () => {
    const book = bookOf();
    book.sent(send(1, 1000, 1500));
    book.output('legacy', 1, 4000);
    const evidence = book.evidence();
    expect(evidence.map((entry) => [entry.lane, entry.kind])).toEqual([['legacy', 'response'], ['legacy', 'service'], ['candidate', 'response'], ['candidate', 'service']]);
    expect(find(evidence, 'legacy', 'response')).toMatchObject({count: 1, minNs: 3000});
    expect(find(evidence, 'legacy', 'service')).toMatchObject({count: 1, minNs: 2500});
    expect(find(evidence, 'candidate', 'response').count).toBe(0);
    book.destroy();
  });

  it('ends with the first output, or with the last', () => {
    for (const [closes, expectedNs] of [['first', 100], ['last', 700]] as const) {
      const book = bookOf({closes});
      book.sent(send(5, 0));
      for (const tNs of [100, 300, 700]) book.output('legacy', 5, tNs);
      expect(find(book.evidence(), 'legacy', 'response')).toMatchObject({count: 1, minNs: expectedNs});
      expect(book.counts('legacy')).toMatchObject({answered: 1, furtherOutputs: 2});
      book.destroy();
    }
  });

  it('inputs without output are no samples, but counted', () => {
    const book = bookOf();
    for (let seq = 1; seq <= 10; seq++) book.sent(send(seq, seq));
    book.output('legacy', 3, 50);
    expect(book.counts('legacy')).toEqual({sent: 10, answered: 1, unanswered: 9, furtherOutputs: 0, unmatchedOutputs: 0, tooLate: 0});
    expect(find(book.evidence(), 'legacy', 'response').count).toBe(1);
    book.destroy();
  });

  it('forgets beyond its ring, and states answers to the forgotten as invalid samples', () => {
    const book = bookOf({ringInputs: 8});
    for (let seq = 1; seq <= 20; seq++) book.sent(send(seq, seq));
    book.output('legacy', 2, 1000);
    book.output('legacy', 20, 1000);
    expect(book.counts('legacy')).toMatchObject({answered: 1, unmatchedOutputs: 1, tooLate: 1});
    expect(find(book.evidence(), 'legacy', 'response')).toMatchObject({count: 1, invalid: 1});
    book.destroy();
  });

  it('takes any output of a lane without harm', () => {
    const book = bookOf({ringInputs: 8});
    book.sent(send(0, 5));
    for (const seq of [-1, -9, 0.5, Number.NaN, Infinity, 2 ** 53, 8, -0]) book.output('legacy', seq, 10);
    book.output('twin', 1, 10);
    expect(book.counts('legacy')).toMatchObject({answered: 1, unmatchedOutputs: 7});
    book.destroy();
  });

  it('agrees with a map without bound (property)', () => {
    fc.assert(fc.property(fc.array(fc.record({seq: fc.integer({min: 0, max: 40}), output: fc.boolean(), waitNs: fc.integer({min: 0, max: 900})}), {maxLength: 200}), (steps) => {
      const book = bookOf({ringInputs: 64});
      const open = new Map<number, number>();
      const done = new Set<number>();
      const expected: number[] = [];
      let nowNs = 0;
      for (const step of steps) {
        nowNs += step.waitNs;
        if (!step.output && !open.has(step.seq) && !done.has(step.seq)) {
          open.set(step.seq, nowNs);
          book.sent(send(step.seq, nowNs));
        } else if (step.output) {
          const planned = open.get(step.seq);
          if (planned !== undefined) expected.push(nowNs - planned);
          if (open.delete(step.seq)) done.add(step.seq);
          book.output('legacy', step.seq, nowNs);
        }
      }
      const {count, meanNs} = find(book.evidence(), 'legacy', 'response');
      book.destroy();
      expect(count).toBe(expected.length);
      expect(meanNs).toBeCloseTo(expected.length === 0 ? 0 : expected.reduce((sum, value) => sum + value, 0) / expected.length, 6);
    }), {numRuns: 200, seed: 20_261_120});
  });
});

describe('open loop', () => {
  it('a stall of 1 s every 10 s shows at its true percentile', () => {
    // 1,000 inputs a second for 100 s; the system answers in 100 µs, but stands still for the last second of every ten.
    // A tenth of the inputs is planned into a stall: their response times are spread evenly over 0..1 s.
    const book = bookOf({lanes: ['legacy']});
    let sentNs = 0;
    for (let seq = 0; seq < 100_000; seq++) {
      const plannedNs = seq * 1e6;
      const second = Math.floor(plannedNs / 1e9);
      const inStall = second % 10 === 9;
      // The sender shares the stalled thread, as closed-loop generators do: it sends when the stall is over.
      sentNs = inStall ? (second + 1) * 1e9 : plannedNs;
      book.sent(send(seq, plannedNs, sentNs));
      book.output('legacy', seq, sentNs + 100_000);
    }
    const evidence = book.evidence();
    const response = find(evidence, 'legacy', 'response');
    expect((response.quantilesNs['0.5'] ?? 0) / 1e5).toBeCloseTo(1, 2);
    expect((response.quantilesNs['0.95'] ?? 0) / 0.5e9).toBeCloseTo(1, 2);
    expect((response.quantilesNs['0.99'] ?? 0) / 0.9e9).toBeCloseTo(1, 2);
    expect((response.quantilesNs['0.999'] ?? 0) / 0.99e9).toBeCloseTo(1, 2);
    expect(response.maxNs).toBeCloseTo(1e9 + 100_000, -2);
    const above = bucketsOf(response.histogram).filter((bucket) => bucket.lowNs > 200_000).reduce((sum, bucket) => sum + bucket.count, 0);
    expect(above).toBeGreaterThan(9_980);
    expect(above).toBeLessThanOrEqual(10_000);
    // From the send it would not show at all: that is the omission.
    expect((find(evidence, 'legacy', 'service').quantilesNs['0.9999'] ?? 0) / 1e5).toBeCloseTo(1, 2);
    book.destroy();
  });
});
