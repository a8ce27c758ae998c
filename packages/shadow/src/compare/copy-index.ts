import type {OutputView} from './output-view.ts';
import {sameMessage} from './same-bytes.ts';

/** Finds outputs that are byte for byte another one of the same list. */
export class CopyIndex {
  readonly #byHash = new Map<number, OutputView[]>();

  constructor(views: readonly OutputView[]) {
    for (const view of views) {
      const hash = hashOf(view.payload);
      const known = this.#byHash.get(hash);
      if (known === undefined) this.#byHash.set(hash, [view]);
      else known.push(view);
    }
  }

  hasCopy(view: OutputView): boolean {
    return this.#byHash.get(hashOf(view.payload))?.some((other) => other !== view && sameMessage(other, view)) ?? false;
  }
}

function hashOf(bytes: Uint8Array): number {
  let hash = bytes.length;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
