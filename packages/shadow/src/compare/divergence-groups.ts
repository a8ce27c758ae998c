import type {DifferenceClass, Divergence, DivergenceGroup} from '@tandem/contract';
import {fingerprint} from './fingerprint.ts';

export const EXAMPLES_MAX = 50;
const GROUPS_MAX = 2000;
/** Groups that a title may be compared with. */
const RELATED_MAX = 64;

/** A difference together with what decides its group. */
export interface Grouped {
  readonly divergence: Divergence;
  /** path with `*` for positions in lists */
  readonly general: string;
  readonly shape: string;
}

/** A group without its title. */
export interface OpenGroup {
  readonly fingerprint: string;
  readonly class: DifferenceClass;
  readonly path: string;
  readonly outputKind: string;
  readonly shape: string;
  count: number;
  rootCount: number;
  firstInputSeq: number;
  readonly examples: Divergence[];
}

/** Differences by class, place, kind of output and shape; examples capped, groups capped (the rest shares one group a class). */
export class DivergenceGroups {
  readonly #groups = new Map<string, OpenGroup>();
  readonly #byClass = new Map<DifferenceClass, number>();

  add({divergence, general, shape}: Grouped): void {
    this.#byClass.set(divergence.class, (this.#byClass.get(divergence.class) ?? 0) + 1);
    const group = this.#groupOf(divergence, general, shape);
    group.count += 1;
    if (divergence.root) group.rootCount += 1;
    group.firstInputSeq = Math.min(group.firstInputSeq, divergence.inputSeq);
    if (group.examples.length < EXAMPLES_MAX) group.examples.push(divergence);
  }

  byClass(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byClass].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** Most roots first: what only follows from others comes last. Then the biggest; of equals the one that began first. */
  sorted(title: (group: OpenGroup, all: readonly OpenGroup[]) => string): readonly DivergenceGroup[] {
    const all = [...this.#groups.values()];
    const related = all.toSorted((left, right) => right.count - left.count).slice(0, RELATED_MAX);
    return all
      .toSorted((left, right) => right.rootCount - left.rootCount || right.count - left.count || left.firstInputSeq - right.firstInputSeq || (left.fingerprint < right.fingerprint ? -1 : 1))
      .map((group) => ({
        fingerprint: group.fingerprint, class: group.class, path: group.path, outputKind: group.outputKind, title: title(group, related),
        count: group.count, rootCount: group.rootCount, firstInputSeq: group.firstInputSeq, examples: group.examples,
      }));
  }

  #groupOf(divergence: Divergence, general: string, shape: string): OpenGroup {
    const key = `${divergence.class}\u001f${general}\u001f${divergence.outputKind}\u001f${shape}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size < GROUPS_MAX) return this.#open(key, [divergence.class, general, divergence.outputKind, shape]);
    const spill = `${divergence.class}\u001frest`;
    return this.#groups.get(spill) ?? this.#open(spill, [divergence.class, '/**', '', 'too many groups']);
  }

  #open(key: string, parts: readonly [DifferenceClass, string, string, string]): OpenGroup {
    const [sort, path, outputKind, shape] = parts;
    const group: OpenGroup = {
      fingerprint: fingerprint(parts), class: sort, path, outputKind, shape,
      count: 0, rootCount: 0, firstInputSeq: Number.POSITIVE_INFINITY, examples: [],
    };
    this.#groups.set(key, group);
    return group;
  }
}
