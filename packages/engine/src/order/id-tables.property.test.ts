import {Buffer} from 'node:buffer';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {seed} from '../../test/seed.ts';
import {ClientIdIndex} from './client-id-index.ts';
import {IdKey} from './id-key.ts';
import {KeyWindow} from './key-window.ts';
import {NameTable} from './name-table.ts';
import {OrderSeqIndex} from './order-seq-index.ts';
import {F64, O_ACCOUNT, O_SEQ, OrderStore, U16} from './order-store.ts';
import {TerminalRecords} from './terminal-records.ts';
import {storeClientId} from './pending-replaces.ts';

const id = fc.oneof(
  fc.integer({min: 0, max: 40}).map((n) => `c-${n}`), fc.integer({min: 0, max: 9}).map((n) => 'x'.repeat(27 + n)),
  fc.string({minLength: 1, maxLength: 36, unit: fc.constantFrom(...'ab0!~')}),
);
const account = fc.integer({min: 0, max: 3});
/** a seed of 0 for every key makes them all collide in their lower bits more often; the tables must hold under any seed */
const hashSeed = fc.integer();
const load = (key: IdKey, text: string, of: number): IdKey => {
  const bytes = Buffer.from(`??${text}??`);
  key.load(bytes, 2, text.length, of);
  return key;
};

describe('id tables', () => {
  it('window: two rotating sets', () => {
    // the fillings are numbered anew every few rotations here, and lines have more keys than places
    const sizes = fc.record({size: fc.oneof(fc.integer({min: 1, max: 9}), fc.integer({min: 20, max: 60})), fillingMax: fc.integer({min: 2, max: 5})});
    fc.assert(fc.property(sizes, hashSeed, fc.array(fc.tuple(account, id, fc.boolean()), {maxLength: 400}), ({size, fillingMax}, secret, steps) => {
      const window = new KeyWindow(size, fillingMax);
      const key = new IdKey(secret);
      let current = new Set<string>();
      let previous = new Set<string>();
      for (const [of, text, insert] of steps) {
        const name = `${of} ${text}`;
        expect(window.has(load(key, text, of))).toBe(current.has(name) || previous.has(name));
        if (!insert) continue;
        window.insert(key);
        current.add(name);
        if (current.size === size) [previous, current] = [current, new Set()];
        expect([window.currentCount, window.previousCount]).toEqual([current.size, previous.size]);
      }
    }), {seed, numRuns: 200});
  });

  it('client ids: latest order wins, forgetting removes only its own entry', () => {
    fc.assert(fc.property(fc.integer({min: 1, max: 40}), hashSeed, fc.array(fc.tuple(account, id, fc.integer({min: 0, max: 2})), {maxLength: 300}), (capacity, secret, steps) => {
      const orders = new OrderStore(capacity + 1);
      const index = new ClientIdIndex(orders, new TerminalRecords(orders, 0), secret);
      const key = new IdKey(secret);
      const model = new Map<string, number>();
      const live: {slot: number; name: string}[] = [];
      for (const [of, text, action] of steps) {
        const name = `${of} ${text}`;
        expect(index.find(load(key, text, of))).toBe(model.get(name) ?? -1);
        if (action === 0 && live.length > 0) {
          const {slot, name: former} = live.shift()!;
          index.remove(slot);
          orders.release(slot);
          if (model.get(former) === slot) model.delete(former);
        } else if (action > 0 && live.length < capacity) {
          const slot = orders.take();
          orders.u16[slot * U16 + O_ACCOUNT] = of;
          storeClientId(orders, slot, key);
          index.put(key, slot);
          model.set(name, slot);
          live.push({slot, name});
        }
      }
      for (const [name, slot] of model) {
        const at = name.indexOf(' ');
        expect(index.find(load(key, name.slice(at + 1), Number(name.slice(0, at))))).toBe(slot);
      }
    }), {seed, numRuns: 200});
  });

  it('sequences: every step apart, found until removed', () => {
    const steps = fc.array(fc.tuple(fc.oneof(fc.constantFrom(1, 2, 16, 2 ** 20, 2 ** 32), fc.integer({min: 1, max: 2 ** 40})), fc.boolean()), {maxLength: 200});
    fc.assert(fc.property(fc.integer({min: 1, max: 60}), hashSeed, steps, (capacity, secret, all) => {
      const orders = new OrderStore(capacity + 1);
      const index = new OrderSeqIndex(orders, new TerminalRecords(orders, 0), secret);
      const model = new Map<number, number>();
      const numbers = new Float64Array(1);
      const find = (seq: number): number => {
        numbers[0] = seq;
        return index.find(numbers, 0);
      };
      let seq = 0;
      for (const [step, remove] of all) {
        seq += step;
        expect(find(seq)).toBe(-1);
        if (model.size === capacity || (remove && model.size > 0)) {
          const [former, slot] = [...model][Math.floor(model.size / 2)]!;
          index.remove(slot);
          orders.release(slot);
          model.delete(former);
          expect(find(former)).toBe(-1);
        }
        const slot = orders.take();
        orders.f64[slot * F64 + O_SEQ] = seq;
        index.put(slot);
        model.set(seq, slot);
        for (const [known, at] of model) expect(find(known)).toBe(at);
      }
    }), {seed, numRuns: 100});
  });

  it('names: all found, others not', () => {
    fc.assert(fc.property(fc.uniqueArray(id, {maxLength: 60}), id, (names, other) => {
      const table = new NameTable(names);
      names.forEach((name, i) => { expect(table.find(Buffer.from(`_${name}_`), 1, name.length)).toBe(i); });
      expect(table.find(Buffer.from(other), 0, other.length)).toBe(names.indexOf(other));
    }), {seed, numRuns: 200});
  });
});
