import type {LaneName} from '@tandem/contract';
import type {LaneOutput} from './lane-output.ts';

/** An input with which two lanes are done: what both answered, in order of arrival. The unit that compare judges. */
export interface SettledCause {
  readonly inputSeq: number;
  /** cause id as text: the sequence number or the key */
  readonly cause: string;
  /** the input's payload; null for the position before the first input */
  readonly input: Uint8Array | null;
  readonly expected: readonly LaneOutput[];
  readonly actual: readonly LaneOutput[];
  /** lanes that answered after they had been declared done with this input, with the number of such outputs */
  readonly late: Readonly<Partial<Record<LaneName, number>>>;
  /** lanes that answered a later input of the same partition first, with the number of outputs that came after it */
  readonly inverted: Readonly<Partial<Record<LaneName, number>>>;
}
