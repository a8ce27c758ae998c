import type {LaneOutput} from './lane-output.ts';

/** An output that belongs to no input that is still open. */
export interface StrayOutput {
  /**
   * `unknown-cause`: no input has that id. `late`: the input had left the join window, or both lanes were done with it.
   * `unreadable`: the payload cannot be decoded and names no cause.
   */
  readonly kind: 'unknown-cause' | 'late' | 'unreadable';
  readonly output: LaneOutput;
  /** cause id as the output states it; `` when it states none */
  readonly cause: string;
  /** position in the log of the input that it names, or where the lane stood when it came */
  readonly inputSeq: number;
}
