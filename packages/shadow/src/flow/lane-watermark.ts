import type {LaneName} from '@tandem/contract';

/** A lane is done with every input up to and including `inputSeq`; all outputs they caused were delivered before this. */
export interface LaneWatermark {
  readonly lane: LaneName;
  /** position in the log of the last input sent before the barrier; 0 when none was */
  readonly inputSeq: number;
  /** what the lane itself says was its last sequence number; null when it was settled by silence */
  readonly refSeq: number | null;
  /** digest of the lane's state at exactly this position; null when it was not asked for */
  readonly stateHash: string | null;
  readonly tMonoNs: number;
  /** how it was settled */
  readonly by: 'barrier' | 'silence' | 'recording';
  /** id of the test request that was answered; a snapshot of the lane bears the same one. Only where `by` is `barrier` */
  readonly testReqId?: string;
}
