import {KEY_HASH, KEY_HEAD, KEY_TEXT, tableSize, type IdKey} from './id-key.ts';
import {I32, O_ACCOUNT, O_HASH, O_ID_LENGTH, O_ID_WORDS, U8, type OrderStore} from './order-store.ts';

/** (account, clOrdId) -> slot of the latest order with it. Open addressing, removal by shifting back: no tombstones, never grows. */
export class ClientIdIndex {
  private readonly orders: OrderStore;
  /** pairs of slot + 1 (0 = empty) and hash */
  private readonly table: Int32Array;
  private readonly mask: number;

  constructor(orders: OrderStore) {
    this.orders = orders;
    const size = tableSize(Math.ceil(orders.capacity * 1.5));
    this.table = new Int32Array(size * 2);
    this.mask = size - 1;
  }

  private place(key: IdKey): number {
    const {table, mask} = this;
    const hash = key.words[KEY_HASH]!;
    let at = hash & mask;
    while (table[at * 2] !== 0 && !(table[at * 2 + 1] === hash && this.isKeyOf(key, table[at * 2]! - 1))) at = (at + 1) & mask;
    return at;
  }

  private isKeyOf(key: IdKey, slot: number): boolean {
    const {i32, u8} = this.orders;
    const {words} = key;
    const base = slot * I32;
    if (i32[base + O_ACCOUNT]! * 64 + u8[slot * U8 + O_ID_LENGTH]! !== words[KEY_HEAD]) return false;
    const count = (key.length + 3) >> 2;
    for (let word = 0; word < count; word++) {
      if (i32[base + O_ID_WORDS + word] !== words[KEY_TEXT + word]) return false;
    }
    return true;
  }

  /** @returns the slot, -1 = unknown */
  find(key: IdKey): number {
    return this.table[this.place(key) * 2]! - 1;
  }

  /** Points the key at the slot, whatever it pointed at before. The slot's record holds the key already. */
  put(key: IdKey, slot: number): void {
    const at = this.place(key);
    this.table[at * 2] = slot + 1;
    this.table[at * 2 + 1] = key.words[KEY_HASH]!;
  }

  /** Removes the entry of this slot, if its key still points at it. */
  remove(slot: number): void {
    const {table, mask} = this;
    let hole = this.orders.i32[slot * I32 + O_HASH]! & mask;
    while (table[hole * 2] !== slot + 1) {
      if (table[hole * 2] === 0) return;
      hole = (hole + 1) & mask;
    }
    for (let at = (hole + 1) & mask; table[at * 2] !== 0; at = (at + 1) & mask) {
      const home = table[at * 2 + 1]! & mask;
      // an entry may move into the hole only if its home is not between the hole and itself
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        table[hole * 2] = table[at * 2]!;
        table[hole * 2 + 1] = table[at * 2 + 1]!;
        hole = at;
      }
    }
    table[hole * 2] = 0;
  }
}
