const SUB_BITS = 5;
const SUB = 1 << SUB_BITS;
const OCTAVES = 42;

/**
 * Counts delays in buckets at most 3 % wide, from 0 to 2^42 ns (73 minutes), in fixed memory. For the sender's own precision;
 * the latency of lanes is measured elsewhere, with a full histogram.
 */
export class DelayCounts {
  readonly #buckets = new Uint32Array(OCTAVES * SUB);
  count = 0;
  maxNs = 0;

  /** Early counts as 0: a send that came before its time is exact for our purpose. */
  add(delayNs: number): void {
    const value = Math.min(Math.max(0, delayNs), 2 ** 42 - 1);
    const index = bucketOf(value);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.count += 1;
    if (value > this.maxNs) this.maxNs = value;
  }

  /** Upper edge of the bucket that holds the quantile; 0 when nothing was counted. */
  quantileNs(quantile: number): number {
    const rank = Math.ceil(quantile * this.count);
    let seen = 0;
    for (const [index, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= rank && seen > 0) return Math.min(this.maxNs, upperEdge(index));
    }
    return this.maxNs;
  }
}

function bucketOf(value: number): number {
  const whole = Math.floor(value);
  if (whole < SUB) return whole;
  const octave = Math.floor(Math.log2(whole)) - SUB_BITS;
  return (octave + 1) * SUB + Math.floor(whole / 2 ** octave) - SUB;
}

function upperEdge(index: number): number {
  if (index < SUB) return index;
  const octave = Math.floor(index / SUB) - 1;
  return (index % SUB + SUB + 1) * 2 ** octave - 1;
}
