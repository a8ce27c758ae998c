import type {LaneName} from '@tandem/contract';
import type {LaneOutput} from './lane-output.ts';

/** An input with which two lanes are done: what both answered, in order of arrival. The unit that compare judges. */
export interface SettledCause {
  readonly inputSeq: number;
  /** cause id as text: the sequence number or the key */
  readonly cause: string;
  readonly expected: readonly LaneOutput[];
  readonly actual: readonly LaneOutput[];
  /** lanes whose answer came after they were settled (beyond the join window), with the number of such outputs */
  readonly late: Readonly<Partial<Record<LaneName, number>>>;
}
