import {parsePointer} from '../flow/bounded-json/json-pointer.ts';

/** A rule's path: literal segments, `*` for one, `**` for any number. */
export interface PathPattern {
  readonly segments: readonly string[];
  readonly literals: number;
  readonly anyDepths: number;
}

/** Null when the text is no pointer. */
export function parsePattern(path: string): PathPattern | null {
  const segments = parsePointer(path);
  if (segments === null) return null;
  const anyDepths = segments.filter((segment) => segment === '**').length;
  const wild = segments.filter((segment) => segment === '*').length;
  return {segments, literals: segments.length - anyDepths - wild, anyDepths};
}

/** True when the pattern covers exactly this path. Linear in path times pattern, whatever the stars. */
export function matchesPath(pattern: PathPattern, path: readonly string[]): boolean {
  // reachable[i]: the first i segments of the pattern can match the path so far
  let reachable = [true];
  const {segments} = pattern;
  for (let index = 0; index < segments.length && segments[index] === '**'; index += 1) reachable[index + 1] = true;
  for (const name of path) {
    const next: boolean[] = [];
    for (let index = 0; index < segments.length; index += 1) {
      const segment = segments[index] as string;
      if (segment === '**') next[index + 1] = (reachable[index] ?? false) || (reachable[index + 1] ?? false) || (next[index] ?? false);
      else next[index + 1] = (reachable[index] ?? false) && (segment === '*' || segment === name);
    }
    reachable = next;
  }
  return reachable[segments.length] ?? false;
}

/** Positive when the left pattern says more about a path that both cover: more names, then fewer `**`, then more segments. */
export function moreSpecific(left: PathPattern, right: PathPattern): number {
  return left.literals - right.literals || right.anyDepths - left.anyDepths || left.segments.length - right.segments.length;
}
