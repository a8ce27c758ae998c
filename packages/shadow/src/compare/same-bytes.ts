import type {LaneOutput} from '../flow/lane-output.ts';

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

type Framed = Pick<LaneOutput, 'frames'>;

/** The frames before the payload (a topic, an envelope) are the same. */
export function sameEnvelope(left: Framed, right: Framed): boolean {
  if (left.frames === null && right.frames === null) return true;
  const [one, other] = [left.frames ?? [], right.frames ?? []];
  const count = Math.max(one.length, 1);
  if (count !== Math.max(other.length, 1)) return false;
  for (let index = 0; index < count - 1; index += 1) {
    if (!sameBytes(one[index] as Uint8Array, other[index] as Uint8Array)) return false;
  }
  return true;
}

/** All frames are the same. */
export function sameMessage(left: Framed & {readonly payload: Uint8Array}, right: Framed & {readonly payload: Uint8Array}): boolean {
  return sameBytes(left.payload, right.payload) && sameEnvelope(left, right);
}
