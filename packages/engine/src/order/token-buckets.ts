/** One message, in micro-tokens. */
export const TOKEN = 1_000_000;
/** A bucket that was idle longer is refilled as if for this long, microseconds: keeps every product exact. */
const IDLE_US_MAX = 1_000_000_000;

/**
 * Token buckets in integers: capacity in messages, rate in messages per second = micro-tokens per microsecond.
 * A bucket is full at its first use; `last` -1 tells that it was never used.
 */
export class TokenBuckets {
  declare readonly tokens: Float64Array;
  declare readonly last: Float64Array;
  private declare readonly capacity: Float64Array;
  private declare readonly perSecond: Float64Array;

  constructor(limits: readonly {readonly capacity: number; readonly perSecond: number}[]) {
    this.capacity = Float64Array.from(limits, ({capacity}) => capacity * TOKEN);
    this.perSecond = Float64Array.from(limits, ({perSecond}) => perSecond);
    this.tokens = new Float64Array(limits.length);
    this.last = new Float64Array(limits.length).fill(-1);
  }

  /** Brings the bucket up to `numbers[at]`, microseconds, which never goes back. */
  refill(bucket: number, numbers: Float64Array, at: number): void {
    const now = numbers[at]!;
    const last = this.last[bucket]!;
    const full = this.capacity[bucket]!;
    this.last[bucket] = now;
    if (last < 0) {
      this.tokens[bucket] = full;
      return;
    }
    const idle = now - last;
    const tokens = this.tokens[bucket]! + (idle < IDLE_US_MAX ? idle : IDLE_US_MAX) * this.perSecond[bucket]!;
    this.tokens[bucket] = tokens < full ? tokens : full;
  }

  hasToken(bucket: number): boolean {
    return this.tokens[bucket]! >= TOKEN;
  }

  /** Takes one token if there is one. */
  take(bucket: number): void {
    if (this.tokens[bucket]! >= TOKEN) this.tokens[bucket]! -= TOKEN;
  }
}
