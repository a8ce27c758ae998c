import {createHmac} from 'node:crypto';

const CACHED_MAX = 20_000;
/** base64url characters of a tag: 132 bits */
const TAG_CHARS = 22;
/** so that a person and a detector see what it is */
export const TAG_PREFIX = 'red_';
const TAG = /^red_[A-Za-z0-9_-]{22}$/u;

/**
 * Tags for values: HMAC-SHA-256 of link group and value. Without the key nobody can tell a value from its tag, or try values out; equal
 * values of one group have equal tags, and how often a value occurs remains visible.
 */
export class TagMaker {
  readonly #key: Uint8Array;
  readonly #known = new Map<string, string>();

  /** @param key 32 random octets */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError(`a key has 32 octets, not ${key.length}`);
    this.#key = key;
  }

  tag(group: string, canonicalText: string): string {
    // what was redacted before stays as it is, so that doing it twice changes nothing
    if (TAG.test(canonicalText)) return canonicalText;
    const input = `${group}\0${canonicalText}`;
    const known = this.#known.get(input);
    if (known !== undefined) return known;
    const tag = TAG_PREFIX + createHmac('sha256', this.#key).update(input).digest('base64url').slice(0, TAG_CHARS);
    if (input.length <= 256) {
      if (this.#known.size >= CACHED_MAX) this.#known.clear();
      this.#known.set(input, tag);
    }
    return tag;
  }

  /** 32 octets for what has no room for a tag; never those of which tags are made. */
  digest(group: string, text: string): Uint8Array {
    return createHmac('sha256', this.#key).update(`\u0001${group}\0${text}`).digest();
  }
}
