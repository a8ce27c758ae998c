import {IdKey, KEY_HASH, KEY_HEAD, KEY_TEXT, tableSize} from './id-key.ts';
import {I32, O_ACCOUNT, O_ID, O_ID_LENGTH, O_ID_WORDS, U16, U8, type OrderStore} from './order-store.ts';

/** a tag: twelve upper bits of the hash (never 0), then how far the entry stands from its home, FAR = that far or further */
const DISTANCE_BITS = 4;
const FAR = 15;
const printOf = (hash: number): number => hash >>> 20 || 1;

/**
 * (account, clOrdId) -> slot of the latest order with it. Open addressing, removal by shifting back: no tombstones, never grows.
 * A search reads tags of two octets; slots and records only when a tag matches, because the records of half a million ended orders are cold.
 */
export class ClientIdIndex {
  private readonly orders: OrderStore;
  /** 0 = empty */
  private readonly tags: Uint16Array;
  private readonly slots: Int32Array;
  private readonly mask: number;
  private readonly key: IdKey;

  /** @param hashSeed the same as that of the keys that come from outside */
  constructor(orders: OrderStore, hashSeed: number) {
    this.orders = orders;
    this.key = new IdKey(hashSeed);
    const size = tableSize(Math.ceil(orders.capacity * 1.5));
    this.tags = new Uint16Array(size);
    this.slots = new Int32Array(size);
    this.mask = size - 1;
  }

  private place(key: IdKey): number {
    const {tags, mask} = this;
    const hash = key.words[KEY_HASH]!;
    const print = printOf(hash);
    let at = hash & mask;
    while (tags[at] !== 0 && !(tags[at]! >>> DISTANCE_BITS === print && this.isKeyOf(key, this.slots[at]!))) at = (at + 1) & mask;
    return at;
  }

  private isKeyOf(key: IdKey, slot: number): boolean {
    const {i32, u16, u8} = this.orders;
    const {words} = key;
    const base = slot * I32;
    if (u16[slot * U16 + O_ACCOUNT]! * 64 + u8[slot * U8 + O_ID_LENGTH]! !== words[KEY_HEAD]) return false;
    for (let word = KEY_TEXT; word < key.end; word++) {
      if (i32[base + O_ID_WORDS - KEY_TEXT + word] !== words[word]) return false;
    }
    return true;
  }

  /** @returns the slot, -1 = unknown */
  find(key: IdKey): number {
    const at = this.place(key);
    return this.tags[at] === 0 ? -1 : this.slots[at]!;
  }

  /** Points the key at the slot, whatever it pointed at before. */
  put(key: IdKey, slot: number): void {
    const at = this.place(key);
    this.slots[at] = slot;
    this.setTag(at, key.words[KEY_HASH]!);
  }

  private setTag(at: number, hash: number): void {
    const distance = (at - hash) & this.mask;
    this.tags[at] = (printOf(hash) << DISTANCE_BITS) | (distance < FAR ? distance : FAR);
  }

  /** Hash of the key that stands in an order's record. */
  private hashOf(slot: number): number {
    const {u16, u8} = this.orders;
    this.key.load(u8, slot * U8 + O_ID, u8[slot * U8 + O_ID_LENGTH]!, u16[slot * U16 + O_ACCOUNT]!);
    return this.key.words[KEY_HASH]!;
  }

  /** How far an entry stands from its home. */
  private distanceAt(at: number): number {
    const distance = this.tags[at]! & FAR;
    return distance < FAR ? distance : (at - this.hashOf(this.slots[at]!)) & this.mask;
  }

  /** Removes the entry of this slot, if its key still points at it. */
  remove(slot: number): void {
    const {mask, slots, tags} = this;
    const hash = this.hashOf(slot);
    const print = printOf(hash);
    let hole = hash & mask;
    while (!(tags[hole]! >>> DISTANCE_BITS === print && slots[hole] === slot)) {
      if (tags[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    for (let at = (hole + 1) & mask; tags[at] !== 0; at = (at + 1) & mask) {
      const distance = this.distanceAt(at);
      const gap = (at - hole) & mask;
      // an entry may move into the hole only if its home is not between the hole and itself
      if (distance < gap) continue;
      slots[hole] = slots[at]!;
      tags[hole] = (tags[at]! & ~FAR) | (distance - gap < FAR ? distance - gap : FAR);
      hole = at;
    }
    tags[hole] = 0;
  }
}
