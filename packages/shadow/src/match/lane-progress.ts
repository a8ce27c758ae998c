import type {LaneName} from '@tandem/contract';
import {HomelessOutputs} from './homeless-outputs.ts';
import {OrderWatch} from './order-watch.ts';

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
  /** outputs for inputs that were given up because a lane ended, or that were waived */
  outputsOfLost = 0;
  late = 0;
  unknownCause = 0;
  unreadable = 0;
  /** watermarks that named an input nobody had sent */
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
}
