import type {OutputId, Owner} from '@tandem/contract';

/** Whether a lane's process can still answer. `ended`: it will not be started again. */
export type LaneLife = 'up' | 'down' | 'ended';

/**
 * One lane's stream towards the gate. Positions rise by one over all items of a lane and over all its incarnations; the gate
 * acknowledges by position, and what it has not settled is delivered again after either side lost it.
 */
export type RelayItem =
  | {readonly kind: 'output'; readonly lane: Owner; readonly pos: number; readonly incarnation: number} & TaggedEffect
  /** every output of the lane for causes up to `causeSeq` stands before this item */
  | {readonly kind: 'watermark'; readonly lane: Owner; readonly pos: number; readonly causeSeq: number}
  | {readonly kind: 'life'; readonly lane: Owner; readonly pos: number; readonly incarnation: number; readonly life: LaneLife};

/** An output with its identity; `payload` is owned by the holder. */
export interface TaggedEffect extends OutputId {
  readonly outputKind: string;
  readonly payload: Uint8Array;
}

/** Begins a lane's stream, or begins it again: what the gate held of this lane is forgotten and comes again from `pos` on. */
export interface RelayStart {
  readonly lane: Owner;
  readonly pos: number;
  readonly incarnation: number;
  /** digest of what runs: command, arguments, environment */
  readonly attest: string;
  /** highest watermark before `pos` */
  readonly watermark: number;
  /** highest cause of an output before `pos`: such outputs may be gone for good, so no hand-over may reach back to them */
  readonly settledCause: number;
  readonly life: LaneLife;
}

export const OWNERS: readonly Owner[] = ['legacy', 'candidate'];

export function otherOwner(owner: Owner): Owner {
  return owner === 'legacy' ? 'candidate' : 'legacy';
}

/** Order of effects within one partition: by cause, then by ordinal. */
export function isAfter(left: {causeSeq: number; ordinal: number}, right: {causeSeq: number; ordinal: number}): boolean {
  return left.causeSeq > right.causeSeq || (left.causeSeq === right.causeSeq && left.ordinal > right.ordinal);
}
