import {parsePointer, scalarText, valueAt} from '../flow/bounded-json/json-pointer.ts';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';
import type {OutputView} from './output-view.ts';

const NAMES_MAX = 1_000_000;

/**
 * Which differences follow from an earlier one: those about something (an order, say) that has differed before. Without pointers
 * the partition stands for everything in it.
 */
export class Lineage {
  readonly #inputPartition: TopLevelScanner;
  readonly #pointers: readonly (readonly string[])[];
  readonly #differed = new Set<string>();

  /** @param pointers into outputs: what they are about. Throws RangeError on a text that is no pointer. */
  constructor(pointers: readonly string[], partition: string) {
    this.#inputPartition = new TopLevelScanner([partition]);
    this.#pointers = pointers.map((pointer) => {
      const segments = parsePointer(pointer);
      if (segments === null) throw new RangeError(`not a JSON pointer: ${pointer}`);
      return segments;
    });
  }

  /** What these outputs are about, within their partition; those that state none belong to the partition of their input, where that is known. */
  namesOf(views: readonly OutputView[], input: Uint8Array | null): readonly string[] {
    const names = new Set<string>();
    for (const {json, partition} of views) {
      let named = false;
      for (const segments of this.#pointers) {
        const text = json === null ? null : scalarText(valueAt(json.root, segments));
        if (text === null || text === '') continue;
        names.add(`=${text}`);
        named = true;
      }
      if (!named && this.#pointers.length === 0) names.add(`@${partition === '' && input !== null ? this.#partitionOf(input) : partition}`);
    }
    return [...names];
  }

  #partitionOf(input: Uint8Array): string {
    this.#inputPartition.find(input);
    return this.#inputPartition.text(0) ?? '';
  }

  /** True when one of them has differed before. */
  follows(names: readonly string[]): boolean {
    return names.some((name) => this.#differed.has(name));
  }

  /** From now on all of them have. */
  differ(names: readonly string[]): void {
    for (const name of names) if (this.#differed.size < NAMES_MAX) this.#differed.add(name);
  }
}
