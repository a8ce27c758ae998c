import type {RedactPlan} from '@tandem/contract';

/** What happens to the values of one path: null = kept, else the link group of its tags. */
export type PathDecision = {readonly group: string} | null;

interface Pattern {
  readonly segments: readonly string[];
  readonly group: string | null;
}

/** nodes of one tree; beyond it (data as keys) paths are looked up each time */
const NODES_MAX = 10_000;

/** Decides by path. Of several patterns that fit, the first one counts. */
export class PathRules {
  readonly root: PathNode;
  readonly #mode: RedactPlan['mode'];
  readonly #fields: readonly Pattern[];
  readonly #keep: readonly Pattern[];
  /** some pattern names an index, so that elements of an array are not alike */
  readonly #hasIndexes: boolean;
  #nodes = 1;

  constructor(plan: RedactPlan) {
    this.#mode = plan.mode;
    this.#fields = plan.fields.map(({path, group}) => ({segments: segmentsOf(path), group}));
    this.#keep = plan.keep.map((path) => ({segments: segmentsOf(path), group: null}));
    this.#hasIndexes = [...this.#fields, ...this.#keep].some(({segments}) => segments.some((segment) => /^\d+$/u.test(segment)));
    this.root = new PathNode(this, []);
  }

  /** @param path segments of a pointer, or `frame:<n>` alone */
  decide(path: readonly string[]): PathDecision {
    return this.#look(path);
  }

  /** Whether the tree takes one more node. */
  grow(): boolean {
    this.#nodes += 1;
    return this.#nodes <= NODES_MAX;
  }

  elementName(index: number): string {
    return this.#hasIndexes ? String(index) : '0';
  }

  #look(path: readonly string[]): PathDecision {
    // what has no other group is joined with its like in other elements of an array: indexes say nothing
    const own = path.map((segment) => (/^\d+$/u.test(segment) ? '*' : segment)).join('/');
    const field = this.#fields.find(({segments}) => fits(segments, path));
    if (this.#mode === 'listed') return field === undefined ? null : {group: field.group ?? own};
    return this.#keep.some(({segments}) => fits(segments, path)) ? null : {group: field?.group ?? own};
  }
}

/** One place in documents, with what is decided about it; documents of a stream are alike, so the tree is small and soon complete. */
export class PathNode {
  readonly #rules: PathRules;
  readonly #segments: readonly string[];
  readonly #children = new Map<string, PathNode>();
  #decision: PathDecision | undefined;

  constructor(rules: PathRules, segments: readonly string[]) {
    this.#rules = rules;
    this.#segments = segments;
  }

  get decision(): PathDecision {
    if (this.#decision === undefined) this.#decision = this.#rules.decide(this.#segments);
    return this.#decision;
  }

  member(key: string): PathNode {
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const made = new PathNode(this.#rules, [...this.#segments, key]);
    if (this.#rules.grow()) this.#children.set(key, made);
    return made;
  }

  element(index: number): PathNode {
    return this.member(this.#rules.elementName(index));
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
