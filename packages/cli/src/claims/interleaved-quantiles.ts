/** One way of a run in which all ways took turns message by message: its delays, ns, block by block. Blocks of the same index were measured in the same moments. */
export type DelayBlocks = readonly (readonly number[])[];

/** A figure and an interval that is to hold it in 95 of 100 runs. */
export interface Estimate {
  readonly value: number;
  /** -Infinity and Infinity when there are too few blocks to say anything */
  readonly low: number;
  readonly high: number;
}

/** Quantiles of several ways, as measured and as they would have been with other blocks. */
export interface ResampledQuantiles {
  /** ns, by way */
  readonly measured: readonly number[];
  /** a row a draw, by way: every way of a row from the same blocks */
  readonly draws: readonly (readonly number[])[];
  readonly blocks: number;
}

/** Fewer blocks are no sample of moments. */
const BLOCKS_MIN = 20;
const DRAWS = 2000;
const MISS = 0.05;

/**
 * Draws whole blocks with their return, the same ones for all ways: messages of neighbouring moments are not independent, and what hit all ways in a moment
 * stays together. Deterministic by seed.
 */
export const resampleQuantiles = (ways: readonly DelayBlocks[], share: number, seed: number): ResampledQuantiles => {
  const blocks = Math.min(...ways.map(({length}) => length));
  const sorted = ways.map(sortedWithBlocks);
  if (blocks >= BLOCKS_LIMIT) throw new RangeError(`${blocks} blocks`);
  const once = new Uint16Array(blocks).fill(1);
  const next = random(seed);
  const draws = Array.from({length: blocks < BLOCKS_MIN ? 0 : DRAWS}, () => {
    const times = new Uint16Array(blocks);
    for (let at = 0; at < blocks; at += 1) times[Math.floor(next() * blocks)]! += 1;
    return sorted.map((way) => weightedQuantile(way, times, share));
  });
  return {measured: sorted.map((way) => weightedQuantile(way, once, share)), draws, blocks};
};

/** What is made of the quantiles, and how far it may be off by the choice of moments. `of` gets a quantile a way, ns. */
export const estimate = ({measured, draws, blocks}: ResampledQuantiles, of: (quantiles: readonly number[]) => number): Estimate => {
  const value = of(measured);
  if (draws.length === 0) return {value, low: -Infinity, high: Infinity};
  const drawn = draws.map(of).sort((a, b) => a - b);
  const at = (share: number): number => drawn[Math.min(drawn.length - 1, Math.max(0, Math.round(share * (drawn.length - 1))))] as number;
  // the spread of what is drawn from few blocks is a little less than that of blocks
  const widen = Math.sqrt(blocks / (blocks - 1)) * (1 + 1 / blocks);
  const centre = at(0.5);
  return {value, low: centre - (centre - at(MISS / 2)) * widen, high: centre + (at(1 - MISS / 2) - centre) * widen};
};

interface SortedDelays {
  readonly ns: Float64Array;
  /** the block of each */
  readonly block: Uint16Array;
  /** how many each block has */
  readonly counts: readonly number[];
}

/** numbers of blocks are below it */
const BLOCKS_LIMIT = 2 ** 12;

const sortedWithBlocks = (way: DelayBlocks): SortedDelays => {
  // delay and block in one number, exact below half an hour: numbers are sorted at once, objects are not
  const keys = Float64Array.from(way.flatMap((delays, block) => delays.map((ns) => Math.round(ns) * BLOCKS_LIMIT + block))).sort();
  return {ns: keys.map((key) => Math.floor(key / BLOCKS_LIMIT)), block: Uint16Array.from(keys, (key) => key % BLOCKS_LIMIT), counts: way.map(({length}) => length)};
};

/** The lowest delay that at least `share` of all are not above, each block counted so many times. */
const weightedQuantile = ({ns, block, counts}: SortedDelays, times: Uint16Array, share: number): number => {
  const total = counts.reduce((sum, count, at) => sum + count * (times[at] ?? 0), 0);
  // from the nearer end
  if (share > 0.5) {
    let above = Math.floor(total * (1 - share) + 1e-6);
    for (let at = ns.length - 1; at >= 0; at -= 1) {
      above -= times[block[at]!]!;
      if (above < 0) return ns[at]!;
    }
    return Number.NaN;
  }
  let below = Math.ceil(total * share - 1e-6);
  for (let at = 0; at < ns.length; at += 1) {
    below -= times[block[at]!]!;
    if (below <= 0) return ns[at]!;
  }
  return Number.NaN;
};

/** mulberry32 */
const random = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};
