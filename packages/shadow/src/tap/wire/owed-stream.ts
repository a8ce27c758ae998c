import {writeGap} from './observation-record.ts';
import type {RingWriter} from './observation-ring.ts';

/** One of the two streams of a tapped input: how far it is, and what of it is not in the ring and not yet stated. */
export class OwedStream {
  readonly index: number;
  /** position of the message that came last */
  seq = 0;
  /** messages that came and are not in the ring, stated or not */
  lost = 0;
  #owed = 0;
  #isUnknown = false;
  #reason = '';

  constructor(index: number) {
    this.index = index;
  }

  /** Messages before the present one that have no place in the ring. */
  owe(count: number, reason: string): void {
    this.seq += count;
    this.#add(count, reason);
  }

  /** The present message itself has none. */
  refuse(reason: string): void {
    this.#add(1, reason);
  }

  /** Nobody knows how many. */
  oweUnknown(reason: string): void {
    this.#isUnknown = true;
    this.#reason = reason;
  }

  /** Writes the gap that ends at `lastSeq`, if one is open. False: there is no room even for that. */
  settle(ring: RingWriter, epoch: number, tMonoNs: number, lastSeq: number): boolean {
    if (this.#owed === 0 && !this.#isUnknown) return true;
    const gap = {stream: this.index, epoch, afterSeq: lastSeq - this.#owed, count: this.#isUnknown ? null : this.#owed, reason: this.#reason, tMonoNs};
    if (!writeGap(ring, gap)) return false;
    this.#owed = 0;
    this.#isUnknown = false;
    return true;
  }

  #add(count: number, reason: string): void {
    this.#owed += count;
    this.#reason = reason;
    this.lost += count;
  }
}
