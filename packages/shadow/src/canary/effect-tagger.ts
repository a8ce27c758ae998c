import type {CauseSelector} from '@tandem/contract';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';
import type {TaggedEffect} from '../flow/ownership-output.ts';

const CAUSE = 0;
const PARTITION = 1;
const KIND = 2;
const PARTITION_CHARS_MAX = 200;
const PARTITIONS_MAX = 200_000;

/** Gives a lane's outputs their identity: cause and partition from the payload, ordinal by counting. One for each process of a lane. */
export class EffectTagger {
  readonly #scanner: TopLevelScanner;
  readonly #ordinals = new Map<string, {causeSeq: number; ordinal: number}>();
  untagged = 0;

  constructor(cause: CauseSelector, outputKind: string) {
    this.#scanner = new TopLevelScanner([cause.output, cause.partition, outputKind]);
  }

  /** Null when the payload has no usable cause or partition; counted. */
  tag(payload: Uint8Array): TaggedEffect | null {
    const found = this.#scanner.find(payload);
    const causeSeq = found ? this.#scanner.integer(CAUSE) : -1;
    const partition = found ? this.#scanner.text(PARTITION) ?? '' : '';
    if (causeSeq < 0 || partition.length > PARTITION_CHARS_MAX) return this.#refuse();
    const counter = this.#ordinals.get(partition);
    if (counter === undefined) {
      if (this.#ordinals.size >= PARTITIONS_MAX) return this.#refuse();
      this.#ordinals.set(partition, {causeSeq, ordinal: 0});
    } else {
      counter.ordinal = counter.causeSeq === causeSeq ? counter.ordinal + 1 : 0;
      counter.causeSeq = causeSeq;
    }
    return {partition, causeSeq, ordinal: counter?.ordinal ?? 0, outputKind: this.#scanner.text(KIND) ?? '', payload};
  }

  #refuse(): null {
    this.untagged += 1;
    return null;
  }
}

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
