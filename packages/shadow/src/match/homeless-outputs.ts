import type {LaneOutput} from '../flow/lane-output.ts';
import type {OpenInput} from './open-input.ts';

interface Homeless {
  readonly output: LaneOutput;
  /** the lane's output before this one belonged to this input */
  readonly afterSeq: number;
  /** and the next one to this; null until there is a next one */
  beforeSeq: number | null;
}

const HOMELESS_MAX = 1024;

/**
 * Outputs of one lane that name no cause, kept with their place between the lane's other outputs. When an input of that stretch is
 * settled and this lane has fewer outputs for it than the other, the homeless one is taken as its answer, so that one spoilt message
 * is one finding and not a missing one and a stray one. Settling is in log order, so the result does not depend on timing.
 */
export class HomelessOutputs {
  readonly #waiting: Homeless[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** False when there are too many; the output is then a stray at once. */
  keep(output: LaneOutput, afterSeq: number): boolean {
    if (this.#waiting.length >= HOMELESS_MAX) return false;
    this.#waiting.push({output, afterSeq, beforeSeq: null});
    return true;
  }

  /** The lane's next output that names its cause. */
  followedBy(inputSeq: number): void {
    for (let index = this.#waiting.length - 1; index >= 0; index -= 1) {
      const homeless = this.#waiting[index] as Homeless;
      if (homeless.beforeSeq !== null) return;
      homeless.beforeSeq = inputSeq;
    }
  }

  /** Takes an output in for an input that lacks one; undefined when none fits. */
  adopt(input: OpenInput): LaneOutput | undefined {
    const index = this.#waiting.findIndex((one) => one.afterSeq <= input.inputSeq && (one.beforeSeq === null || input.inputSeq <= one.beforeSeq));
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]?.output;
  }

  /** Those whose stretch lies before the position, so that nobody will take them any more; all of them at Infinity. */
  release(beforeSeq: number): readonly {readonly output: LaneOutput; readonly afterSeq: number}[] {
    const released: Homeless[] = [];
    while (this.#waiting.length > 0) {
      const first = this.#waiting[0] as Homeless;
      if (beforeSeq !== Number.POSITIVE_INFINITY && (first.beforeSeq === null || first.beforeSeq >= beforeSeq)) break;
      released.push(first);
      this.#waiting.shift();
    }
    return released;
  }
}
