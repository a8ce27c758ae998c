/** State digests of the two lanes, brought together by the position at which they were taken. */
const WAITING_MAX = 4096;

export interface DigestMismatch {
  readonly afterSeq: number;
  readonly expected: string;
  readonly actual: string;
}

export class StateDigests {
  equal = 0;
  unequal = 0;
  firstUnequalSeq: number | null = null;
  /** digests whose other half never came in time */
  dropped = 0;
  readonly #waiting: readonly [Map<number, string>, Map<number, string>] = [new Map(), new Map()];

  /** `side` 0 is the expected lane. Null while the other half is awaited, or when both are equal. */
  add(side: 0 | 1, afterSeq: number, text: string): DigestMismatch | null {
    const other = this.#waiting[side === 0 ? 1 : 0];
    const partner = other.get(afterSeq);
    if (partner === undefined) {
      this.#keep(this.#waiting[side], afterSeq, text);
      return null;
    }
    other.delete(afterSeq);
    if (partner === text) {
      this.equal += 1;
      return null;
    }
    this.unequal += 1;
    this.firstUnequalSeq = Math.min(this.firstUnequalSeq ?? afterSeq, afterSeq);
    return {afterSeq, expected: side === 0 ? text : partner, actual: side === 0 ? partner : text};
  }

  #keep(waiting: Map<number, string>, afterSeq: number, text: string): void {
    waiting.set(afterSeq, text);
    if (waiting.size <= WAITING_MAX) return;
    this.dropped += 1;
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest);
      return;
    }
  }
}
