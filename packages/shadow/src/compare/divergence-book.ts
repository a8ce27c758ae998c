import type {DifferenceClass, Divergence} from '@tandem/contract';
import {BENIGN_CLASSES} from '@tandem/contract';
import {DivergenceGroups} from './divergence-groups.ts';
import {fieldKey} from './field-key.ts';

const NONE: readonly string[] = [];

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
  /** it is about something that has differed before */
  readonly follows: boolean;
}

/** Books differences: the first one about something is a root, later ones may follow from it. What is only written otherwise follows from nothing and causes nothing. */
export class DivergenceBook {
  readonly groups = new DivergenceGroups();
  #rootSeq = -1;
  roots = 0;
  /** differences that are more than another way of writing */
  differing = 0;
  readonly #fields = new Set<string>();

  /** Kind and general path of what differed since the last call, other ways of writing left out; see `fieldKey`. */
  takeFields(): readonly string[] {
    if (this.#fields.size === 0) return NONE;
    const taken = [...this.#fields];
    this.#fields.clear();
    return taken;
  }

  add(draft: Draft, {follows, ...place}: Place): Divergence {
    const benign = BENIGN_CLASSES.includes(draft.class);
    if (!benign) {
      this.differing += 1;
      this.#fields.add(fieldKey(place.outputKind, draft.general ?? draft.path ?? ''));
    }
    const root = !benign && !follows && place.inputSeq !== this.#rootSeq;
    if (root) {
      this.#rootSeq = place.inputSeq;
      this.roots += 1;
    }
    const path = draft.path ?? '';
    const divergence: Divergence = {class: draft.class, path, ...place, expected: draft.expected, actual: draft.actual, rule: draft.rule ?? 'default', root};
    this.groups.add({divergence, general: draft.general ?? path, shape: draft.shape});
    return divergence;
  }
}
