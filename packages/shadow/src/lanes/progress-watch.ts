/** What the watch looks at, once a tick. */
export interface ProgressSample {
  readonly nowNs: number;
  /** inputs sent and not settled */
  readonly open: number;
  readonly settled: number;
  readonly outputs: number;
}

/**
 * Tells when a lane hangs: inputs wait and for the limit neither a watermark nor an output came, or for five times the limit
 * outputs came but no watermark. Time in which the harness itself stood still does not count against the lane.
 */
export class ProgressWatch {
  readonly #limitNs: number;
  readonly #tickNsMax: number;
  #last: ProgressSample | null = null;
  #silentNs = 0;
  #unsettledNs = 0;

  constructor(limitMs: number, tickMs: number) {
    this.#limitNs = limitMs * 1e6;
    this.#tickNsMax = 2 * tickMs * 1e6;
  }

  /** Null: alive. Else what was seen. */
  look(sample: ProgressSample): string | null {
    const last = this.#last;
    this.#last = sample;
    if (last === null || sample.open === 0 || last.open === 0) {
      this.#silentNs = 0;
      this.#unsettledNs = 0;
      return null;
    }
    const elapsedNs = Math.min(sample.nowNs - last.nowNs, this.#tickNsMax);
    const isSettling = sample.settled !== last.settled;
    this.#unsettledNs = isSettling ? 0 : this.#unsettledNs + elapsedNs;
    this.#silentNs = isSettling || sample.outputs !== last.outputs ? 0 : this.#silentNs + elapsedNs;
    if (this.#silentNs >= this.#limitNs) return `${sample.open} inputs wait, and for ${Math.round(this.#silentNs / 1e6)} ms it sent nothing`;
    if (this.#unsettledNs >= 5 * this.#limitNs) {
      return `${sample.open} inputs wait, and for ${Math.round(this.#unsettledNs / 1e6)} ms no test request was answered although outputs came`;
    }
    return null;
  }
}
