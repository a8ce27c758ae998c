const SLOTS = 1024;
const CACHED_BYTES_MAX = 40;

/**
 * Turns short ASCII byte ranges into strings and gives the same instance for the same bytes while it remembers them: accounts,
 * message types and symbols repeat. One entry a slot, the newest wins.
 */
export class TextCache {
  readonly #slots: string[] = new Array<string>(SLOTS).fill('');

  text(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length > CACHED_BYTES_MAX) return ascii(bytes, from, to);
    let hash = length;
    for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const known = this.#slots[slot] as string;
    if (known.length === length && same(known, bytes, from)) return known;
    const text = ascii(bytes, from, to);
    this.#slots[slot] = text;
    return text;
  }
}

function same(text: string, bytes: Uint8Array, from: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  }
  return true;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}
