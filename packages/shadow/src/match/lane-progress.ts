import type {LaneName} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {StrayOutput} from '../flow/stray-output.ts';
import {HomelessOutputs} from './homeless-outputs.ts';
import type {OpenInput} from './open-input.ts';
import {OrderWatch} from './order-watch.ts';

/** What the matcher saw of one lane. */
export interface LaneTally {
  readonly outputs: number;
  /** everything up to this position in the log has been dealt with; -1 before any */
  readonly doneSeq: number;
  /** outputs that came after one for a later input of the same partition */
  readonly inversions: number;
  /** outputs for inputs that had been settled or given up */
  readonly late: number;
  readonly unknownCause: number;
  /** outputs that name no cause */
  readonly unreadable: number;
  /** outputs for inputs that were given up because a lane ended, or that were waived */
  readonly outputsOfLost: number;
  /** watermarks that named an input nobody had sent */
  readonly badWatermarks: number;
}

/** How far one lane is, and what came from it. */
export class LaneProgress {
  readonly name: LaneName;
  /** its done position follows from its outputs: an output for an input settles all inputs before */
  readonly inOrder: boolean;
  /** everything up to this position in the log has been dealt with and its outputs have arrived */
  doneSeq = -1;
  /** why it answers no more; null while it lives */
  endedReason: string | null = null;
  /** input of its latest output */
  latestSeq = 0;
  outputs = 0;
  outputsOfLost = 0;
  late = 0;
  unknownCause = 0;
  unreadable = 0;
  badWatermarks = 0;
  readonly order = new OrderWatch();
  readonly homeless = new HomelessOutputs();

  constructor(name: LaneName, inOrder: boolean) {
    this.name = name;
    this.inOrder = inOrder;
  }

  /** Position up to which nothing is awaited from it: everything, once it has ended. */
  get awaitedThrough(): number {
    return this.endedReason === null ? this.doneSeq : Number.POSITIVE_INFINITY;
  }

  /** Fills the input's outputs up to `wanted` with outputs that name no cause and came where this one would have stood. */
  adoptInto(input: OpenInput, own: LaneOutput[], wanted: number): void {
    while (own.length < wanted) {
      const output = this.homeless.adopt(input);
      if (output === undefined) return;
      this.unreadable += 1;
      own.push(output);
      own.sort((left, right) => left.index - right.index);
    }
  }

  /** Outputs without cause that no input before the position took. */
  unclaimed(beforeSeq: number): readonly StrayOutput[] {
    return this.homeless.release(beforeSeq).map(({output, afterSeq}) => {
      this.unreadable += 1;
      return {kind: 'unreadable', output, cause: '', inputSeq: afterSeq};
    });
  }

  tally(): LaneTally {
    const {outputs, doneSeq, late, unknownCause, unreadable, outputsOfLost, badWatermarks, order} = this;
    return {outputs, doneSeq, late, unknownCause, unreadable, outputsOfLost, badWatermarks, inversions: order.inversions};
  }
}
