/** One input on its way to the lanes: the same object serves every lane, so nobody may change it. */
export interface FeedInput {
  /** position in the log, rising, from 1 */
  readonly inputSeq: number;
  /** when the tap saw it, CLOCK_MONOTONIC ns of that recording; the base of a `recorded` schedule */
  readonly recordedNs: number;
  readonly payload: Uint8Array;
  /** all frames when there were several, else null */
  readonly frames: readonly Uint8Array[] | null;
}
