import type {HidingPlace, RedactPlan} from '@tandem/contract';

/** What happens to the values of one path: null = kept, else the link group of its tags. */
export type PathDecision = {readonly group: string} | null;

interface Pattern {
  readonly segments: readonly string[];
  readonly group: string | null;
}

/** nodes of one tree; beyond it (data as keys) paths are looked up each time */
const NODES_MAX = 10_000;

/** Decides by path: a field names everything below it, `keep` one place alone. Of several patterns that fit, the first one counts. */
export class PathRules {
  readonly root: PathNode;
  readonly #mode: RedactPlan['mode'];
  readonly #fields: readonly Pattern[];
  readonly #keep: readonly Pattern[];
  /** some pattern names an index, so that elements of an array are not alike */
  readonly #hasIndexes: boolean;
  /** by number of the field in the plan: a value was found there */
  readonly #found: boolean[];
  #nodes = 1;

  constructor(plan: RedactPlan) {
    this.#mode = plan.mode;
    this.#fields = plan.fields.map(({path, group}) => ({segments: segmentsOf(path), group}));
    this.#keep = plan.keep.map((path) => ({segments: segmentsOf(path), group: null}));
    this.#hasIndexes = [...this.#fields, ...this.#keep].some(({segments}) => segments.some((segment) => /^\d+$/u.test(segment)));
    this.#found = plan.fields.map(() => false);
    this.root = new PathNode(this, [], []);
  }

  /**
   * @param path segments of a pointer, or `frame:<n>` alone
   * @param own the names in it, which are the group of what has no other
   */
  decide(path: readonly string[], own: readonly string[] = path): PathDecision {
    const fitting = [...this.#fields.keys()].filter((index) => covers((this.#fields[index] as Pattern).segments, path));
    for (const index of fitting) this.#found[index] = true;
    const field = this.#fields[fitting[0] ?? -1];
    if (this.#mode !== 'listed') return this.#keep.some(({segments}) => fits(segments, path)) ? null : {group: field?.group ?? own.join('/')};
    return field === undefined ? null : {group: field.group ?? own.join('/')};
  }

  /** Fields of the plan, by their number, that no value was found for so far. */
  unfound(): number[] {
    return this.#mode === 'listed' ? [...this.#found.keys()].filter((index) => this.#found[index] === false) : [];
  }

  /** Whether the tree takes one more node. */
  grow(): boolean {
    this.#nodes += 1;
    return this.#nodes <= NODES_MAX;
  }

  elementName(index: number): string {
    return this.#hasIndexes ? String(index) : '0';
  }
}

/** One place in documents, with what is decided about it; documents of a stream are alike, so the tree is small and soon complete. */
export class PathNode implements HidingPlace {
  readonly #rules: PathRules;
  readonly #segments: readonly string[];
  /** segments that are names: neither indexes nor what a codec calls its own */
  readonly #own: readonly string[];
  readonly #children = new Map<string, PathNode>();
  #decision: PathDecision | undefined;

  constructor(rules: PathRules, segments: readonly string[], own: readonly string[]) {
    this.#rules = rules;
    this.#segments = segments;
    this.#own = own;
  }

  /** Looked up for values alone, for it says that there is one. */
  get group(): string | null {
    if (this.#decision === undefined) this.#decision = this.#rules.decide(this.#segments, this.#own);
    return this.#decision?.group ?? null;
  }

  member(key: string): PathNode {
    return this.#child(key, key.startsWith('$') && !key.startsWith('$$') ? this.#own : null);
  }

  element(index: number): PathNode {
    return this.#child(this.#rules.elementName(index), this.#own);
  }

  #child(key: string, own: readonly string[] | null): PathNode {
    // an element and a member of the same name are different places
    const name = own === null ? key : `\0${key}`;
    const known = this.#children.get(name);
    if (known !== undefined) return known;
    const made = new PathNode(this.#rules, [...this.#segments, key], own ?? [...this.#own, key]);
    if (this.#rules.grow()) this.#children.set(name, made);
    return made;
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

/** Whether a pattern fits a path or something above it. */
export function covers(pattern: readonly string[], path: readonly string[]): boolean {
  for (let length = 0; length <= path.length; length += 1) if (fits(pattern, path.slice(0, length))) return true;
  return false;
}

function afterStars(pattern: readonly string[], positions: ReadonlySet<number>): Set<number> {
  const all = new Set(positions);
  for (const index of all) if (pattern[index] === '**') all.add(index + 1);
  return all;
}
