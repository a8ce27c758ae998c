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
  /** what a codec made of it; absent: the payload is the JSON text itself */
  readonly decoded?: DecodedOutput;
}

/** A message that is no JSON text on the wire. */
export interface DecodedOutput {
  /** null: it could not be read, so only its octets can be compared */
  readonly text: Uint8Array | null;
  /** the text covers all frames, not only the payload */
  readonly coversFrames: boolean;
}

const NOTHING = new Uint8Array(0);

/** The JSON text of an output; empty when there is none. */
export const textOfOutput = ({payload, decoded}: LaneOutput): Uint8Array => (decoded === undefined ? payload : decoded.text ?? NOTHING);

/** Octets that it keeps in memory. */
export const heldBytes = ({payload, decoded}: LaneOutput): number => payload.length + (decoded?.text?.length ?? 0);
