import {CodecError} from '../codec-error.ts';
import {JsonText, TEXT_LIMITS} from '../json-text.ts';
import {numpyArray} from './numpy-values.ts';
import {isScalar, PyBytes, PyDict, PyGlobal, PyNumber, PyObject, PySequence, type PyTagged, PyText, type PyValue} from './pickle-value.ts';

/** Writes what a pickle holds as JSON. What is shared is written each time; a cycle ends at the depth limit. */
export class PickleText {
  readonly #out: JsonText;
  readonly #keys: 'strict' | 'text';

  constructor(out: JsonText, keys: 'strict' | 'text') {
    this.#out = out;
    this.#keys = keys;
  }

  write(value: PyValue): void {
    if (value === null || typeof value === 'boolean') this.#out.literal(String(value));
    else if (value instanceof PyText) this.#out.string(value.text);
    else if (value instanceof PyNumber) this.#out.literal(value.text);
    else if (value instanceof PyBytes) this.#out.bytes(value.octets);
    else if (value instanceof PySequence) this.#sequence(value);
    else if (value instanceof PyDict) this.#dict(value);
    else if (value instanceof PyObject) this.#object(value);
    else this.#tagged(value);
  }

  #list(items: readonly PyValue[]): void {
    this.#out.beginArray();
    for (const item of items) this.write(item);
    this.#out.endArray();
  }

  /** Tuples are lists to JSON. A set has no order, so its members stand by their text. */
  #sequence({kind, items}: PySequence): void {
    if (kind !== 'set') {
      this.#list(items);
      return;
    }
    let sizeChars = 0;
    const texts = items.map((item) => {
      const one = new JsonText(this.#out.depth + 2);
      new PickleText(one, this.#keys).write(item);
      const text = Buffer.from(one.take()).toString('utf8');
      sizeChars += text.length;
      if (sizeChars > TEXT_LIMITS.bytesMax) throw new CodecError('size');
      return text;
    });
    this.#out.beginObject();
    this.#out.ownKey('$set');
    this.#out.beginArray();
    for (const text of texts.sort()) this.#out.value(text);
    this.#out.endArray();
    this.#out.endObject();
  }

  #dict({keys, values}: PyDict): void {
    if (keys.every((key) => key instanceof PyText || (this.#keys === 'text' && isScalar(key)))) {
      this.#out.beginObject();
      keys.forEach((key, index) => {
        this.#out.key(keyText(key));
        this.write(values[index] as PyValue);
      });
      this.#out.endObject();
      return;
    }
    this.#out.beginObject();
    this.#out.ownKey('$map');
    this.#out.beginArray();
    keys.forEach((key, index) => { this.#list([key, values[index] as PyValue]); });
    this.#out.endArray();
    this.#out.endObject();
  }

  #object(object: PyObject): void {
    const {name, args, kwargs, items, entries, state} = object;
    const array = numpyArray(object);
    this.#out.beginObject();
    if (array !== null) {
      this.#named('$ndarray', array.type);
      this.#member('$shape', array.shape);
      this.#member('$values', new PySequence('list', [...array.values]));
    } else {
      this.#named('$class', name);
      const [only] = args;
      // how an enum and most wrappers of one value are pickled
      if (args.length === 1 && isScalar(only as PyValue)) this.#member('$value', only as PyValue);
      else if (args.length > 0) this.#member('$args', new PySequence('list', [...args]));
      if (kwargs !== null && kwargs.keys.length > 0) this.#member('$kwargs', kwargs);
      if (state !== undefined) this.#member('$state', mergedState(state));
      if (items.length > 0) this.#member('$items', new PySequence('list', items));
      if (entries.keys.length > 0) this.#member('$entries', entries);
    }
    this.#out.endObject();
  }

  #tagged(value: PyGlobal | PyTagged): void {
    this.#out.beginObject();
    if (value instanceof PyGlobal) this.#named('$global', value.name);
    else {
      this.#member(value.tag, value.value);
      if (value.more !== null) this.#member(value.more.tag, value.more.value);
    }
    this.#out.endObject();
  }

  #named(key: string, text: string): void {
    this.#out.ownKey(key);
    this.#out.string(text);
  }

  #member(key: string, value: PyValue): void {
    this.#out.ownKey(key);
    this.write(value);
  }
}

/** A class with slots gives its dict and its slots apart; to a reader they are one thing. */
export function mergedState(state: PyValue): PyValue {
  if (!(state instanceof PySequence) || state.kind !== 'tuple' || state.items.length !== 2) return state;
  const [dict, slots] = state.items;
  if (!(slots instanceof PyDict) || !(dict === null || dict instanceof PyDict)) return state;
  const merged = new PyDict();
  for (const part of [dict, slots]) {
    if (part === null) continue;
    for (const key of part.keys) merged.keys.push(key);
    for (const value of part.values) merged.values.push(value);
  }
  return merged;
}

/** A key as Python's json writes it. */
export function keyText(key: PyValue): string {
  if (key instanceof PyText) return key.text;
  if (key instanceof PyNumber) return key.text;
  if (key === null || typeof key === 'boolean') return String(key);
  throw new CodecError('shape');
}
