import {CANCELED, EXPIRED_STATUS, FILLED, NO_STATUS, REJECTED, SELL, BUY} from './order-status.ts';
import {
  F64, I32, NONE, NOT_LISTED, O_ACCEPTED_AT, O_ACCOUNT, O_ACK_PREV, O_CUM, O_CUM_NOTIONAL, O_EXEC_INST, O_EXPIRY, O_ID_LENGTH, O_ID_WORDS, O_ORD_TYPE, O_PENDING, O_PREVIOUS,
  O_PRICE, O_QTY, O_SEQ, O_SIDE, O_STATUS, O_SYMBOL, O_TIF, U16, U8, type OrderStore,
} from './order-store.ts';
import {RecordRing} from './record-ring.ts';

const WORD = 2 ** 32;
/** sequences of a narrow record stay below this: their upper half shares a word with the flags */
const NARROW_SEQ = 2 ** 48;
const DIGIT_ZERO = 0x30;

/** account * 2^16 + symbol */
const W_NAMES = 0;
/** flags in the lower half, in the upper one the upper half of a narrow record's sequence */
const W_FLAGS = 1;
const W_SEQ = 2;
const W_QTY = 3;
/** of a record that was brought back: its slot */
const W_PRICE = 4;
/** upper halves of sequence, quantity and price, of a wide record only */
const W_WIDE = 5;
const WIDE_WORDS = 3;
/** head, upper halves, cum and its notional in two words each, id */
const RECORD_WORDS_MAX = W_WIDE + WIDE_WORDS + 4 + 9;

const STATUS_MASK = 3;
const SELL_FLAG = 4;
const TYPE_SHIFT = 3;
const LENGTH_SHIFT = 5;
const LENGTH_MASK = 63;
const WIDE_FLAG = 1 << 11;
const CUM_SHIFT = 12;
/** nothing was traded; as much as was ordered; another quantity, in words of its own */
const CUM_NONE = 0;
const CUM_ALL = 1;
const CUM_OTHER = 2;
const BROUGHT_FLAG = 1 << 14;
const STATUS_OF: Uint8Array = Uint8Array.of(FILLED, CANCELED, REJECTED, EXPIRED_STATUS);

const idWordsOf = (flags: number): number => (((flags >>> LENGTH_SHIFT) & LENGTH_MASK) + 3) >> 2;
const cumKindOf = (flags: number): number => (flags >>> CUM_SHIFT) & 3;
/** words before the id */
const headWordsOf = (flags: number): number => {
  const isWide = (flags & WIDE_FLAG) !== 0;
  const cum = cumKindOf(flags);
  return W_WIDE + (isWide ? WIDE_WORDS : 0) + (cum === CUM_NONE ? 0 : cum === CUM_ALL ? 2 : isWide ? 4 : 3);
};

/**
 * What of an ended order can still change an answer (late fills, late cancels), packed into 7 to 21 words, oldest first: about 30 octets
 * instead of 128. A handle names any known order: a slot of the store (0 and up), -1 none, below that a record here.
 */
export class TerminalRecords {
  declare readonly words: Int32Array;
  declare readonly u8: Uint8Array;
  private declare readonly ring: RecordRing;
  private declare readonly orders: OrderStore;
  /** where `show` lays records out */
  private declare readonly shown: number;

  /** @param retention records kept at once */
  constructor(orders: OrderStore, retention: number) {
    this.orders = orders;
    this.ring = new RecordRing(retention + 1, RECORD_WORDS_MAX);
    this.words = this.ring.words;
    this.u8 = new Uint8Array(this.words.buffer);
    this.shown = orders.take();
  }

  /** Packs the order in `slot`, which has its terminal status. @returns its handle */
  write(slot: number): number {
    const {f64, i32, u16, u8} = this.orders;
    const {words} = this;
    const base = slot * F64;
    const octets = slot * U8;
    const seq = f64[base + O_SEQ]!;
    const qty = f64[base + O_QTY]!;
    const price = f64[base + O_PRICE]!;
    const cum = f64[base + O_CUM]!;
    const isWide = seq >= NARROW_SEQ || qty >= WORD || price >= WORD || cum >= WORD;
    const cumKind = cum === 0 ? CUM_NONE : cum === qty ? CUM_ALL : CUM_OTHER;
    const status = u8[octets + O_STATUS]!;
    const flags = (status === FILLED ? 0 : status === CANCELED ? 1 : status === REJECTED ? 2 : 3) | (u8[octets + O_SIDE] === SELL ? SELL_FLAG : 0)
      | ((u8[octets + O_ORD_TYPE]! - DIGIT_ZERO) << TYPE_SHIFT) | (u8[octets + O_ID_LENGTH]! << LENGTH_SHIFT) | (isWide ? WIDE_FLAG : 0) | (cumKind << CUM_SHIFT);
    const idWords = idWordsOf(flags);
    const record = this.ring.append(headWordsOf(flags) + idWords);
    const high = (seq / WORD) | 0;
    words[record + W_NAMES] = (u16[slot * U16 + O_ACCOUNT]! << 16) | u16[slot * U16 + O_SYMBOL]!;
    words[record + W_FLAGS] = isWide ? flags : flags | (high << 16);
    words[record + W_SEQ] = seq | 0;
    words[record + W_QTY] = qty | 0;
    words[record + W_PRICE] = price | 0;
    let at = record + W_WIDE;
    if (isWide) {
      words[at++] = high;
      words[at++] = (qty / WORD) | 0;
      words[at++] = (price / WORD) | 0;
    }
    if (cumKind === CUM_OTHER) {
      words[at++] = cum | 0;
      if (isWide) words[at++] = (cum / WORD) | 0;
    }
    if (cumKind !== CUM_NONE) {
      words[at++] = f64[base + O_CUM_NOTIONAL]! | 0;
      words[at++] = (f64[base + O_CUM_NOTIONAL]! / WORD) | 0;
    }
    const id = slot * I32 + O_ID_WORDS;
    for (let word = 0; word < idWords; word++) words[at + word] = i32[id + word]!;
    return -2 - record;
  }

  /** Lays the order out for reading: every field that reports show. @returns a slot, good until the next call */
  show(handle: number): number {
    const record = -2 - handle;
    if ((this.words[record + W_FLAGS]! & BROUGHT_FLAG) !== 0) return this.words[record + W_PRICE]!;
    this.unpack(record, this.shown);
    return this.shown;
  }

  /** Gives the order a slot of its own again, because what was traded of it changes. It is forgotten when its turn comes, as before. @returns the slot */
  bring(handle: number): number {
    const {words} = this;
    const record = -2 - handle;
    if ((words[record + W_FLAGS]! & BROUGHT_FLAG) !== 0) return words[record + W_PRICE]!;
    const slot = this.orders.take();
    this.unpack(record, slot);
    words[record + W_FLAGS]! |= BROUGHT_FLAG;
    words[record + W_PRICE] = slot;
    return slot;
  }

  private unpack(record: number, slot: number): void {
    const {f64, i32, u16, u8} = this.orders;
    const {words} = this;
    const flags = words[record + W_FLAGS]!;
    const isWide = (flags & WIDE_FLAG) !== 0;
    const base = slot * F64;
    let at = record + W_WIDE;
    f64[base + O_SEQ] = (isWide ? words[at]! : flags >>> 16) * WORD + (words[record + W_SEQ]! >>> 0);
    f64[base + O_QTY] = (isWide ? words[at + 1]! : 0) * WORD + (words[record + W_QTY]! >>> 0);
    f64[base + O_PRICE] = (isWide ? words[at + 2]! : 0) * WORD + (words[record + W_PRICE]! >>> 0);
    if (isWide) at += WIDE_WORDS;
    const cumKind = cumKindOf(flags);
    f64[base + O_CUM] = cumKind === CUM_ALL ? f64[base + O_QTY]! : 0;
    if (cumKind === CUM_OTHER) {
      f64[base + O_CUM] = words[at++]! >>> 0;
      if (isWide) f64[base + O_CUM]! += words[at++]! * WORD;
    }
    f64[base + O_CUM_NOTIONAL] = cumKind === CUM_NONE ? 0 : (words[at]! >>> 0) + words[at + 1]! * WORD;
    if (cumKind !== CUM_NONE) at += 2;
    f64[base + O_ACCEPTED_AT] = 0;
    u16[slot * U16 + O_ACCOUNT] = words[record + W_NAMES]! >>> 16;
    u16[slot * U16 + O_SYMBOL] = words[record + W_NAMES]! & 0xffff;
    const octets = slot * U8;
    u8[octets + O_STATUS] = STATUS_OF[flags & STATUS_MASK]!;
    u8[octets + O_PREVIOUS] = NO_STATUS;
    u8[octets + O_SIDE] = (flags & SELL_FLAG) === 0 ? BUY : SELL;
    u8[octets + O_ORD_TYPE] = ((flags >>> TYPE_SHIFT) & 3) + DIGIT_ZERO;
    u8[octets + O_TIF] = DIGIT_ZERO;
    u8[octets + O_EXEC_INST] = 0;
    u8[octets + O_ID_LENGTH] = (flags >>> LENGTH_SHIFT) & LENGTH_MASK;
    i32[slot * I32 + O_EXPIRY] = NONE;
    i32[slot * I32 + O_PENDING] = NONE;
    i32[slot * I32 + O_ACK_PREV] = NOT_LISTED;
    const id = slot * I32 + O_ID_WORDS;
    for (let word = 0; word < idWordsOf(flags); word++) i32[id + word] = words[at + word]!;
  }

  /** Handle of the record that was written first, when there is one. */
  oldest(): number {
    return -2 - this.ring.oldest();
  }

  forgetOldest(): void {
    const record = this.ring.oldest();
    const flags = this.words[record + W_FLAGS]!;
    if ((flags & BROUGHT_FLAG) !== 0) this.orders.release(this.words[record + W_PRICE]!);
    this.ring.dropOldest(headWordsOf(flags) + idWordsOf(flags));
  }

  /** Touches the pages of the next records, see OrderStore.touchAhead. */
  touchAhead(): void {
    this.ring.touchAhead();
  }

  /** account * 64 + length of the id, as in a key's head */
  keyHeadOf(handle: number): number {
    const record = -2 - handle;
    return (this.words[record + W_NAMES]! >>> 16) * 64 + ((this.words[record + W_FLAGS]! >>> LENGTH_SHIFT) & LENGTH_MASK);
  }

  /** Index of the id's first word. */
  idWordOf(handle: number): number {
    const record = -2 - handle;
    return record + headWordsOf(this.words[record + W_FLAGS]!);
  }

  /** Lower and upper half of the sequence. */
  seqLowOf(handle: number): number {
    return this.words[W_SEQ - 2 - handle]!;
  }

  seqHighOf(handle: number): number {
    const record = -2 - handle;
    const flags = this.words[record + W_FLAGS]!;
    return (flags & WIDE_FLAG) === 0 ? flags >>> 16 : this.words[record + W_WIDE]!;
  }
}
