/** The candidate closest to `name` (Damerau–Levenshtein, at most a third of its length away), or null. Names are cut at 80 characters. */
export const nearestName = (name: string, candidates: readonly string[]): string | null => {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(Math.min(name.length, 80) / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.slice(0, 80).toLowerCase(), candidate.slice(0, 80).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};

const editDistance = (left: string, right: string): number => {
  const rows = Array.from({length: left.length + 1}, (_, i) => Array.from({length: right.length + 1}, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  const at = (i: number, j: number): number => (rows[i] as number[])[j] as number;
  for (let i = 1; i <= left.length; i += 1) {
    for (let j = 1; j <= right.length; j += 1) {
      let cost = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) cost = Math.min(cost, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = cost;
    }
  }
  return at(left.length, right.length);
};
