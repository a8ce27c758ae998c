import {crc32} from 'node:zlib';

/** Above this the native routine wins over the call into it (measured: 240 octets cost 120 ns here, 200 ns there). */
const NATIVE_FROM_BYTES = 1024;

const TABLE = makeTable();

/** Eight tables of 256: slicing-by-8 of the reflected polynomial 0xEDB88320 (the CRC-32 of zlib and MCAP). */
function makeTable(): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let index = 0; index < 256; index += 1) {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
    table[index] = value;
  }
  for (let index = 256; index < table.length; index += 1) {
    const previous = table[index - 256] ?? 0;
    table[index] = (previous >>> 8) ^ (table[previous & 255] ?? 0);
  }
  return table;
}

/** Memory in the two forms that the hot loops need; both cover the same octets. */
export interface Octets {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export function octetsOf(bytes: Buffer): Octets {
  return {bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)};
}

/** CRC-32 of octets `start` to `end`; `seed` is the state to go on from, as u32. */
export function recordCrc(octets: Octets, start: number, end: number, seed: number): number {
  if (end - start >= NATIVE_FROM_BYTES) return crc32(octets.bytes.subarray(start, end), seed >>> 0);
  const {bytes, view} = octets;
  const table = TABLE;
  let crc = ~seed;
  let at = start;
  for (const last = end - 7; at < last; at += 8) {
    const low = view.getInt32(at, true) ^ crc;
    const high = view.getInt32(at + 4, true);
    crc = table[1792 + (low & 255)]! ^ table[1536 + ((low >>> 8) & 255)]! ^ table[1280 + ((low >>> 16) & 255)]! ^ table[1024 + (low >>> 24)]!
      ^ table[768 + (high & 255)]! ^ table[512 + ((high >>> 8) & 255)]! ^ table[256 + ((high >>> 16) & 255)]! ^ table[high >>> 24]!;
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 255]!;
  return ~crc >>> 0;
}
