import type {Owner} from '@tandem/contract';

/** An output that the gate has but has not released: it waits for its turn, or for the owner's counterpart. */
export interface Held {
  readonly lane: Owner;
  readonly pos: number;
  readonly causeSeq: number;
  readonly ordinal: number;
  readonly hash: string;
  readonly outputKind: string;
  readonly payload: Uint8Array;
  readonly heldSinceMs: number;
}

/** One lane's held outputs of one partition, in order of (cause, ordinal). */
export class HeldQueue {
  #items: (Held | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  first(): Held | undefined {
    return this.#items[this.#head];
  }

  last(): Held | undefined {
    return this.length === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  push(held: Held): void {
    this.#items.push(held);
  }

  shift(): Held | undefined {
    const held = this.#items[this.#head];
    if (held === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= 64 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return held;
  }

  /** The member with this identity; binary search, since the order is strict. */
  find(causeSeq: number, ordinal: number): Held | undefined {
    let low = this.#head;
    let high = this.#items.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const held = this.#items[middle] as Held;
      if (held.causeSeq === causeSeq && held.ordinal === ordinal) return held;
      if (held.causeSeq < causeSeq || (held.causeSeq === causeSeq && held.ordinal < ordinal)) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  clear(): Held[] {
    const items = this.#items.slice(this.#head) as Held[];
    this.#items = [];
    this.#head = 0;
    return items;
  }
}
