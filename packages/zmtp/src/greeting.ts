/** The 64 octets with which each end of a ZMTP connection starts (zeromq/rfc 23 and 37). */
export const GREETING_BYTES = 64;

const AT_SIGNATURE_END = 9;
const AT_MAJOR = 10;
const AT_MECHANISM = 12;
const AT_MECHANISM_END = 32;

/** Signature, version 3.0, mechanism, and whether we are its server. */
export function greeting(mechanism: 'NULL' | 'PLAIN' = 'NULL', isServer = false): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[8] = 0x01;
  bytes[AT_SIGNATURE_END] = 0x7f;
  bytes[AT_MAJOR] = 3;
  bytes.write(mechanism, AT_MECHANISM, 'latin1');
  bytes[AT_MECHANISM_END] = isServer ? 1 : 0;
  return bytes;
}

/**
 * Why the first `filled` octets cannot become a greeting that we accept; null while they can. Asked after every chunk, so that a port scan,
 * a browser or an old peer is out with its first octets and never waits for the rest.
 */
export function greetingRefusal(bytes: Uint8Array, filled: number, mechanism: 'NULL' | 'PLAIN' = 'NULL'): string | null {
  if (filled > 0 && bytes[0] !== 0xff) return 'it does not speak ZMTP 2 or newer';
  if (filled > AT_SIGNATURE_END && ((bytes[AT_SIGNATURE_END] ?? 0) & 1) === 0) return 'it does not speak ZMTP 2 or newer';
  if (filled > AT_MAJOR && (bytes[AT_MAJOR] ?? 0) < 3) return `it speaks ZMTP ${bytes[AT_MAJOR]}, needed is 3`;
  if (filled < AT_MECHANISM_END) return null;
  const text = Buffer.from(bytes.subarray(AT_MECHANISM, AT_MECHANISM_END)).toString('latin1');
  return text === mechanism.padEnd(AT_MECHANISM_END - AT_MECHANISM, '\0') ? null : `it wants another mechanism than ${mechanism}`;
}

/** What the first `filled` octets say about a stream that can only be forwarded: older than ZMTP 3, or no ZMTP at all. Null while they are none of it. */
export function whyOpaque(bytes: Uint8Array, filled: number): 'zmtp1' | 'zmtp2' | null {
  if (filled > 0 && bytes[0] !== 0xff) return 'zmtp1';
  if (filled > AT_SIGNATURE_END && (bytes[AT_SIGNATURE_END]! & 1) === 0) return 'zmtp1';
  return filled > AT_MAJOR && bytes[AT_MAJOR]! < 3 ? 'zmtp2' : null;
}

/** What a whole greeting of ZMTP 3 says. */
export function readGreeting(bytes: Buffer): {readonly mechanism: string; readonly minor: number} {
  const text = bytes.toString('latin1', AT_MECHANISM, AT_MECHANISM_END);
  const end = text.indexOf('\0');
  return {mechanism: end < 0 ? text : text.slice(0, end), minor: bytes[AT_MAJOR + 1]!};
}
