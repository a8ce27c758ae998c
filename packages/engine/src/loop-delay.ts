const STEP_MS = 10;
const BUCKET_MS = 0.25;
const BUCKETS = 1024;

/**
 * How late the event loop comes to a timer of 10 ms, ms, from now on until `stop`. perf_hooks has the same: its histogram takes 6 MB of memory for
 * precision that nobody reads; this one counts in quarters of a millisecond up to 256 ms and keeps the exact worst.
 */
export class LoopDelay {
  maxMs = 0;
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;
  private lastMs = performance.now();
  private readonly timer = setInterval(() => { this.tick(performance.now()); }, STEP_MS);

  constructor() {
    this.timer.unref();
  }

  private tick(nowMs: number): void {
    const lateMs = Math.max(0, nowMs - this.lastMs - STEP_MS);
    this.lastMs = nowMs;
    if (lateMs > this.maxMs) this.maxMs = lateMs;
    this.counts[Math.min(BUCKETS - 1, Math.floor(lateMs / BUCKET_MS))]!++;
    this.total++;
  }

  /** Upper bound of the quantile's bucket, never above the worst. */
  quantileMs(quantile: number): number {
    let left = this.total * quantile;
    for (let bucket = 0; bucket < BUCKETS - 1; bucket++) {
      left -= this.counts[bucket]!;
      if (left <= 0) return Math.min(this.maxMs, (bucket + 1) * BUCKET_MS);
    }
    return this.maxMs;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
