import {FIELD_NAME} from '../schema-field.ts';

/**
 * Recognises a key by its octets, four at a time. A key is taken with its closing quote, so that every key has at least four octets:
 * the first word chooses a bucket, the others are compared under a mask.
 */
const WORDS = 4;
const BUCKET_BITS = 6;

const octetsOf = (field: number): Uint8Array => Uint8Array.from(`${FIELD_NAME[field]!}"`, (letter) => letter.charCodeAt(0));
const wordAt = (octets: Uint8Array, word: number): number => {
  let value = 0;
  for (let i = 0; i < 4; i++) value |= (octets[word * 4 + i] ?? 0) << (8 * i);
  return value;
};
const maskAt = (octets: Uint8Array, word: number): number => {
  let mask = 0;
  for (let i = 0; i < 4; i++) if (word * 4 + i < octets.length) mask |= 0xff << (8 * i);
  return mask;
};

const fields = FIELD_NAME.map((_, field) => field).slice(1);
const firstWords = [...new Set(fields.map((field) => wordAt(octetsOf(field), 0)))];

/** A multiplier that gives every first word a bucket of its own, found by trying odd numbers in order. */
const findMultiplier = (): number => {
  for (let odd = 0x9e3779b1; ; odd += 2) {
    if (new Set(firstWords.map((word) => Math.imul(word, odd) >>> (32 - BUCKET_BITS))).size === firstWords.length) return odd | 0;
  }
};
const MULTIPLIER = findMultiplier();
const SHIFT = 32 - BUCKET_BITS;

const firstOf = new Uint8Array(1 << BUCKET_BITS);
const nextOf = new Uint8Array(FIELD_NAME.length);
const lengthOf = new Uint8Array(FIELD_NAME.length);
const wordOf = new Int32Array(FIELD_NAME.length * WORDS);
const maskOf = new Int32Array(FIELD_NAME.length * WORDS);
for (const field of fields) {
  const octets = octetsOf(field);
  lengthOf[field] = octets.length;
  for (let word = 0; word < WORDS; word++) {
    wordOf[field * WORDS + word] = wordAt(octets, word);
    maskOf[field * WORDS + word] = maskAt(octets, word);
  }
  const bucket = Math.imul(wordAt(octets, 0), MULTIPLIER) >>> SHIFT;
  nextOf[field] = firstOf[bucket]!;
  firstOf[bucket] = field;
}

/** Octets of a key with its closing quote. */
export const KEY_LENGTH: Uint8Array = lengthOf;

/**
 * The field whose name and closing quote stand at `at`, 0 = none. Reads up to 16 octets: the view is longer than the message, and what
 * follows the message cannot complete a key.
 */
export const matchKey = (view: DataView, at: number): number => {
  const first = view.getInt32(at, true);
  let field = firstOf[Math.imul(first, MULTIPLIER) >>> SHIFT]!;
  while (field !== 0) {
    const base = field * WORDS;
    if (wordOf[base] === first
      && (view.getInt32(at + 4, true) & maskOf[base + 1]!) === wordOf[base + 1]
      && (view.getInt32(at + 8, true) & maskOf[base + 2]!) === wordOf[base + 2]
      && (view.getInt32(at + 12, true) & maskOf[base + 3]!) === wordOf[base + 3]) return field;
    field = nextOf[field]!;
  }
  return 0;
};
