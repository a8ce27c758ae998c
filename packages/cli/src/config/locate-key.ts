/**
 * The line on which a key path stands in a config's source text, 1-based, or null. A reader's search, not a parser: keys are looked up
 * one after the other, each after the place of its parent.
 */
export const locateKey = (sourceText: string, path: readonly (string | number)[]): number | null => {
  let from = 0;
  let found: number | null = null;
  for (const segment of path) {
    if (typeof segment === 'number') continue;
    const name = segment.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    const match = new RegExp(`(^|[\\s{,(])(['"\`]?)${name}\\2\\s*[:,}]`, 'm').exec(sourceText.slice(from));
    if (match === null) break;
    from += match.index + match[0].length;
    found = sourceText.slice(0, from - 1).split('\n').length;
  }
  return found;
};
