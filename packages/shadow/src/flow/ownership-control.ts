import type {CanaryStage, Owner} from '@tandem/contract';

/** What one partition looks like from outside. */
export interface PartitionView {
  readonly partition: string;
  /** owner by the latest record, whether or not its reign has begun */
  readonly owner: Owner;
  readonly released: number;
  /** a hand-over is written but the former owner's outputs are not all released */
  readonly handingOver: boolean;
}

/** `offered = released + deduped + suppressed + fenced + sum(dropped) + inFlight`, in outputs, exact at every moment (I12). */
export interface GateAccounts {
  readonly offered: number;
  readonly released: number;
  readonly deduped: number;
  readonly suppressed: number;
  readonly fenced: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly inFlight: number;
}

/** The gate's answer to `status`. */
export interface GateView {
  readonly session: number;
  readonly epoch: number;
  readonly stage: CanaryStage;
  readonly share: number;
  readonly planHash: string;
  readonly killed: KillMode | null;
  readonly journalWritable: boolean;
  readonly halted: readonly {readonly partition: string; readonly reason: string}[];
  readonly partitions: readonly PartitionView[];
  readonly accounts: GateAccounts;
  readonly releasedBy: Readonly<Record<Owner, number>>;
  /** released by legacy in the place of a candidate that cannot finish */
  readonly filled: number;
  readonly watermarks: Readonly<Record<Owner, number>>;
  /** hand-overs finished since start, and how long the new owner's first output waited, ms */
  readonly holds: {readonly count: number; readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number};
}

/** `legacy`: everything back to legacy. `halt`: nothing leaves any more. */
export type KillMode = 'legacy' | 'halt';

/** A change of ownership, all of it or nothing of it. */
export interface ProposeRequest {
  readonly kind: 'propose';
  /** the same nonce gives the same answer and is carried out once */
  readonly nonce: string;
  /** compare-and-set: the journal's epoch that the proposer saw */
  readonly expectedEpoch: number;
  readonly stage: CanaryStage;
  readonly share: number;
  readonly moves: readonly {readonly partition: string; readonly owner: Owner}[];
  readonly evidenceHash: string;
  readonly planHash: string;
  readonly actor: string;
  readonly reason: string;
}

export type ControlRequest = {readonly kind: 'status'} | ProposeRequest | {readonly kind: 'kill'; readonly mode: KillMode; readonly actor: string};

export type ProposeAnswer =
  | {readonly kind: 'accepted'; readonly epoch: number; readonly moved: number}
  /** `winner`: who wrote the epoch that stands now */
  | {readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string; readonly epoch: number; readonly winner: string};

export type RefusalCode = 'epoch' | 'plan' | 'evidence' | 'killed' | 'journal' | 'partition' | 'lane' | 'halted' | 'request';

export type ControlAnswer =
  | {readonly kind: 'status'; readonly view: GateView}
  | ProposeAnswer
  /** `candidateEffects`: all that ever left of the candidate, it grows no more; `unconfirmed`: those of them that the downstream has not confirmed yet */
  | {readonly kind: 'killed'; readonly mode: KillMode; readonly tookMs: number; readonly candidateEffects: number; readonly unconfirmed: number};
