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

/**
 * A longer input is not fed: its id could not be read, and a program whose socket takes less cuts the connection and loses what stands
 * behind it. It counts as lost with this reason.
 */
export const INPUT_BYTES_MAX = 1024 * 1024;
export const OVERSIZED_INPUT = 'input above 1 MiB';

/** All frames together. */
export const inputBytes = ({payload, frames}: FeedInput): number => (frames === null ? payload.length : frames.reduce((sum, frame) => sum + frame.length, 0));
