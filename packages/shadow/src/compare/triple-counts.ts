import type {PairedField} from '@tandem/contract';
import {partsOfFieldKey} from './field-key.ts';

type Side = 'candidate' | 'twin';

interface Answered {
  readonly inputSeq: number;
  /** fields that differ from the legacy, by `fieldKey` */
  readonly fields: readonly string[];
}

interface Counts {
  onlyCandidate: number;
  onlyTwin: number;
  both: number;
  unpaired: number;
}

const FIELDS_MAX = 4096;

/**
 * Joins the two comparisons of the legacy, with its twin and with the candidate, input by input. Each side says in log order what it
 * compared; an input that only one of them could compare is no triple. What waits for the other side is bounded by how far a lane may lead.
 */
export class TripleCounts {
  readonly #waiting: Readonly<Record<Side, Queue>> = {candidate: new Queue(), twin: new Queue()};
  readonly #counts = new Map<string, Counts>();

  answered(side: Side, inputSeq: number, fields: readonly string[]): void {
    this.#waiting[side].push({inputSeq, fields});
    this.#join();
  }

  /** Differences outside of a settled input (an answer that came too late, say): nobody can say what the third lane did there. */
  stray(side: Side, fields: readonly string[]): void {
    for (const field of fields) this.#add(field, side === 'twin' ? 'onlyTwin' : 'onlyCandidate');
  }

  /** No more will come: what one side alone has compared stays without its third answer. */
  finish(): void {
    this.#join();
    for (let one = this.#waiting.candidate.shift(); one !== undefined; one = this.#waiting.candidate.shift()) this.#alone(one);
  }

  /** @param census how often each field of legacy and twin was put side by side, by `fieldKey` */
  evidence(census: ReadonlyMap<string, number>): readonly PairedField[] {
    return [...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, counts]) => ({...partsOfFieldKey(key), compared: census.get(key) ?? 0, ...counts}));
  }

  #join(): void {
    const {candidate, twin} = this.#waiting;
    for (;;) {
      const [left, right] = [candidate.front(), twin.front()];
      if (left === undefined || right === undefined) return;
      if (left.inputSeq <= right.inputSeq) candidate.shift();
      if (right.inputSeq <= left.inputSeq) twin.shift();
      if (left.inputSeq < right.inputSeq) this.#alone(left);
      else if (left.inputSeq === right.inputSeq) this.#triple(left.fields, right.fields);
    }
  }

  #triple(candidate: readonly string[], twin: readonly string[]): void {
    for (const field of candidate) this.#add(field, twin.includes(field) ? 'both' : 'onlyCandidate');
    for (const field of twin) if (!candidate.includes(field)) this.#add(field, 'onlyTwin');
  }

  #alone({fields}: Answered): void {
    for (const field of fields) this.#add(field, 'unpaired');
  }

  #add(field: string, which: keyof Counts): void {
    let counts = this.#counts.get(field);
    if (counts === undefined) {
      if (this.#counts.size >= FIELDS_MAX) return;
      this.#counts.set(field, counts = {onlyCandidate: 0, onlyTwin: 0, both: 0, unpaired: 0});
    }
    counts[which] += 1;
  }
}

/** First in, first out, without moving what is in it at every step. */
class Queue {
  #items: Answered[] = [];
  #from = 0;

  push(item: Answered): void {
    this.#items.push(item);
  }

  front(): Answered | undefined {
    return this.#items[this.#from];
  }

  shift(): Answered | undefined {
    const item = this.#items[this.#from];
    if (item === undefined) return undefined;
    this.#from += 1;
    if (this.#from > 1024 && this.#from * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#from);
      this.#from = 0;
    }
    return item;
  }
}
