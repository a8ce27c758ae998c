const WAIT_MS = 1;

/** When inputs may go: one clock for both lanes, so that a lane that was started again catches up without a pause and then keeps step. */
export class InputPace {
  readonly #perMs: number | null;
  readonly #nowMs: () => number;
  #startMs: number | null = null;
  #first = 0;
  /** no input goes any more */
  ended = false;

  constructor(ratePerSecond: number | null, nowMs: () => number) {
    this.#perMs = ratePerSecond === null ? null : ratePerSecond / 1000;
    this.#nowMs = nowMs;
  }

  /** Waits until the input number `index` (from 0) is due; says how many from there on are. */
  async due(index: number): Promise<number> {
    if (this.#perMs === null) return Infinity;
    // A canary that was taken up again begins where it stood.
    this.#startMs ??= this.#nowMs() - index / this.#perMs;
    for (;;) {
      const ready = Math.floor((this.#nowMs() - this.#startMs) * this.#perMs) + 1 - index;
      if (ready > 0 || this.ended) return Math.max(1, ready);
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }

  /** True for the first lane that comes to this position (from 1). */
  isFirst(position: number): boolean {
    if (position <= this.#first) return false;
    this.#first = position;
    return true;
  }
}
