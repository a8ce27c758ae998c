import {KEY_HASH, KEY_HEAD, placeOf, placesFor, type IdKey} from './id-key.ts';

/** longest stored key: head and nine words of text */
const STORED_WORDS_MAX = 10;
/** keys per 100 places of a full set */
const LOAD_PERCENT = 66;
const tagOf = (hash: number): number => hash & 0xffff || 1;

/**
 * One half of the window: keys in order of arrival, each as long as it is, behind an open-addressing table. The table is split: a search reads
 * tags of two octets only and goes to the key when a tag matches, so that what is read at random stays small enough for the cache.
 */
class KeySet {
  count = 0;
  private used = 0;
  private readonly keys: Int32Array;
  /** 0 = empty, else lower bits of the hash */
  private readonly tags: Uint16Array;
  /** where the key starts, where the tag is not 0 */
  private readonly starts: Int32Array;
  private readonly size: number;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity * STORED_WORDS_MAX);
    this.size = placesFor(capacity, LOAD_PERCENT);
    this.tags = new Uint16Array(this.size);
    this.starts = new Int32Array(this.size);
  }

  /** Costs two octets per place: 10 µs at 65,536 keys, once per as many inserts. */
  clear(): void {
    this.tags.fill(0);
    this.count = 0;
    this.used = 0;
  }

  /** Where the key stands in the table, or where it would be put. */
  place(key: IdKey): number {
    const {size, tags} = this;
    const hash = key.words[KEY_HASH]!;
    const tag = tagOf(hash);
    let at = placeOf(hash, size);
    while (tags[at] !== 0 && !(tags[at] === tag && this.isKey(key, this.starts[at]!))) at = at + 1 === size ? 0 : at + 1;
    return at;
  }

  private isKey(key: IdKey, start: number): boolean {
    const {keys} = this;
    const {words} = key;
    for (let word = KEY_HEAD; word < key.end; word++) {
      if (keys[start - KEY_HEAD + word] !== words[word]) return false;
    }
    return true;
  }

  isTaken(place: number): boolean {
    return this.tags[place] !== 0;
  }

  /** Adds the key at its place, unless it is there. Never called on a full set. */
  add(key: IdKey, place: number): void {
    if (this.tags[place] !== 0) return;
    const {keys, used} = this;
    const {words} = key;
    for (let word = KEY_HEAD; word < key.end; word++) keys[used - KEY_HEAD + word] = words[word]!;
    this.tags[place] = tagOf(words[KEY_HASH]!);
    this.starts[place] = used;
    this.used = used + key.end - KEY_HEAD;
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
