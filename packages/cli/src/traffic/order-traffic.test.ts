import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {demoTraffic} from './demo-traffic.ts';

const digest = (seed: number, orders: number): {hash: string; counts: Record<string, number>; seqs: number[]} => {
  const traffic = demoTraffic({seed, orders});
  const hash = createHash('sha256'), counts: Record<string, number> = {}, seqs: number[] = [];
  for (let text = traffic.next(); text !== null; text = traffic.next()) {
    hash.update(text);
    const kind = /"msgType":"(.)"/.exec(text)?.[1] ?? '?';
    counts[kind] = (counts[kind] ?? 0) + 1;
    const seq = /"msgSeqNum":(\d+)/.exec(text);
    if (seq !== null) seqs.push(Number(seq[1]));
  }
  return {hash: hash.digest('hex'), counts, seqs};
};

describe('order traffic', () => {
  it('is the same for the same seed and another one for another', () => {
    expect(digest(7, 2000).hash).toBe(digest(7, 2000).hash);
    expect(digest(7, 2000).hash).not.toBe(digest(8, 2000).hash);
  });
  it('holds every kind of input, numbered in order', () => {
    const {counts, seqs} = digest(7, 30_000);
    for (const kind of ['D', 'F', 'G', '8', '9', 'W', '0', 'q']) expect(counts[kind], kind).toBeGreaterThan(0);
    expect(counts['D']).toBeGreaterThanOrEqual(30_000);
    const backwards = seqs.filter((seq, at) => at > 0 && seq <= (seqs[at - 1] as number)).length;
    // ticks that repeat an old number on purpose are the only ones
    expect(backwards).toBeLessThan(seqs.length * 0.005);
  });
});
