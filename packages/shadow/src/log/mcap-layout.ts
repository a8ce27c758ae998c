/** The octets of MCAP that this log uses (mcap.dev/spec, version 0). All integers are little endian. */
export const MCAP_MAGIC = Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]);

export const OP = {
  header: 0x01, footer: 0x02, schema: 0x03, channel: 0x04, message: 0x05, chunk: 0x06, messageIndex: 0x07, chunkIndex: 0x08,
  attachment: 0x09, attachmentIndex: 0x0a, statistics: 0x0b, metadata: 0x0c, metadataIndex: 0x0d, summaryOffset: 0x0e, dataEnd: 0x0f,
} as const;

/** opcode and u64 length before every record */
export const RECORD_HEAD = 9;
/** a chunk's record head and fields before its records: start, end, size u64; crc u32; compression text; records length u64 */
export const CHUNK_HEAD = RECORD_HEAD + 8 + 8 + 8 + 4 + 4 + 8;
/** what a chunk's length counts beside its records */
export const CHUNK_FIELDS = CHUNK_HEAD - RECORD_HEAD;
/** a footer: record head, start of summary u64, start of its offsets u64, CRC u32 */
export const FOOTER_SIZE = RECORD_HEAD + 8 + 8 + 4;
/** record head, channel u16, sequence u32, log time u64, publish time u64 */
export const MESSAGE_HEAD = RECORD_HEAD + 2 + 4 + 8 + 8;
/**
 * Head of a message's data: u8 1, u8 parts, u16 identity octets, u32 epoch, u32 seq / 2^32; then a u32 length for each part, the
 * identity (UTF-8), the parts, and a CRC-32 (u32) of the whole record up to it, seeded by its place and stream (messageSeed).
 */
export const DATA_HEAD = 12;
export const DATA_VERSION = 1;
export const CRC_BYTES = 4;
export const IDENTITY_BYTES_MAX = 1024;
/** characters; up to four octets each in the file */
export const STREAM_LENGTH_MAX = 256;
export const STREAMS_MAX = 4096;

const TWO_32 = 0x1_0000_0000;

/** Writes an exact integer below 2^53 as u64. */
export function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, (value / TWO_32) >>> 0, true);
}

/** Reads a u64; above 2^53 the result is not exact and greater than Number.MAX_SAFE_INTEGER, which callers refuse. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32;
}
