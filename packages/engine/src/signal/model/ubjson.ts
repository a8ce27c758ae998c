import {MODEL_LIMITS} from './forest.ts';
import {damagedModel, oversizedModel} from './model-error.ts';
import type {DocumentValue} from './loose-json.ts';

const DEPTH_MAX = 64;
const INTEGER = new Set(['i', 'U', 'I', 'l', 'L']);
const SIZE: Readonly<Record<string, number>> = {i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8};

/** Reads one UBJSON value: what XGBoost writes, which is big-endian, with counted and typed containers. Counts are held against the octets that are left. */
class UbjsonReader {
  readonly #name: string;
  readonly #view: DataView;
  #at = 0;
  #values = 0;

  constructor(name: string, octets: Uint8Array) {
    this.#name = name;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  read(): DocumentValue {
    const value = this.#value(this.#marker(), 0);
    if (this.#at !== this.#view.byteLength) throw this.#fail('octets after the end of the document');
    return value;
  }

  #fail(seen: string): Error {
    return damagedModel(this.#name, `${seen} at octet ${this.#at}`);
  }

  #need(bytes: number): void {
    if (bytes > this.#view.byteLength - this.#at) throw this.#fail(`the file ends, ${bytes} octets are missing`);
  }

  #marker(): string {
    for (;;) {
      this.#need(1);
      const marker = String.fromCharCode(this.#view.getUint8(this.#at++));
      if (marker !== 'N') return marker;
    }
  }

  #number(marker: string): number {
    const size = SIZE[marker];
    if (size === undefined) throw this.#fail(`the marker "${marker}" where a number belongs`);
    this.#need(size);
    const at = this.#at;
    this.#at += size;
    switch (marker) {
      case 'i': return this.#view.getInt8(at);
      case 'U': return this.#view.getUint8(at);
      case 'I': return this.#view.getInt16(at);
      case 'l': return this.#view.getInt32(at);
      case 'd': return this.#view.getFloat32(at);
      case 'D': return this.#view.getFloat64(at);
      default: return Number(this.#view.getBigInt64(at));
    }
  }

  #count(): number {
    const marker = this.#marker();
    if (!INTEGER.has(marker)) throw this.#fail(`the marker "${marker}" where a count belongs`);
    const count = this.#number(marker);
    if (!Number.isSafeInteger(count) || count < 0) throw this.#fail(`a count of ${count}`);
    return count;
  }

  #string(): string {
    const bytes = this.#count();
    this.#need(bytes);
    const text = new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, bytes));
    this.#at += bytes;
    return text;
  }

  #value(marker: string, depth: number): DocumentValue {
    if (depth > DEPTH_MAX) throw this.#fail(`more than ${DEPTH_MAX} levels`);
    switch (marker) {
      case 'Z': return null;
      case 'T': return true;
      case 'F': return false;
      case 'S': return this.#string();
      case 'C': this.#need(1); return String.fromCharCode(this.#view.getUint8(this.#at++));
      case 'H': return this.#string();
      case '[': return this.#array(depth);
      case '{': return this.#object(depth);
      default: return this.#number(marker);
    }
  }

  /** The `$type` and `#count` that may stand at the head of a container. */
  #head(): {type: string | null; count: number | null} {
    let type: string | null = null;
    this.#need(1);
    if (this.#peek() === '$') {
      this.#at++;
      type = this.#marker();
      if (this.#peek() !== '#') throw this.#fail('a typed container without a count');
    }
    if (this.#peek() !== '#') return {type, count: null};
    this.#at++;
    return {type, count: this.#count()};
  }

  #peek(): string {
    this.#need(1);
    return String.fromCharCode(this.#view.getUint8(this.#at));
  }

  #array(depth: number): DocumentValue {
    const {type, count} = this.#head();
    if (type !== null && SIZE[type] !== undefined) return this.#typed(type, count ?? 0);
    const values: DocumentValue[] = [];
    // without a type every value has at least its marker; a type without a size may only be one that has octets
    if (type !== null && type !== 'S' && type !== '[' && type !== '{' && type !== 'C') throw this.#fail(`an array of type "${type}"`);
    if (count !== null) this.#need(count);
    while (count === null ? this.#peek() !== ']' : values.length < count) {
      if (this.#values++ > MODEL_LIMITS.values) throw oversizedModel(this.#name, `more than ${MODEL_LIMITS.values} values`);
      values.push(this.#value(type ?? this.#marker(), depth + 1));
    }
    if (count === null) this.#at++;
    return values;
  }

  #typed(type: string, count: number): DocumentValue {
    this.#need(count * (SIZE[type] ?? 1));
    const table = type === 'd' ? new Float32Array(count) : type === 'i' ? new Int8Array(count) : type === 'U' ? new Uint8Array(count) : type === 'I' ? new Int16Array(count) : type === 'l' ? new Int32Array(count) : new Float64Array(count);
    for (let i = 0; i < count; i++) table[i] = this.#number(type);
    return table;
  }

  #object(depth: number): DocumentValue {
    const {type, count} = this.#head();
    if (type !== null && type !== 'S' && SIZE[type] === undefined) throw this.#fail(`an object of type "${type}"`);
    if (count !== null) this.#need(count);
    const entries: [string, DocumentValue][] = [];
    while (count === null ? this.#peek() !== '}' : entries.length < count) {
      if (this.#values++ > MODEL_LIMITS.values) throw oversizedModel(this.#name, `more than ${MODEL_LIMITS.values} values`);
      const key = this.#string();
      entries.push([key, this.#value(type ?? this.#marker(), depth + 1)]);
    }
    if (count === null) this.#at++;
    return Object.fromEntries(entries);
  }
}

/** @throws TandemError TDM-E440 when the octets are no UBJSON document */
export const parseUbjson = (name: string, octets: Uint8Array): DocumentValue => new UbjsonReader(name, octets).read();
