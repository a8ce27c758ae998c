/** Limb size. Every amount that is added is smaller, so one addition never leaves the exact doubles. */
const LIMB = 2 ** 52;

/**
 * Sums of integers without an upper bound: value = high * 2^52 + low, |low| < 2^52. As long as `high` is 0, `low` is the value and
 * checks stay in doubles; a sum that has left this range is compared as BigInt (rare: it takes fills far beyond every limit).
 */
export class WideSums {
  declare readonly low: Float64Array;
  declare readonly high: Float64Array;

  constructor(count: number) {
    this.low = new Float64Array(count);
    this.high = new Float64Array(count);
  }

  /** Adds an integer with |amount| <= 2^52, read from `at` of `numbers`, `sign` times. */
  add(index: number, numbers: Float64Array, at: number, sign: 1 | -1): void {
    let low = this.low[index]! + sign * numbers[at]!;
    if (low >= LIMB) {
      low -= LIMB;
      this.high[index]! += 1;
    } else if (low <= -LIMB) {
      low += LIMB;
      this.high[index]! -= 1;
    }
    this.low[index] = low;
  }

  isWide(index: number): boolean {
    return this.high[index] !== 0;
  }

  /** Exact, for checks on wide sums and for the state hash. */
  value(index: number): bigint {
    return BigInt(this.high[index]!) * BigInt(LIMB) + BigInt(this.low[index]!);
  }
}
