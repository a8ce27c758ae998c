const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Octets as Z85 (ZeroMQ RFC 32): four become five characters. Their number must be divisible by four. */
export const z85 = (octets: Uint8Array): string => {
  if (octets.length % 4 !== 0) throw new RangeError(`${octets.length} octets`);
  let text = '';
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  for (let at = 0; at < octets.length; at += 4) {
    const value = view.getUint32(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) text += ALPHABET[Math.floor(value / power) % 85];
  }
  return text;
};
