import type {DifferenceClass, Divergence} from '@tandem/contract';
import {BENIGN_CLASSES} from '@tandem/contract';
import {DivergenceGroups} from './divergence-groups.ts';

const PARTITIONS_MAX = 1_000_000;

/** What is known about a difference before it is booked; `shape` and `general` decide its group. */
export interface Draft {
  readonly class: DifferenceClass;
  readonly shape: string;
  readonly path?: string;
  readonly general?: string;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly rule?: string;
}

/** Where it was seen. */
export interface Place {
  readonly inputSeq: number;
  readonly cause: string;
  readonly partition: string;
  readonly outputKind: string;
  readonly ordinal: number;
}

/** Books differences: the first one of a partition is a root, later ones may follow from it. What is only written otherwise follows from nothing and causes nothing. */
export class DivergenceBook {
  readonly groups = new DivergenceGroups();
  readonly #rooted = new Set<string>();

  add(draft: Draft, place: Place): Divergence {
    const root = !this.#rooted.has(place.partition);
    if (root && !BENIGN_CLASSES.includes(draft.class) && this.#rooted.size < PARTITIONS_MAX) this.#rooted.add(place.partition);
    const path = draft.path ?? '';
    const divergence: Divergence = {class: draft.class, path, ...place, expected: draft.expected, actual: draft.actual, rule: draft.rule ?? 'default', root};
    this.groups.add({divergence, general: draft.general ?? path, shape: draft.shape});
    return divergence;
  }
}
