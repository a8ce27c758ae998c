import type {LaneName} from '@tandem/contract';

/** One message that a lane sent, as the harness received it. */
export interface LaneOutput {
  readonly lane: LaneName;
  /** position in this lane's outputs, from 0 */
  readonly index: number;
  /** CLOCK_MONOTONIC in ns when the harness took it from the socket */
  readonly tMonoNs: number;
  /** the payload (last frame of a multipart message); owned by the holder */
  readonly payload: Uint8Array;
  /** all frames when there were several, else null */
  readonly frames: readonly Uint8Array[] | null;
}
