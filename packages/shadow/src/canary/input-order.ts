import {createHash} from 'node:crypto';
import type {CauseSelector} from '@tandem/contract';
import {InputCauses} from './effect-tagger.ts';

/** What a live input is by its number. `missing`: numbers that were left out right before it. */
export interface Admission {
  /** `repeated`: the same octets came under this number before; `behind`: its number is not above those before, and it is no repetition */
  readonly kind: 'new' | 'repeated' | 'behind';
  readonly missing: number;
}

/** inputs that are remembered to know a repetition again */
const REMEMBERED = 65_536;
const NEW: Admission = {kind: 'new', missing: 0};
const REPEATED: Admission = {kind: 'repeated', missing: 0};
const BEHIND: Admission = {kind: 'behind', missing: 0};

/**
 * Ownership is a function of the input's number. A producer that comes back may say again what it had said, which was answered already; numbers that
 * are left out show what it lost. An input whose number cannot be read, or stands for another, takes the place of one that is left out.
 */
export class InputOrder {
  readonly #causes: InputCauses;
  readonly #isNumbered: boolean;
  readonly #digests = new Map<number, string>();
  /** inputs since the last new number that used none of their own */
  #unnumbered = 0;
  /** highest number so far, -1 before the first */
  last = -1;
  repeated = 0;
  behind = 0;

  constructor(cause: CauseSelector) {
    this.#causes = new InputCauses(cause);
    this.#isNumbered = cause.input !== null;
  }

  admit(payload: Uint8Array): Admission {
    if (!this.#isNumbered) return NEW;
    const number = this.#causes.causeOf(0, payload);
    if (number < 0) {
      this.#unnumbered += 1;
      return NEW;
    }
    if (number <= this.last) return this.noteRepeated(payload) ? REPEATED : this.#noteBehind();
    const missing = this.last < 0 ? 0 : Math.max(0, number - this.last - 1 - this.#unnumbered);
    this.#unnumbered = 0;
    this.last = number;
    this.#remember(number, payload);
    return missing === 0 ? NEW : {kind: 'new', missing};
  }

  /** The same octets were admitted under this number before; counts it. */
  noteRepeated(payload: Uint8Array): boolean {
    if (!this.#isNumbered) return false;
    const number = this.#causes.causeOf(0, payload);
    const isRepeated = number >= 0 && number <= this.last && this.#digests.get(number) === digestOf(payload);
    if (isRepeated) this.repeated += 1;
    return isRepeated;
  }

  #noteBehind(): Admission {
    this.behind += 1;
    this.#unnumbered += 1;
    return BEHIND;
  }

  #remember(number: number, payload: Uint8Array): void {
    this.#digests.set(number, digestOf(payload));
    if (this.#digests.size <= REMEMBERED) return;
    const [oldest] = this.#digests.keys();
    if (oldest !== undefined) this.#digests.delete(oldest);
  }
}

const digestOf = (payload: Uint8Array): string => createHash('sha1').update(payload).digest('base64');
