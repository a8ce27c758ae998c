/** Polynomial of IEEE 802.3, reflected. */
const POLYNOMIAL = 0xedb88320;
const SLICES = 8;

/** table[slice * 256 + octet]: what the octet does to the remainder `slice` octets later */
const table = new Int32Array(SLICES * 256);
for (let octet = 0; octet < 256; octet++) {
  let remainder = octet;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) !== 0 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  table[octet] = remainder;
}
for (let i = 256; i < table.length; i++) table[i] = (table[i - 256]! >>> 8) ^ table[table[i - 256]! & 0xff]!;

/**
 * CRC-32 as zlib computes it, eight octets a step, of `start` to `end`, continuing from the CRC of what stands before.
 * @returns signed; compare with `getInt32`
 */
export const crc32 = (view: DataView, start: number, end: number, before: number): number => {
  let crc = ~before;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc = table[7 * 256 + (low & 0xff)]! ^ table[6 * 256 + ((low >>> 8) & 0xff)]! ^ table[5 * 256 + ((low >>> 16) & 0xff)]! ^ table[4 * 256 + (low >>> 24)]!
      ^ table[3 * 256 + (high & 0xff)]! ^ table[2 * 256 + ((high >>> 8) & 0xff)]! ^ table[256 + ((high >>> 16) & 0xff)]! ^ table[high >>> 24]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ view.getUint8(at)) & 0xff]!;
  return ~crc;
};
