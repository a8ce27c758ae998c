/** Flags of a ZMTP 3.x frame. Bits 3 to 7 must be zero, and a command never has more to follow. */
export const FLAG_MORE = 1;
export const FLAG_LONG = 2;
export const FLAG_COMMAND = 4;
export const FLAGS_RESERVED = 0xf8;

export const HEADER_BYTES_MAX = 9;

/** Writes a frame's header; returns its length, 2 or 9. */
export function writeHeader(target: Uint8Array, at: number, sizeBytes: number, flags: number): number {
  if (sizeBytes <= 255) {
    target[at] = flags;
    target[at + 1] = sizeBytes;
    return 2;
  }
  target[at] = flags | FLAG_LONG;
  let rest = sizeBytes;
  for (let octet = at + 8; octet > at; octet--) {
    target[octet] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return HEADER_BYTES_MAX;
}
