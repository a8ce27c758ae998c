import {IdKey, KEY_HASH, KEY_HEAD, KEY_TEXT, placeOf, placesFor} from './id-key.ts';
import {I32, O_ACCOUNT, O_ID, O_ID_LENGTH, O_ID_WORDS, U16, U8, type OrderStore} from './order-store.ts';
import type {TerminalRecords} from './terminal-records.ts';

/** a tag: twelve lower bits of the hash (never 0), then how far the entry stands from its home, FAR = that far or further */
const DISTANCE_BITS = 4;
const FAR = 15;
const printOf = (hash: number): number => hash & 0xfff || 1;
/** entries per 100 places when as many orders are known as can be */
const LOAD_PERCENT = 80;

/**
 * (account, clOrdId) -> handle of the latest order with it. Open addressing, removal by shifting back: no tombstones, never grows.
 * A search reads tags of two octets; handles and records only when a tag matches, because the records of half a million ended orders are cold.
 */
export class ClientIdIndex {
  private declare readonly orders: OrderStore;
  private declare readonly ended: TerminalRecords;
  /** 0 = empty */
  private declare readonly tags: Uint16Array;
  private declare readonly handles: Int32Array;
  private declare readonly size: number;
  /** of no meaning: what `readAhead` reads has to go somewhere */
  ahead = 0;
  private declare readonly key: IdKey;

  /** @param hashSeed the same as that of the keys that come from outside */
  constructor(orders: OrderStore, ended: TerminalRecords, hashSeed: number) {
    this.orders = orders;
    this.ended = ended;
    this.key = new IdKey(hashSeed);
    this.size = placesFor(orders.capacity, LOAD_PERCENT);
    this.tags = new Uint16Array(this.size);
    this.handles = new Int32Array(this.size);
  }

  private after(at: number): number {
    return at + 1 === this.size ? 0 : at + 1;
  }

  private place(key: IdKey): number {
    const {tags} = this;
    const hash = key.words[KEY_HASH]!;
    const print = printOf(hash);
    let at = placeOf(hash, this.size);
    while (tags[at] !== 0 && !(tags[at]! >>> DISTANCE_BITS === print && this.isKeyOf(key, this.handles[at]!))) at = this.after(at);
    return at;
  }

  private isKeyOf(key: IdKey, handle: number): boolean {
    const {orders, ended} = this;
    const {words} = key;
    if (handle < 0) {
      if (ended.keyHeadOf(handle) !== words[KEY_HEAD]) return false;
      return isSameText(key, ended.words, ended.idWordOf(handle));
    }
    if (orders.u16[handle * U16 + O_ACCOUNT]! * 64 + orders.u8[handle * U8 + O_ID_LENGTH]! !== words[KEY_HEAD]) return false;
    return isSameText(key, orders.i32, handle * I32 + O_ID_WORDS);
  }

  /** Starts to read what the key's search will read, long before it is needed: the processor then waits for the tables of a message together. */
  readAhead(key: IdKey): void {
    const at = placeOf(key.words[KEY_HASH]!, this.size);
    this.ahead = this.tags[at]! ^ this.handles[at]!;
  }

  /** @returns the handle, -1 = unknown */
  find(key: IdKey): number {
    const at = this.place(key);
    return this.tags[at] === 0 ? -1 : this.handles[at]!;
  }

  /** Points the key at the slot, whatever it pointed at before. */
  put(key: IdKey, slot: number): void {
    const at = this.place(key);
    const hash = key.words[KEY_HASH]!;
    const distance = this.gap(placeOf(hash, this.size), at);
    this.handles[at] = slot;
    this.tags[at] = (printOf(hash) << DISTANCE_BITS) | (distance < FAR ? distance : FAR);
  }

  /** Places from one to another, onwards. */
  private gap(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.size;
  }

  /** Hash of the key that stands in an order's record. */
  private hashOf(handle: number): number {
    const {orders, ended, key} = this;
    if (handle < 0) {
      const head = ended.keyHeadOf(handle);
      key.load(ended.u8, ended.idWordOf(handle) * 4, head & 63, head >>> 6);
    } else {
      key.load(orders.u8, handle * U8 + O_ID, orders.u8[handle * U8 + O_ID_LENGTH]!, orders.u16[handle * U16 + O_ACCOUNT]!);
    }
    return key.words[KEY_HASH]!;
  }

  /** How far an entry stands from its home. */
  private distanceAt(at: number): number {
    const distance = this.tags[at]! & FAR;
    return distance < FAR ? distance : this.gap(placeOf(this.hashOf(this.handles[at]!), this.size), at);
  }

  /** Where the entry of this handle stands, -1 when its key points at another order by now. */
  private placeOfHandle(handle: number): number {
    const {handles, tags} = this;
    const hash = this.hashOf(handle);
    const print = printOf(hash);
    let at = placeOf(hash, this.size);
    while (!(tags[at]! >>> DISTANCE_BITS === print && handles[at] === handle)) {
      if (tags[at] === 0) return -1;
      at = this.after(at);
    }
    return at;
  }

  /** The order in this slot is known by another handle from now on. */
  repoint(slot: number, handle: number): void {
    const at = this.placeOfHandle(slot);
    if (at >= 0) this.handles[at] = handle;
  }

  /** Removes the entry of this handle, if its key still points at it. */
  remove(handle: number): void {
    const {handles, tags} = this;
    let hole = this.placeOfHandle(handle);
    if (hole < 0) return;
    for (let at = this.after(hole); tags[at] !== 0; at = this.after(at)) {
      const distance = this.distanceAt(at);
      const gap = this.gap(hole, at);
      // an entry may move into the hole only if its home is not between the hole and itself
      if (distance < gap) continue;
      handles[hole] = handles[at]!;
      tags[hole] = (tags[at]! & ~FAR) | (distance - gap < FAR ? distance - gap : FAR);
      hole = at;
    }
    tags[hole] = 0;
  }
}

const isSameText = (key: IdKey, words: Int32Array, from: number): boolean => {
  for (let word = KEY_TEXT; word < key.end; word++) {
    if (words[from - KEY_TEXT + word] !== key.words[word]) return false;
  }
  return true;
};
