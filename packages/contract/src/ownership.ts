import type {LaneName} from './lane-spec.ts';

/** Who may own the effect of an input. */
export type Owner = Extract<LaneName, 'legacy' | 'candidate'>;

/** One durable change of owner. From `fromSeq` on, causes of the partition belong to `owner`. */
export interface OwnershipRecord {
  readonly partition: string;
  /** strictly rising over the whole journal, never reused */
  readonly epoch: number;
  readonly fromSeq: number;
  readonly owner: Owner;
  readonly evidenceHash: string;
  readonly planHash: string;
  readonly actor: string;
}

/** Identity of an effect: which input of which partition, and which of its outputs. */
export interface OutputId {
  readonly partition: string;
  readonly causeSeq: number;
  readonly ordinal: number;
}

export type CanaryStage = 'SHADOW' | 'CANARY' | 'PROMOTING' | 'PRIMARY' | 'ROLLING_BACK' | 'HALTED';
