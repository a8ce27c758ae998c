import {KEY_HASH, KEY_HEAD, placeOf, type IdKey} from './id-key.ts';
import {LINE_START_BYTES, LINE_WORDS} from './cache-line.ts';

/** longest stored key: head and nine words of text */
const STORED_WORDS_MAX = 10;
/** a line of the table: a half for each set, in it a head and seven places */
const HALF_WORDS = 8;
const PLACES = 7;
const LINE_BITS = 4;
/** keys of a full set per line: of 100 lines five or six have more keys than places */
const KEYS_PER_LINE = 4.2;
/** a head: how many places are taken, whether keys that belong here stand further on, and which filling of the set it speaks of */
const COUNT_MASK = 7;
const OVERFLOWED = 8;
const FILLING_SHIFT = 4;
const FILLING_MAX = 2 ** 27 - 1;

/**
 * The last `size` to `2 * size` keys that were inserted: two sets that rotate. Both sets of a key stand in one cache line, so that one read at
 * random tells nearly always that a key is in neither, without a branch that cannot be foreseen. A place holds where the key starts among the stored
 * ones and as many bits of its hash as there is room for. Nothing is ever cleared: a head that speaks of an earlier filling is that of an empty half.
 */
export class KeyWindow {
  currentCount = 0;
  previousCount = 0;
  private declare readonly table: Int32Array;
  private declare readonly lines: number;
  private declare readonly startBits: number;
  private declare readonly startMask: number;
  private declare readonly size: number;
  private declare readonly fillingMax: number;
  private declare keys: Int32Array;
  private declare previousKeys: Int32Array;
  /** words of `keys` in use */
  private used = 0;
  /** where the half of the current set starts in a line */
  private half = 0;
  /** number of the current filling, from 2; that of the previous set is one less */
  private filling = 2;
  private checkedLine = 0;

  /** @param fillingMax after so many rotations the heads are numbered anew, for tests */
  constructor(size: number, fillingMax: number = FILLING_MAX) {
    this.size = size;
    this.fillingMax = fillingMax;
    this.lines = Math.ceil(size / KEYS_PER_LINE) + 1;
    this.table = new Int32Array(new ArrayBuffer(LINE_START_BYTES + this.lines * LINE_WORDS * 4), LINE_START_BYTES);
    this.startBits = 32 - Math.clz32(size * STORED_WORDS_MAX);
    this.startMask = 2 ** this.startBits - 1;
    this.keys = new Int32Array(size * STORED_WORDS_MAX);
    this.previousKeys = new Int32Array(size * STORED_WORDS_MAX);
  }

  has(key: IdKey): boolean {
    const {filling, table} = this;
    const hash = key.words[KEY_HASH]!;
    const line = placeOf(hash, this.lines);
    const wanted = hash << this.startBits;
    const current = (line << LINE_BITS) | this.half;
    const previous = current ^ HALF_WORDS;
    this.checkedLine = line;
    const isFull = (table[current]! & ~COUNT_MASK) === ((filling << FILLING_SHIFT) | OVERFLOWED);
    const wasFull = (table[previous]! & ~COUNT_MASK) === (((filling - 1) << FILLING_SHIFT) | OVERFLOWED);
    if (!this.mayHold(current, wanted) && !this.mayHold(previous, wanted) && !isFull && !wasFull) return false;
    return this.isIn(key, line, this.half) || this.isIn(key, line, this.half ^ HALF_WORDS);
  }

  insert(key: IdKey): void {
    const hash = key.words[KEY_HASH]!;
    const line = placeOf(hash, this.lines);
    const current = (line << LINE_BITS) | this.half;
    const isFull = (this.table[current]! & ~COUNT_MASK) === ((this.filling << FILLING_SHIFT) | OVERFLOWED);
    if ((isFull || this.mayHold(current, hash << this.startBits)) && this.isIn(key, line, this.half)) return;
    this.add(key, line);
  }

  /** Inserts the key that `has` just told is in neither set. */
  insertChecked(key: IdKey): void {
    this.add(key, this.checkedLine);
  }

  /** Does a place of this half show the wanted bits of a hash, be it taken or left over? */
  private mayHold(half: number, wanted: number): boolean {
    const {startBits, table} = this;
    return (table[half | 1]! ^ wanted) >>> startBits === 0 || (table[half | 2]! ^ wanted) >>> startBits === 0 || (table[half | 3]! ^ wanted) >>> startBits === 0
      || (table[half | 4]! ^ wanted) >>> startBits === 0 || (table[half | 5]! ^ wanted) >>> startBits === 0 || (table[half | 6]! ^ wanted) >>> startBits === 0
      || (table[half | 7]! ^ wanted) >>> startBits === 0;
  }

  /** Is the key in the set of this half? Rare: some bits of its hash are there, or its line has more keys than places. */
  private isIn(key: IdKey, home: number, ofSet: number): boolean {
    const {startBits, startMask, table} = this;
    const isCurrent = ofSet === this.half;
    const keys = isCurrent ? this.keys : this.previousKeys;
    const filling = isCurrent ? this.filling : this.filling - 1;
    const wanted = key.words[KEY_HASH]! << startBits;
    for (let line = home; ; line = this.after(line)) {
      const half = (line << LINE_BITS) | ofSet;
      const head = table[half]!;
      if (head >>> FILLING_SHIFT !== filling) return false;
      for (let place = 1; place <= (head & COUNT_MASK); place++) {
        const entry = table[half | place]!;
        if ((entry ^ wanted) >>> startBits === 0 && isKey(key, keys, entry & startMask)) return true;
      }
      if ((head & OVERFLOWED) === 0) return false;
    }
  }

  private after(line: number): number {
    return line + 1 === this.lines ? 0 : line + 1;
  }

  /** Adds a key that is not in the current set. */
  private add(key: IdKey, home: number): void {
    const {filling, keys, table, used} = this;
    let half = (home << LINE_BITS) | this.half;
    let count = takenOf(table[half]!, filling);
    for (let line = home; count === PLACES; count = takenOf(table[half]!, filling)) {
      table[half]! |= OVERFLOWED;
      line = this.after(line);
      half = (line << LINE_BITS) | this.half;
    }
    table[half | (count + 1)] = (key.words[KEY_HASH]! << this.startBits) | used;
    table[half] = (filling << FILLING_SHIFT) | (count + 1);
    const {end, words} = key;
    for (let word = KEY_HEAD; word < end; word++) keys[used - KEY_HEAD + word] = words[word]!;
    this.used = used + end - KEY_HEAD;
    this.currentCount++;
    if (this.currentCount === this.size) this.rotate();
  }

  private rotate(): void {
    const {keys} = this;
    this.keys = this.previousKeys;
    this.previousKeys = keys;
    this.previousCount = this.currentCount;
    this.currentCount = 0;
    this.used = 0;
    this.half ^= HALF_WORDS;
    this.filling++;
    if (this.filling > this.fillingMax) this.renumber();
  }

  /** Once in 134 million rotations there is no next number: the only filling that is not empty, the previous one, becomes 1. */
  private renumber(): void {
    const {filling, table} = this;
    for (let half = this.half ^ HALF_WORDS; half < table.length; half += LINE_WORDS) {
      table[half] = table[half]! >>> FILLING_SHIFT === filling - 1 ? (1 << FILLING_SHIFT) | (table[half]! & ~(-1 << FILLING_SHIFT)) : 0;
    }
    for (let {half} = this; half < table.length; half += LINE_WORDS) table[half] = 0;
    this.filling = 2;
  }
}

/** Taken places of a half by its head, 0 when it speaks of another filling; without a branch, because half of them do. */
const takenOf = (head: number, filling: number): number => {
  const other = (head >>> FILLING_SHIFT) - filling;
  return head & COUNT_MASK & ~((other | -other) >> 31);
};

const isKey = (key: IdKey, keys: Int32Array, start: number): boolean => {
  for (let word = KEY_HEAD; word < key.end; word++) {
    if (keys[start - KEY_HEAD + word] !== key.words[word]) return false;
  }
  return true;
};
