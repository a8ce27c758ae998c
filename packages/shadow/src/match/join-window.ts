import {heldBytes} from '../flow/lane-output.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {OpenInput} from './open-input.ts';

/** How far apart two lanes may be before the oldest input is given up. */
export interface JoinWindowLimits {
  readonly messagesMax: number;
  /** payload bytes of inputs and outputs that are held */
  readonly bytesMax: number;
}

const COMPACT_AT = 1024;

/** The open inputs in log order, with their size. */
export class JoinWindow {
  readonly #limits: JoinWindowLimits;
  #inputs: OpenInput[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limits: JoinWindowLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#inputs.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get overrun(): boolean {
    return this.size > this.#limits.messagesMax || this.#bytes > this.#limits.bytesMax;
  }

  front(): OpenInput | undefined {
    return this.#inputs[this.#head];
  }

  push(input: OpenInput): void {
    this.#inputs.push(input);
    this.#bytes += input.bytes;
  }

  shift(): OpenInput | undefined {
    const input = this.#inputs[this.#head];
    if (input === undefined) return undefined;
    this.#head += 1;
    this.#bytes -= input.bytes;
    input.left = true;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#inputs.length) {
      this.#inputs = this.#inputs.slice(this.#head);
      this.#head = 0;
    }
    return input;
  }

  /** Adds an output to an input of this window. */
  hold(input: OpenInput, side: 0 | 1, output: LaneOutput): void {
    input.outputs[side].push(output);
    this.#grow(input, heldBytes(output));
  }

  /** Its outputs will not be compared. */
  dropOutputs(input: OpenInput): void {
    for (const outputs of input.outputs) {
      this.#grow(input, -outputs.reduce((bytes, output) => bytes + heldBytes(output), 0));
      outputs.length = 0;
    }
  }

  #grow(input: OpenInput, bytes: number): void {
    input.bytes += bytes;
    this.#bytes += bytes;
  }

  /** Oldest first. */
  *[Symbol.iterator](): IterableIterator<OpenInput> {
    for (let index = this.#head; index < this.#inputs.length; index += 1) yield this.#inputs[index] as OpenInput;
  }
}
