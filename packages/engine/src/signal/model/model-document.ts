import {damagedModel} from './model-error.ts';
import type {DocumentValue} from './loose-json.ts';

/** One object of a model's document, whose fields are asked for by name; what is missing or of another kind says where it lies. */
export class ModelDocument {
  readonly #name: string;
  readonly #path: string;
  readonly #fields: {readonly [key: string]: DocumentValue};

  constructor(name: string, value: DocumentValue, path = '') {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) throw damagedModel(name, `${path === '' ? 'the document' : path} is no object`);
    this.#name = name;
    this.#path = path;
    this.#fields = value as {readonly [key: string]: DocumentValue};
  }

  fail(key: string, seen: string): Error {
    return damagedModel(this.#name, `${this.#path}/${key} ${seen}`);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key);
  }

  #get(key: string): DocumentValue {
    if (!this.has(key)) throw this.fail(key, 'is missing');
    return this.#fields[key] ?? null;
  }

  object(key: string): ModelDocument {
    return new ModelDocument(this.#name, this.#get(key), `${this.#path}/${key}`);
  }

  objects(key: string): ModelDocument[] {
    return this.list(key).map((value, at) => new ModelDocument(this.#name, value, `${this.#path}/${key}/${at}`));
  }

  text(key: string): string {
    const value = this.#get(key);
    if (typeof value !== 'string') throw this.fail(key, 'is no text');
    return value;
  }

  list(key: string): readonly DocumentValue[] {
    const value = this.#get(key);
    if (!Array.isArray(value)) throw this.fail(key, 'is no list');
    return value as readonly DocumentValue[];
  }

  texts(key: string): string[] {
    return this.list(key).map((value) => {
      if (typeof value !== 'string') throw this.fail(key, 'holds something that is no text');
      return value;
    });
  }

  /** A number, or the text of one: XGBoost writes its parameters as text. */
  number(key: string, fallback?: number): number {
    if (fallback !== undefined && !this.has(key)) return fallback;
    const value = this.#get(key);
    const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
    if (Number.isNaN(number)) throw this.fail(key, 'is no number');
    return number;
  }

  /** null stands for NaN. */
  numbers(key: string): Float64Array {
    const value = this.#get(key);
    if (ArrayBuffer.isView(value)) return Float64Array.from(value as Float64Array);
    if (!Array.isArray(value)) throw this.fail(key, 'is no list');
    return Float64Array.from(value as readonly DocumentValue[], (entry) => {
      if (entry === null) return NaN;
      if (typeof entry === 'boolean') return Number(entry);
      if (typeof entry !== 'number') throw this.fail(key, 'holds something that is no number');
      return entry;
    });
  }

  integers(key: string): Int32Array {
    return Int32Array.from(this.numbers(key), (value) => {
      if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) throw this.fail(key, `holds ${value}`);
      return value;
    });
  }
}
