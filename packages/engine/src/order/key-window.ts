import {KEY_HASH, KEY_HEAD, KEY_TEXT, KEY_WORDS, tableSize, type IdKey} from './id-key.ts';

/** One half of the window: keys in order of arrival behind an open-addressing table. */
class KeySet {
  count = 0;
  private generation = 1;
  private readonly keys: Int32Array;
  /** pairs of generation and key number; a pair of another generation is empty, so emptying costs nothing */
  private readonly table: Int32Array;
  private readonly mask: number;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity * KEY_WORDS);
    const size = tableSize(capacity * 2);
    this.table = new Int32Array(size * 2);
    this.mask = size - 1;
  }

  clear(): void {
    this.generation = (this.generation + 1) | 0;
    this.count = 0;
  }

  /** Where the key stands in the table, or where it would be put. */
  private place(key: IdKey): number {
    const {table, keys, mask, generation} = this;
    const {words} = key;
    let at = words[KEY_HASH]! & mask;
    while (table[at * 2] === generation) {
      const base = table[at * 2 + 1]! * KEY_WORDS;
      if (keys[base] === words[KEY_HASH]! && keys[base + KEY_HEAD] === words[KEY_HEAD]!) {
        const last = KEY_TEXT + ((key.length + 3) >> 2);
        let word = KEY_TEXT;
        while (word < last && keys[base + word] === words[word]) word++;
        if (word === last) return at;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  has(key: IdKey): boolean {
    return this.table[this.place(key) * 2] === this.generation;
  }

  /** Adds the key unless it is there. Never called on a full set. */
  add(key: IdKey): void {
    const at = this.place(key);
    if (this.table[at * 2] === this.generation) return;
    const base = this.count * KEY_WORDS;
    for (let word = 0; word < KEY_WORDS; word++) this.keys[base + word] = key.words[word]!;
    this.table[at * 2] = this.generation;
    this.table[at * 2 + 1] = this.count;
    this.count++;
  }
}

/** The last `size` to `2 * size` keys that were inserted: two sets that rotate, so memory and time per insert never change. */
export class KeyWindow {
  private current: KeySet;
  private previous: KeySet;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.current = new KeySet(size);
    this.previous = new KeySet(size);
  }

  has(key: IdKey): boolean {
    return this.current.has(key) || this.previous.has(key);
  }

  insert(key: IdKey): void {
    this.current.add(key);
    if (this.current.count !== this.size) return;
    const full = this.current;
    this.current = this.previous;
    this.previous = full;
    this.current.clear();
  }

  get currentCount(): number {
    return this.current.count;
  }

  get previousCount(): number {
    return this.previous.count;
  }
}
