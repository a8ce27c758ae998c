import type {LaneName} from '@tandem/contract';

/** When one input went to one lane. `plannedNs` is the schedule's time, `sentNs` the moment of the send call; CLOCK_MONOTONIC. */
export interface SentInput {
  readonly lane: LaneName;
  readonly inputSeq: number;
  readonly plannedNs: number;
  readonly sentNs: number;
}
