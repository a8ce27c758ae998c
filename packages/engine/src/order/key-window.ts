import {KEY_HASH, KEY_HEAD, placeOf, placesFor, type IdKey} from './id-key.ts';

/** longest stored key: head and nine words of text */
const STORED_WORDS_MAX = 10;
/** keys per 100 places of a full set */
const LOAD_PERCENT = 66;

/**
 * One half of the window: keys in order of arrival, each as long as it is, behind an open-addressing table. A place of the table holds where the key
 * starts and as many bits of its hash as there is room for: one read at random tells nearly always that a key is not there.
 */
class KeySet {
  count = 0;
  private used = 0;
  private readonly keys: Int32Array;
  /** 0 = empty, else start + 1 in the lower bits, lower bits of the hash above them */
  private readonly table: Int32Array;
  private readonly startBits: number;
  private readonly startMask: number;
  private readonly size: number;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity * STORED_WORDS_MAX);
    this.startBits = 32 - Math.clz32(capacity * STORED_WORDS_MAX);
    this.startMask = 2 ** this.startBits - 1;
    this.size = placesFor(capacity, LOAD_PERCENT);
    this.table = new Int32Array(this.size);
  }

  /** Costs four octets per place: 20 µs at 65,536 keys, once per as many inserts. */
  clear(): void {
    this.table.fill(0);
    this.count = 0;
    this.used = 0;
  }

  /** Where the key stands in the table, or where it would be put. */
  place(key: IdKey): number {
    const {size, startBits, table} = this;
    const hash = key.words[KEY_HASH]!;
    const wanted = hash << startBits;
    let at = placeOf(hash, size);
    for (let entry = table[at]!; entry !== 0; entry = table[at]!) {
      if ((entry ^ wanted) >>> startBits === 0 && this.isKey(key, (entry & this.startMask) - 1)) return at;
      at = at + 1 === size ? 0 : at + 1;
    }
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
    return this.table[place] !== 0;
  }

  /** Adds the key at its place, unless it is there. Never called on a full set. */
  add(key: IdKey, place: number): void {
    if (this.table[place] !== 0) return;
    const {keys, used} = this;
    const {words} = key;
    for (let word = KEY_HEAD; word < key.end; word++) keys[used - KEY_HEAD + word] = words[word]!;
    this.table[place] = (words[KEY_HASH]! << this.startBits) | (used + 1);
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
