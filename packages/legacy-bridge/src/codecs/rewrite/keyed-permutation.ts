import type {Hiding} from '@tandem/contract';

const ROUNDS = 10;
const CACHED_MAX = 20_000;
/** what was made for one key; accounts come again and again, and each costs ten digests */
const known = new WeakMap<Hiding, Map<string, Uint8Array>>();

/**
 * Other octets of the same number: a Feistel network over half-octets whose rounds a key and a link group draw, so different ones of a group stay
 * different and equal ones equal.
 */
export function permuted(octets: Uint8Array, group: string, hiding: Hiding): Uint8Array {
  const nibbles = Buffer.from(octets).toString('hex');
  const name = `${group}\0${nibbles}`;
  const made = known.get(hiding) ?? new Map<string, Uint8Array>();
  known.set(hiding, made);
  const before = made.get(name);
  if (before !== undefined) return before;
  const half = octets.length;
  let [left, right] = [nibbles.slice(0, half), nibbles.slice(half)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const mask = Buffer.from(hiding.digest(group, `permutation ${half} ${round} ${right}`)).toString('hex');
    let mixed = '';
    for (let at = 0; at < half; at += 1) mixed += (Number.parseInt(left[at] as string, 16) ^ Number.parseInt(mask[at] as string, 16)).toString(16);
    [left, right] = [right, mixed];
  }
  const result = Uint8Array.from(Buffer.from(left + right, 'hex'));
  if (made.size >= CACHED_MAX) made.clear();
  made.set(name, result);
  return result;
}
