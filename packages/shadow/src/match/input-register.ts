import {TandemError} from '@tandem/contract';
import type {CauseReader} from './cause-reader.ts';
import type {JoinWindow} from './join-window.ts';
import {OpenInput} from './open-input.ts';

/**
 * Which open input an output's cause id means.
 *
 * In sequence mode an input whose id cannot be read is answered under the id of the last readable one before it, so that one cannot be
 * closed when a lane is done with it, but only when a lane is done with the next input that surely has an id of its own.
 */
export class InputRegister {
  /** position of the input that came last */
  lastSeq = 0;
  readonly #reader: CauseReader;
  readonly #window: JoinWindow;
  readonly #byCause = new Map<string | number, OpenInput>();
  /** positions of the inputs that surely have an id of their own, oldest first, those below the closed one dropped */
  #heads: number[] = [];
  #headAt = 0;
  #closedBefore = Number.NEGATIVE_INFINITY;
  /** highest id of an input that is well formed: what a spoilt one says about itself raises nothing */
  #highestId = 0;
  #started = false;

  constructor(reader: CauseReader, window: JoinWindow) {
    this.#reader = reader;
    this.#window = window;
  }

  add(inputSeq: number, payload: Uint8Array): OpenInput {
    if (this.#started && inputSeq <= this.lastSeq) {
      throw new TandemError({id: 'TDM-E902', kind: 'invariant', what: `Input ${String(inputSeq)} was handed to the matcher after input ${String(this.lastSeq)}.`});
    }
    if (!this.#started) this.#start(inputSeq);
    this.lastSeq = inputSeq;
    const {id, certain} = this.#reader.input(inputSeq, payload);
    const open = {payload, counted: true};
    if (!this.#reader.numeric) return this.#addKeyed(new OpenInput(inputSeq, id ?? '', open), id);
    const input = new OpenInput(inputSeq, id ?? this.#highestId, open);
    const known = this.#byCause.get(input.cause);
    if (typeof id !== 'number' || known !== undefined || (this.#reader.stated && id <= this.#highestId)) {
      // answered under an id that another input has; that one stays open until this one is done with
      if (known !== undefined) known.lastMemberSeq = inputSeq;
      if (certain && typeof id === 'number') this.#highestId = Math.max(this.#highestId, id);
      this.#window.push(input);
      return input;
    }
    if (certain) this.#highestId = id;
    if (certain && this.#reader.stated) this.#heads.push(inputSeq);
    return this.#register(input);
  }

  find(cause: string | number): OpenInput | undefined {
    return this.#byCause.get(cause);
  }

  /** True when no input so far can have had this id. In key mode that is not known: true. */
  neverSeen(cause: string | number): boolean {
    return typeof cause !== 'number' || cause > this.#highestId;
  }

  /** The input left the window; true when outputs could name it. */
  forget(input: OpenInput): boolean {
    if (this.#heads[this.#headAt] === input.inputSeq) this.#headAt += 1;
    this.#dropOldHeads();
    return this.#byCause.get(input.cause) === input && this.#byCause.delete(input.cause);
  }

  /** Position up to which inputs can get no further outputs when both lanes are done with everything through `doneSeq`. */
  closedThrough(doneSeq: number): number {
    if (!this.#reader.stated || !this.#reader.numeric) return doneSeq;
    while (this.#headAt < this.#heads.length && (this.#heads[this.#headAt] as number) <= doneSeq) {
      this.#closedBefore = this.#heads[this.#headAt] as number;
      this.#headAt += 1;
    }
    this.#dropOldHeads();
    return this.#closedBefore - 1;
  }

  /** Some input after this one and up to `doneSeq` surely has its own id, so a lane done with that should not answer this one. */
  headBetween(input: OpenInput, doneSeq: number): boolean {
    if (!this.#reader.stated || !this.#reader.numeric) return true;
    return this.#closedBefore > input.inputSeq || this.#heads.some((head) => head > input.inputSeq && head <= doneSeq);
  }

  #dropOldHeads(): void {
    if (this.#headAt < 1024) return;
    this.#heads = this.#heads.slice(this.#headAt);
    this.#headAt = 0;
  }

  /** What the lanes answer before the first input has an id belongs to a position of its own. */
  #start(inputSeq: number): void {
    this.#started = true;
    if (!this.#reader.stated || !this.#reader.numeric) return;
    this.#register(new OpenInput(inputSeq - 1, 0, {payload: null, counted: false}));
  }

  #addKeyed(input: OpenInput, id: string | number | null): OpenInput {
    const head = id === null ? undefined : this.#byCause.get(id);
    if (head !== undefined) head.lastMemberSeq = input.inputSeq;
    if (head !== undefined || id === null) {
      this.#window.push(input);
      return input;
    }
    return this.#register(input);
  }

  #register(input: OpenInput): OpenInput {
    this.#byCause.set(input.cause, input);
    this.#window.push(input);
    return input;
  }
}
