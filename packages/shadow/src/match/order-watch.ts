const PARTITIONS_MAX = 262_144;

/** Counts the outputs of one lane that come after an output of a later input of the same partition. */
export class OrderWatch {
  inversions = 0;
  /** partitions that were not watched because there are too many */
  unwatched = 0;
  readonly #latest = new Map<string, number>();

  /** True when this output is out of order. */
  note(partition: string, inputSeq: number): boolean {
    const latest = this.#latest.get(partition);
    if (latest !== undefined && inputSeq < latest) {
      this.inversions += 1;
      return true;
    }
    if (latest === inputSeq) return false;
    if (latest === undefined && this.#latest.size >= PARTITIONS_MAX) {
      this.unwatched += 1;
      return false;
    }
    this.#latest.set(partition, inputSeq);
    return false;
  }
}
