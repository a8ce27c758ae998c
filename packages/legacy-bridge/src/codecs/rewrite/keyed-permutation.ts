const ROUNDS = 10;

/**
 * Other octets of the same number: a Feistel network whose rounds `draw` keys, so different ones stay different and equal ones equal. An odd number
 * of half-octets is no concern: halves are half-octets.
 * @param draw 32 octets that depend on the text and on a key
 */
export function permuted(octets: Uint8Array, draw: (text: string) => Uint8Array): Uint8Array {
  const nibbles = Buffer.from(octets).toString('hex');
  const half = nibbles.length / 2;
  let [left, right] = [nibbles.slice(0, half), nibbles.slice(half)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const mask = Buffer.from(draw(`permutation ${octets.length} ${round} ${right}`)).toString('hex');
    let mixed = '';
    for (let at = 0; at < half; at += 1) mixed += (Number.parseInt(left[at] as string, 16) ^ Number.parseInt(mask[at] as string, 16)).toString(16);
    [left, right] = [right, mixed];
  }
  return Uint8Array.from(Buffer.from(left + right, 'hex'));
}
