import type {Hiding, HidingPlace} from '@tandem/contract';
import {CodecError} from '../codec-error.ts';
import {JsonText, TEXT_LIMITS} from '../json-text.ts';
import {numpyArray} from '../pickle/numpy-values.ts';
import {keyText, mergedState, PickleText} from '../pickle/pickle-text.ts';
import {isScalar, PyBytes, PyDict, PyGlobal, PyNumber, type PyObject, PySequence, PyTagged, PyText, type PyValue} from '../pickle/pickle-value.ts';

const VISITS_MAX = 300_000;
type Keys = 'strict' | 'text';

/** Goes through a value by the places of its text and collects what has to be replaced by which tag. */
export class PickleWalk {
  /** by the value that goes */
  readonly tags = new Map<PyValue, string>();
  readonly #hiding: Hiding;
  readonly #keys: Keys;
  /** texts and numbers that stay */
  #kept = 0;
  /** keys and members of sets are told apart: 1 and "1" must not become one tag, for the second would be lost */
  #isApart = false;
  #visits = 0;

  constructor(hiding: Hiding, keys: Keys) {
    this.#hiding = hiding;
    this.#keys = keys;
  }

  value(value: PyValue, place: HidingPlace, depth = 0): void {
    this.#visits += 1;
    if (depth > TEXT_LIMITS.depthMax) throw new CodecError('depth');
    if (this.#visits > VISITS_MAX) throw new CodecError('size');
    if (value === null || typeof value === 'boolean') return;
    if (value instanceof PyText) this.#decide(value, this.#hiding.text(place, value.text));
    else if (value instanceof PyNumber) this.#decide(value, this.#number(place, value.text));
    else if (value instanceof PyBytes) this.#decide(value, this.#hiding.octets(place.member('$bytes'), value.octets));
    else if (value instanceof PyGlobal) this.#decide(value, this.#hiding.text(place.member('$global'), value.name));
    else if (value instanceof PyTagged) this.#tagged(value, place, depth);
    else if (value instanceof PySequence) this.#sequence(value, place, depth);
    else if (value instanceof PyDict) this.#dict(value, place, depth);
    else this.#object(value, place, depth);
  }

  /** The first decision about a value that is shared stays: hidden in one place is hidden in all. */
  #decide(value: PyValue, tag: string | null): void {
    if (tag === null) this.#kept += 1;
    else if (!this.tags.has(value)) this.tags.set(value, tag);
  }

  /** NaN and Infinity say nothing about anybody. */
  #number(place: HidingPlace, text: string): string | null {
    if (!/\d/u.test(text)) return null;
    return this.#isApart ? this.#hiding.text(place, `number ${text}`) : this.#hiding.number(place, text);
  }

  #tagged(tagged: PyTagged, place: HidingPlace, depth: number): void {
    const {tag, value, more} = tagged;
    const inner = place.member(tag);
    const text = value instanceof PyNumber || value instanceof PyText ? value.text : this.#textOf(value);
    const own = value instanceof PyNumber || (tag === '$decimal' && /\d/u.test(text)) ? this.#number(inner, text) : this.#hiding.text(inner, text);
    const other = more === null ? null : this.#first(() => { this.value(more.value, place.member(more.tag), depth + 2); });
    this.#decide(tagged, own ?? other);
  }

  #sequence({kind, items}: PySequence, place: HidingPlace, depth: number): void {
    if (kind !== 'set') {
      for (const [index, item] of items.entries()) this.value(item, place.element(index), depth + 1);
      return;
    }
    // members stand in the order of their texts, which nobody knows yet: when an index hides one, it hides all
    const members = place.member('$set');
    const hidden = items.map((_item, index) => members.element(index)).find(({group}) => group !== null);
    for (const [index, item] of items.entries()) this.#apart(item, hidden ?? members.element(index), depth + 2);
  }

  #apart(value: PyValue, place: HidingPlace, depth: number): void {
    const before = this.#isApart;
    this.#isApart = true;
    this.value(value, place, depth);
    this.#isApart = before;
  }

  #dict({keys, values}: PyDict, place: HidingPlace, depth: number): void {
    const isObject = keys.every((key) => key instanceof PyText || (this.#keys === 'text' && isScalar(key)));
    for (const [index, key] of keys.entries()) {
      const value = values[index] as PyValue;
      if (isObject) {
        const name = keyText(key);
        if (key instanceof PyText) this.#decide(key, this.#hiding.key(name));
        this.value(value, place.member(name.startsWith('$') ? `$${name}` : name), depth + 1);
      } else {
        const pair = place.member('$map').element(index);
        this.#apart(key, pair.element(0), depth + 3);
        this.value(value, pair.element(1), depth + 3);
      }
    }
  }

  #object(object: PyObject, place: HidingPlace, depth: number): void {
    const {args, kwargs, items, entries, state} = object;
    const array = numpyArray(object);
    if (array !== null) {
      const tag = this.#first(() => { this.value(new PySequence('list', [...array.values]), place.member('$values'), depth + 1); });
      if (tag !== null) this.tags.set(object, this.#hiding.tag(place.member('$values').element(0).group ?? 'array', this.#textOf(object)));
      return;
    }
    if (this.#argsAreHidden(object, place, depth)) return;
    if (args.length !== 1 || !isScalar(args[0] as PyValue)) this.value(new PySequence('list', [...args]), place.member('$args'), depth + 1);
    if (kwargs !== null) this.value(kwargs, place.member('$kwargs'), depth + 1);
    if (state !== undefined) this.value(mergedState(state), place.member('$state'), depth + 1);
    this.value(new PySequence('list', items), place.member('$items'), depth + 1);
    this.value(entries, place.member('$entries'), depth + 1);
  }

  /** A call whose arguments are all hidden goes as one value: no constructor would take tags in their place. */
  #argsAreHidden(object: PyObject, place: HidingPlace, depth: number): boolean {
    const {args, kwargs} = object;
    const [only] = args;
    if (args.length === 1 && (only instanceof PyText || only instanceof PyNumber)) {
      const at = place.member('$value');
      const tag = only instanceof PyText ? this.#hiding.text(at, only.text) : this.#number(at, only.text);
      this.#decide(object, tag);
      return tag !== null;
    }
    if (place.group === null || args.length + (kwargs?.keys.length ?? 0) === 0) return false;
    const [before, kept] = [new Map(this.tags), this.#kept];
    this.value(new PySequence('list', [...args]), place.member('$args'), depth + 1);
    if (kwargs !== null) for (const [index, key] of kwargs.keys.entries()) this.value(kwargs.values[index] as PyValue, place.member('$kwargs').member(keyText(key)), depth + 2);
    const isAll = this.#kept === kept && this.tags.size > before.size;
    if (isAll) {
      // what is shared with another place keeps what was decided there
      for (const value of this.tags.keys()) if (!before.has(value)) this.tags.delete(value);
      this.tags.set(object, this.#hiding.tag(place.group, this.#textOf(object)));
    }
    return isAll;
  }

  /** The first tag that a visit decides on, taken back: what is inside goes with what is around it. */
  #first(visit: () => void): string | null {
    const before = new Set(this.tags.keys());
    visit();
    let first: string | null = null;
    for (const [value, tag] of this.tags) {
      if (before.has(value)) continue;
      first ??= tag;
      this.tags.delete(value);
    }
    return first;
  }

  #textOf(value: PyValue): string {
    const out = new JsonText();
    new PickleText(out, this.#keys).write(value);
    return Buffer.from(out.take()).toString('utf8');
  }
}
