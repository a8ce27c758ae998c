import type {CauseSelector} from '@tandem/contract';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';
import type {TaggedEffect} from '../flow/ownership-output.ts';

const CAUSE = 0;
const PARTITION = 1;
const KIND = 2;
const PARTITION_CHARS_MAX = 200;
const PARTITIONS_MAX = 200_000;
const SHOWN_BYTES = 60;

/** The last ordinal of each partition that has an effect of the highest cause. */
export type LatestOrdinals = readonly {readonly partition: string; readonly causeSeq: number; readonly ordinal: number}[];

/** Gives a lane's outputs their identity: cause and partition from the payload, ordinal by counting. One for each process of a lane. */
export class EffectTagger {
  readonly #scanner: TopLevelScanner;
  readonly #names: string;
  readonly #ordinals = new Map<string, {causeSeq: number; ordinal: number}>();
  readonly #latest = new Set<string>();
  #latestCause = -1;
  /** why the latest output has no place among the lane's effects; null when it has one */
  wrong: string | null = null;

  /** `before`: what the state that the process goes on from had been answered with. */
  constructor(cause: CauseSelector, outputKind: string, before: LatestOrdinals = []) {
    this.#scanner = new TopLevelScanner([cause.output, cause.partition, outputKind]);
    this.#names = `${cause.output} or ${cause.partition}`;
    for (const {partition, causeSeq, ordinal} of before) {
      this.#ordinals.set(partition, {causeSeq, ordinal});
      this.#noteLatest(partition, causeSeq);
    }
  }

  /** Null when the payload has no usable cause or partition. `fedCause`: the highest cause that the lane was given. */
  tag(payload: Uint8Array, fedCause: number): TaggedEffect | null {
    this.wrong = null;
    const found = this.#scanner.find(payload);
    const causeSeq = found ? this.#scanner.integer(CAUSE) : -1;
    const partition = found ? this.#scanner.text(PARTITION) ?? '' : '';
    if (causeSeq < 0 || partition.length > PARTITION_CHARS_MAX) return this.#refuse(`no usable ${this.#names} in ${shown(payload)}`);
    const counter = this.#ordinals.get(partition);
    if (causeSeq > fedCause) this.wrong = `an answer to ${causeSeq}, which it was not given, in ${shown(payload)}`;
    else if (counter !== undefined && causeSeq < counter.causeSeq) this.wrong = `an answer to ${causeSeq} behind one to ${counter.causeSeq}, in ${shown(payload)}`;
    if (counter === undefined) {
      if (this.#ordinals.size >= PARTITIONS_MAX) return this.#refuse(`more than ${PARTITIONS_MAX} partitions`);
      this.#ordinals.set(partition, {causeSeq, ordinal: 0});
    } else {
      counter.ordinal = counter.causeSeq === causeSeq ? counter.ordinal + 1 : 0;
      counter.causeSeq = causeSeq;
    }
    this.#noteLatest(partition, causeSeq);
    return {partition, causeSeq, ordinal: counter?.ordinal ?? 0, outputKind: this.#scanner.text(KIND) ?? '', payload};
  }

  get latest(): LatestOrdinals {
    return [...this.#latest].map((partition) => ({partition, causeSeq: this.#latestCause, ordinal: this.#ordinals.get(partition)?.ordinal ?? 0}));
  }

  #noteLatest(partition: string, causeSeq: number): void {
    if (causeSeq < this.#latestCause) return;
    if (causeSeq > this.#latestCause) this.#latest.clear();
    this.#latestCause = causeSeq;
    this.#latest.add(partition);
  }

  #refuse(why: string): null {
    this.wrong = why;
    return null;
  }
}

const shown = (payload: Uint8Array): string => JSON.stringify(Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, SHOWN_BYTES)).toString('latin1'));

/** Reads the cause of inputs: a field of the payload, or the position in the log. */
export class InputCauses {
  readonly #scanner: TopLevelScanner | null;

  constructor(cause: CauseSelector) {
    this.#scanner = cause.input === null ? null : new TopLevelScanner([cause.input]);
  }

  /** -1 when the input has none. */
  causeOf(inputSeq: number, payload: Uint8Array): number {
    if (this.#scanner === null) return inputSeq;
    return this.#scanner.find(payload) ? this.#scanner.integer(0) : -1;
  }
}
