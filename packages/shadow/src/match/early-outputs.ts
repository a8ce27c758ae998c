import type {LaneOutput} from '../flow/lane-output.ts';

interface Early {
  readonly output: LaneOutput;
  readonly side: 0 | 1;
  readonly cause: string | number;
  /** position of the last input that was known when it came */
  readonly cameAfterSeq: number;
}

/** Most outputs that wait at a time. */
const EARLY_MAX = 4096;

/**
 * Outputs that came before their input: where a lane is only observed, its outputs and the inputs are tapped on different ways. They
 * wait for the next few inputs; without any wait allowed, nothing is kept.
 */
export class EarlyOutputs {
  readonly #inputsMax: number;
  #waiting: Early[] = [];

  constructor(inputsMax: number) {
    this.#inputsMax = inputsMax;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** False when it cannot wait. */
  keep(early: Early): boolean {
    if (this.#inputsMax === 0 || this.#waiting.length >= EARLY_MAX) return false;
    this.#waiting.push(early);
    return true;
  }

  /** Those that this input was awaited by, in order of arrival. */
  claim(cause: string | number): readonly Early[] {
    const claimed = this.#waiting.filter((early) => early.cause === cause);
    if (claimed.length > 0) this.#waiting = this.#waiting.filter((early) => early.cause !== cause);
    return claimed;
  }

  /** Those that have waited for long enough; all of them at Infinity. */
  release(lastSeq: number): readonly Early[] {
    const released: Early[] = [];
    while (this.#waiting.length > 0 && (this.#waiting[0] as Early).cameAfterSeq + this.#inputsMax < lastSeq) released.push(this.#waiting.shift() as Early);
    return released;
  }
}
