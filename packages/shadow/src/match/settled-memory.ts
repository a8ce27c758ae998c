/** What became of an input that is not open any more. */
export type Fate = 'compared' | 'waived' | 'lost';

interface Remembered {
  readonly inputSeq: number;
  readonly fate: Fate;
  /** left because the window was full, so that its outputs are expected to come late */
  readonly overrun: boolean;
}

/** The last inputs that left the window, by cause, so that an output after the fact is told apart from one without cause. */
export class SettledMemory {
  readonly #causesMax: number;
  readonly #byCause = new Map<string | number, Remembered>();
  readonly #ring: (string | number)[] = [];
  #next = 0;

  constructor(causesMax: number) {
    this.#causesMax = causesMax;
  }

  remember(cause: string | number, what: Remembered): void {
    const evicted = this.#ring[this.#next];
    if (evicted !== undefined && evicted !== cause) this.#byCause.delete(evicted);
    this.#ring[this.#next] = cause;
    this.#next = (this.#next + 1) % this.#causesMax;
    this.#byCause.set(cause, what);
  }

  find(cause: string | number): Remembered | undefined {
    return this.#byCause.get(cause);
  }
}
