const OPEN = -1;

/** A need for a record instead of an intent, as a number that no intent has. */
export function recordNeed(record: number): number {
  return -2 - record;
}

/** What is on disk: the last confirmed intent and the last record. */
export interface Durable {
  readonly intent: number;
  readonly record: number;
}

/**
 * Which positions of a lane's stream are dealt with for good. A position is finished when its output was released or dropped,
 * and settled when everything that this rests on is on disk: the sender may forget it only then.
 */
export class SettleTrack {
  #base: number;
  #needs: number[] = [];
  #head = 0;

  /** `next`: the first position that is to come */
  constructor(next: number) {
    this.#base = next;
  }

  /** the next position to be delivered */
  get next(): number {
    return this.#base + this.#needs.length;
  }

  /** all positions up to this one are settled */
  get settled(): number {
    return this.#base + this.#head - 1;
  }

  get openCount(): number {
    return this.#needs.length - this.#head;
  }

  arrive(): void {
    this.#needs.push(OPEN);
  }

  /** `need`: the intent whose confirmation must be on disk, or the `recordNeed`, before this position counts as settled; 0 for none */
  finish(pos: number, need: number): void {
    const index = pos - this.#base;
    if (index < this.#head || index >= this.#needs.length) return;
    this.#needs[index] = need;
  }

  /** Moves on over finished positions whose need is met; true when it moved. */
  advance(durable: Durable): boolean {
    const before = this.#head;
    while (this.#head < this.#needs.length) {
      const need = this.#needs[this.#head] as number;
      if (need === OPEN || (need >= 0 ? need > durable.intent : -2 - need > durable.record)) break;
      this.#head += 1;
    }
    if (this.#head >= 1024 && this.#head * 2 >= this.#needs.length) {
      this.#needs = this.#needs.slice(this.#head);
      this.#base += this.#head;
      this.#head = 0;
      return true;
    }
    return this.#head !== before;
  }
}
