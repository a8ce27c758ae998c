import {KEY_HASH, KEY_HEAD, KEY_TEXT, KEY_WORDS, tableSize, type IdKey} from './id-key.ts';

/**
 * One half of the window: keys in order of arrival behind an open-addressing table. The table is split: a search reads tags of two octets
 * only and goes to the key when a tag matches, so that what is read at random stays small enough for the cache.
 */
class KeySet {
  count = 0;
  private readonly keys: Int32Array;
  /** 0 = empty, else upper bits of the hash */
  private readonly tags: Uint16Array;
  /** number of the key, where the tag is not 0 */
  private readonly numbers: Int32Array;
  private readonly mask: number;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity * KEY_WORDS);
    const size = tableSize(capacity * 2);
    this.tags = new Uint16Array(size);
    this.numbers = new Int32Array(size);
    this.mask = size - 1;
  }

  /** Costs two octets per place: 10 µs at 65,536 keys, once per as many inserts. */
  clear(): void {
    this.tags.fill(0);
    this.count = 0;
  }

  /** Where the key stands in the table, or where it would be put. */
  place(key: IdKey): number {
    const {mask, tags} = this;
    const tag = (key.words[KEY_HASH]! >>> 16) | 1;
    let at = key.words[KEY_HASH]! & mask;
    while (tags[at] !== 0 && !(tags[at] === tag && this.isKey(key, this.numbers[at]!))) at = (at + 1) & mask;
    return at;
  }

  private isKey(key: IdKey, index: number): boolean {
    const {keys} = this;
    const {words} = key;
    const base = index * KEY_WORDS;
    if (keys[base + KEY_HEAD] !== words[KEY_HEAD]) return false;
    for (let word = KEY_TEXT; word < key.end; word++) {
      if (keys[base + word] !== words[word]) return false;
    }
    return true;
  }

  isTaken(place: number): boolean {
    return this.tags[place] !== 0;
  }

  /** Adds the key at its place, unless it is there. Never called on a full set. */
  add(key: IdKey, place: number): void {
    if (this.tags[place] !== 0) return;
    const {keys} = this;
    const {words} = key;
    const base = this.count * KEY_WORDS;
    for (let word = KEY_HEAD; word < key.end; word++) keys[base + word] = words[word]!;
    this.tags[place] = (words[KEY_HASH]! >>> 16) | 1;
    this.numbers[place] = this.count;
    this.count++;
  }
}

/** The last `size` to `2 * size` keys that were inserted: two sets that rotate, so memory and time per insert never change. */
export class KeyWindow {
  private current: KeySet;
  private previous: KeySet;
  private checkedPlace = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.current = new KeySet(size);
    this.previous = new KeySet(size);
  }

  has(key: IdKey): boolean {
    this.checkedPlace = this.current.place(key);
    return this.current.isTaken(this.checkedPlace) || this.previous.isTaken(this.previous.place(key));
  }

  insert(key: IdKey): void {
    this.insertAt(key, this.current.place(key));
  }

  /** Inserts the key that `has` was just asked about. */
  insertChecked(key: IdKey): void {
    this.insertAt(key, this.checkedPlace);
  }

  private insertAt(key: IdKey, place: number): void {
    this.current.add(key, place);
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
