const doubles = new Float64Array(1);
const bits = new BigInt64Array(doubles.buffer);
const singles = new Float32Array(1);
const singleBits = new Int32Array(singles.buffer);

/** The largest double below x; x must be finite or +Infinity. */
export const nextDown = (x: number): number => {
  if (x === 0) return -Number.MIN_VALUE;
  doubles[0] = x;
  bits[0] = (bits[0] ?? 0n) + (x > 0 ? -1n : 1n);
  return doubles[0];
};

export const nextUp = (x: number): number => -nextDown(-x);

/** The largest float32 below x, which is a float32 above -Infinity. */
export const nextDownSingle = (x: number): number => {
  singles[0] = x === 0 ? 0 : x;
  singleBits[0] = x === 0 ? -0x7fffffff : (singleBits[0] ?? 0) + (x > 0 ? -1 : 1);
  return singles[0];
};

export const nextUpSingle = (x: number): number => -nextDownSingle(-x);

/** half the distance from the largest float32 to where the next one would be */
const BEYOND_SINGLE = 2 ** 103;

/**
 * The double T with `fround(x) < t` exactly where `x <= T`, so that a float32 rule needs no rounding of the row: T lies where rounding turns from the
 * float below t to t itself. null for t = -Infinity, below which there is nothing.
 */
export const singleSplit = (t: number): number | null => {
  if (t === -Infinity) return null;
  const below = nextDownSingle(t);
  const middle = t === Infinity ? below + BEYOND_SINGLE : below === -Infinity ? t - BEYOND_SINGLE : (below + t) / 2;
  return Math.fround(middle) < t ? middle : nextDown(middle);
};
