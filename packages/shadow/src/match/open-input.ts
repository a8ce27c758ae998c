import type {LaneOutput} from '../flow/lane-output.ts';

/** An input that at least one lane is not known to be done with. */
export class OpenInput {
  readonly inputSeq: number;
  /** id under which its outputs come; of an input without id of its own, the id that the lanes answer it with */
  readonly cause: string | number;
  readonly payload: Uint8Array | null;
  /** false for the position before the first input, which is no input */
  readonly counted: boolean;
  /** outputs of the two lanes, expected first */
  readonly outputs: [LaneOutput[], LaneOutput[]] = [[], []];
  readonly inverted: [number, number] = [0, 0];
  readonly late: [number, number] = [0, 0];
  /** position of the last input that shares this one's id; itself in sequence mode */
  lastMemberSeq: number;
  bytes: number;
  lostReason: string | null = null;
  waived = false;
  left = false;

  constructor(inputSeq: number, cause: string | number, options: {payload: Uint8Array | null; counted: boolean}) {
    this.inputSeq = inputSeq;
    this.lastMemberSeq = inputSeq;
    this.cause = cause;
    this.payload = options.payload;
    this.counted = options.counted;
    this.bytes = options.payload?.length ?? 0;
  }
}
