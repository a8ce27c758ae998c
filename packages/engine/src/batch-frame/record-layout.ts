/** docs/batch-frame.md section 1, in octets from the start of a record. */
export const HEADER_BYTES = 32;
export const AT_MAGIC = 0;
export const AT_KIND = 2;
export const AT_FLAGS = 3;
export const AT_LENGTH = 4;
export const AT_SEQ = 8;
export const AT_MONO = 16;
export const AT_SOURCE = 24;
export const AT_CRC = 28;

/** octet 0 is 0x54, octet 1 the version */
export const MAGIC = 0x0154;
export const PAYLOAD_BYTES_MAX = 512;
export const RECORDS_MAX = 64;
/** Longest frame that a well-behaved sender makes. */
export const FRAME_BYTES_MAX = RECORDS_MAX * (HEADER_BYTES + PAYLOAD_BYTES_MAX);

/** a name stands behind the payload: of the account or the target, of the symbol */
export const FLAG_ACCOUNT_NAME = 1;
export const FLAG_SYMBOL_NAME = 2;
/** in the place of a position in the rulebook: by name */
export const BY_NAME = 0xffff;
/** outputs carry the msgType with this bit */
export const OUTPUT_BIT = 0x80;
export const KIND_TRAILER = 0x54;
export const TRAILER_BYTES = 32;

export const ID_FIELD_BYTES = 40;
export const ID_TEXT_BYTES = 36;
export const DEC_FIELD_BYTES = 12;

const TWO_32 = 0x1_0000_0000;

/** Octets of a payload with its padding. */
export const padded = (length: number): number => (length + 7) & ~7;

/** Reads a u64 as a double: exact up to 2^53, larger ones come out larger than every sequence and every time. */
export const readU64 = (view: DataView, at: number, to: Float64Array, place: number): void => {
  to[place] = view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
};

/** Writes an integer 0..2^53-1 that stands at `from[place]`. */
export const writeU64 = (view: DataView, at: number, from: Float64Array, place: number): void => {
  const value = from[place]!;
  if (value < TWO_32) {
    view.setUint32(at, value, true);
    view.setUint32(at + 4, 0, true);
    return;
  }
  const high = Math.floor(value / TWO_32);
  view.setUint32(at, value - high * TWO_32, true);
  view.setUint32(at + 4, high, true);
};
