/** Something that happens at a time; ties keep the order of insertion. */
interface Entry<T> {
  readonly atUs: number;
  readonly order: number;
  readonly value: T;
}

/** Binary heap by (time, order of insertion). */
export class EventHeap<T> {
  readonly #entries: Entry<T>[] = [];
  #inserted = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** time of the earliest entry in µs, Infinity when empty */
  get nextUs(): number {
    return this.#entries[0]?.atUs ?? Infinity;
  }

  peek(): T | undefined {
    return this.#entries[0]?.value;
  }

  push(atUs: number, value: T): void {
    const entry = {atUs, order: this.#inserted, value};
    this.#inserted += 1;
    const heap = this.#entries;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent] as Entry<T>)) break;
      heap[at] = heap[parent] as Entry<T>;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): T | undefined {
    const heap = this.#entries;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1] as Entry<T>, heap[child] as Entry<T>)) child += 1;
        if (!before(heap[child] as Entry<T>, last)) break;
        heap[at] = heap[child] as Entry<T>;
        at = child;
      }
      heap[at] = last;
    }
    return first.value;
  }
}

const before = <T>(left: Entry<T>, right: Entry<T>): boolean => left.atUs < right.atUs || (left.atUs === right.atUs && left.order < right.order);
