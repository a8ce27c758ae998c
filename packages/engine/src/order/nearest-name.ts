/** Edits (insert, delete, replace) between two short texts. */
const distance = (a: string, b: string): number => {
  let row = Array.from({length: b.length + 1}, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
};

/** The name that the writer most likely meant, null when none is close. Looks at the first 64 characters only. */
export const nearestName = (written: string, names: readonly string[]): string | null => {
  const short = written.slice(0, 64);
  let best: string | null = null;
  let bestDistance = Math.max(3, Math.ceil(short.length / 2));
  for (const name of names) {
    const edits = distance(short.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) {
      best = name;
      bestDistance = edits;
    }
  }
  return best;
};
