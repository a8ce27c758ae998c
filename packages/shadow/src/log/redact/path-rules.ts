import type {RedactPlan} from '@tandem/contract';

/** What happens to the values of one path: null = kept, else the link group of its tags. */
export type PathDecision = {readonly group: string} | null;

interface Pattern {
  readonly segments: readonly string[];
  readonly group: string | null;
}

const CACHED_MAX = 10_000;

/** Decides by path, each path once. Of several patterns that fit, the first one counts. */
export class PathRules {
  readonly #mode: RedactPlan['mode'];
  readonly #fields: readonly Pattern[];
  readonly #keep: readonly Pattern[];
  readonly #known = new Map<string, PathDecision>();

  constructor(plan: RedactPlan) {
    this.#mode = plan.mode;
    this.#fields = plan.fields.map(({path, group}) => ({segments: segmentsOf(path), group}));
    this.#keep = plan.keep.map((path) => ({segments: segmentsOf(path), group: null}));
  }

  /** @param path segments of a pointer, or `frame:<n>` alone */
  decide(path: readonly string[]): PathDecision {
    const key = path.join('/');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const decision = this.#look(path);
    if (this.#known.size < CACHED_MAX) this.#known.set(key, decision);
    return decision;
  }

  #look(path: readonly string[]): PathDecision {
    // what has no other group is joined with its like in other elements of an array: indexes say nothing
    const own = path.map((segment) => (/^\d+$/u.test(segment) ? '*' : segment)).join('/');
    const field = this.#fields.find(({segments}) => fits(segments, path));
    if (this.#mode === 'listed') return field === undefined ? null : {group: field.group ?? own};
    return this.#keep.some(({segments}) => fits(segments, path)) ? null : {group: field?.group ?? own};
  }
}

function segmentsOf(pattern: string): readonly string[] {
  if (!pattern.startsWith('/')) return [pattern];
  return pattern.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `**` stands for any number of segments, none included. Linear in practice: patterns are short. */
export function fits(pattern: readonly string[], path: readonly string[]): boolean {
  // the set of pattern positions that the path so far can have led to
  let at = afterStars(pattern, new Set([0]));
  for (const segment of path) {
    const next = new Set<number>();
    for (const index of at) {
      if (pattern[index] === '**') next.add(index);
      else if (pattern[index] === '*' || pattern[index] === segment) next.add(index + 1);
    }
    at = afterStars(pattern, next);
  }
  return at.has(pattern.length);
}

function afterStars(pattern: readonly string[], positions: ReadonlySet<number>): Set<number> {
  const all = new Set(positions);
  for (const index of all) if (pattern[index] === '**') all.add(index + 1);
  return all;
}
