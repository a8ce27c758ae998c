import type {CauseSelector} from '@tandem/contract';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';

/** What an input says about itself. */
export interface InputCause {
  /** its own id; null when it has none that can be read */
  readonly id: string | number | null;
  /** the message as a whole is well formed, so the lanes will have read the same id */
  readonly certain: boolean;
}

/** Reads cause ids out of inputs and outputs, as the migration's selector says. */
export class CauseReader {
  /** ids are numbers: sequence numbers or positions in the log */
  readonly numeric: boolean;
  /** ids are written in the inputs, not positions */
  readonly stated: boolean;
  /** partition of the output read last; `` when it has none */
  partition = '';
  readonly #inputs: TopLevelScanner | null;
  readonly #outputs: TopLevelScanner;

  constructor(selector: CauseSelector) {
    this.numeric = selector.kind === 'sequence' || selector.input === null;
    this.stated = selector.input !== null;
    this.#inputs = selector.input === null ? null : new TopLevelScanner([selector.input]);
    this.#outputs = new TopLevelScanner([selector.output, selector.partition]);
  }

  input(inputSeq: number, payload: Uint8Array): InputCause {
    if (this.#inputs === null) return {id: inputSeq, certain: true};
    const certain = this.#inputs.check(payload);
    if (!this.numeric) return {id: this.#inputs.text(0), certain};
    const number = this.#inputs.integer(0);
    return {id: number < 0 ? null : number, certain};
  }

  /** The cause id that an output states, null when it states none that can be read; also sets `partition`. */
  output(payload: Uint8Array): string | number | null {
    this.#outputs.find(payload);
    this.partition = this.#outputs.text(1) ?? '';
    if (!this.numeric) return this.#outputs.text(0);
    const number = this.#outputs.integer(0);
    return number < 0 ? null : number;
  }

  /** The id as text, for records about it. */
  static textOf(id: string | number | null): string {
    return id === null ? '' : String(id);
  }
}

