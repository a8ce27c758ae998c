/** How many inputs a lane has answered for, and who waits for that. */
export class Settlement {
  /** inputs sent, and inputs settled */
  sent = 0;
  settled = 0;
  /** log position of the last input sent, and of the last one settled */
  sentSeq = 0;
  settledSeq = 0;
  #ended = false;
  #waiting: {readonly count: number; readonly resolve: () => void}[] = [];

  note(inputSeq: number): void {
    this.sent += 1;
    this.sentSeq = inputSeq;
  }

  /** Settles the first `count` inputs; false when they were settled before. */
  advance(count: number, inputSeq: number): boolean {
    const isNew = count > this.settled;
    this.settled = Math.max(this.settled, count);
    this.settledSeq = Math.max(this.settledSeq, inputSeq);
    this.#wake();
    return isNew;
  }

  /** An output for a later input was seen: positions are consecutive up to gaps, so the distance bounds what is still open. */
  acknowledge(inputSeq: number): void {
    this.advance(this.sent - Math.max(0, this.sentSeq - inputSeq), inputSeq);
  }

  get open(): number {
    return this.sent - this.settled;
  }

  /** Resolves when `count` inputs are settled or nothing more will come. */
  when(count: number): Promise<void> {
    if (this.#ended || this.settled >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({count, resolve}));
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter(({count}) => this.#ended || this.settled >= count);
    this.#waiting = this.#waiting.filter(({count}) => !this.#ended && this.settled < count);
    for (const {resolve} of ready) resolve();
  }
}
