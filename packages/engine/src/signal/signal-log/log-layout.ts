/**
 * A signal log on disk, little-endian throughout:
 *
 *     preamble 16   "TDMSIG1\n", header length u32, 0
 *     header        JSON, padded with blanks to a multiple of 48 octets together with the preamble; head 0 = SHA-256(preamble, header)
 *     block         "BLOK", records u32, index u32, 0 | records × 48 | head 32: head n+1 = SHA-256(head n, frame, records)
 *     seal          "SEAL", 0, blocks u32, 0 | records u64 | SHA-256(last head, these 24 octets)
 *     record 48     event time u64 µs, generation time u64 µs, symbol u64, seq u64, value f64, price f64
 *
 * Nothing in a file is ever written twice. A process that starts again opens the next file, whose header names the head that it follows.
 */
export const MAGIC = 'TDMSIG1\n';
export const PREAMBLE_BYTES = 16;
export const HEADER_BYTES_MAX = 1024 * 1024;
export const RECORD_BYTES = 48;
export const FRAME_BYTES = 16;
export const HEAD_BYTES = 32;
export const SEAL_BYTES = FRAME_BYTES + 8 + HEAD_BYTES;
export const BLOCK_RECORDS_MAX = 256;
export const BLOCK_MARK = 0x4b4f4c42; // "BLOK"
export const SEAL_MARK = 0x4c414553; // "SEAL"

export const EVENT_AT = 0;
export const GENERATED_AT = 8;
export const SYMBOL_AT = 16;
export const SEQ_AT = 24;
export const VALUE_AT = 32;
export const PRICE_AT = 40;

const TWO_32 = 2 ** 32;

/** Writes a whole number below 2^53 as u64 without a BigInt, and without `%`, which for numbers of this size is a loop. */
export const putU64 = (view: DataView, at: number, value: number): void => {
  const high = Math.floor(value / TWO_32);
  view.setUint32(at, value - high * TWO_32, true);
  view.setUint32(at + 4, high, true);
};

/** Reads a u64; above 2^53 the low bits are lost, which no time or count reaches. */
export const getU64 = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32;
