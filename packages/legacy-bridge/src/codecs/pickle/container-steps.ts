import {CodecError} from '../codec-error.ts';
import {length32} from './scalar-steps.ts';
import type {PickleMachine, PickleSteps} from './pickle-machine.ts';
import {PyDict, PyObject, PySequence, type PyValue} from './pickle-value.ts';

const tuple = (items: PyValue[]): PySequence => new PySequence('tuple', items);

/** Stack, memo, lists, tuples, dicts and sets. */
export const CONTAINER_STEPS: PickleSteps = {
  0x28: (m) => { m.mark(); },
  0x30: (m) => { m.discard(); },
  0x31: (m) => { m.popMark(); },
  0x32: (m) => { m.push(m.top()); },
  0x5d: (m) => { m.push(new PySequence('list', [])); },
  0x6c: (m) => { m.push(new PySequence('list', m.popMark())); },
  0x61: (m) => { append(m, m.popMany(1)); },
  0x65: (m) => { append(m, m.popMark()); },
  0x29: (m) => { m.push(tuple([])); },
  0x74: (m) => { m.push(tuple(m.popMark())); },
  0x85: (m) => { m.push(tuple(m.popMany(1))); },
  0x86: (m) => { m.push(tuple(m.popMany(2))); },
  0x87: (m) => { m.push(tuple(m.popMany(3))); },
  0x7d: (m) => { m.push(new PyDict()); },
  0x64: (m) => {
    const dict = new PyDict();
    setItems(m, dict, m.popMark());
    m.push(dict);
  },
  0x73: (m) => { set(m, m.popMany(2)); },
  0x75: (m) => { set(m, m.popMark()); },
  0x8f: (m) => { m.push(new PySequence('set', [])); },
  0x90: (m) => {
    const items = m.popMark();
    const target = m.top();
    if (!(target instanceof PySequence) || target.kind !== 'set') throw new CodecError('stack', m.cursor.at);
    for (const item of items) target.items.push(item);
  },
  0x91: (m) => { m.push(new PySequence('set', m.popMark())); },
  0x70: (m) => { m.put(memoLine(m)); },
  0x71: (m) => { m.put(m.cursor.u8()); },
  0x72: (m) => { m.put(length32(m)); },
  0x94: (m) => { m.memoize(); },
  0x67: (m) => { m.get(memoLine(m)); },
  0x68: (m) => { m.get(m.cursor.u8()); },
  0x6a: (m) => { m.get(length32(m)); },
};

function append(m: PickleMachine, items: readonly PyValue[]): void {
  const target = m.top();
  const into = target instanceof PyObject ? target.items : target instanceof PySequence && target.kind === 'list' ? target.items : null;
  if (into === null) throw new CodecError('stack', m.cursor.at);
  for (const item of items) into.push(item);
}

function set(m: PickleMachine, pairs: readonly PyValue[]): void {
  const target = m.top();
  const dict = target instanceof PyDict ? target : target instanceof PyObject ? target.entries : null;
  if (dict === null) throw new CodecError('stack', m.cursor.at);
  setItems(m, dict, pairs);
}

function setItems(m: PickleMachine, dict: PyDict, pairs: readonly PyValue[]): void {
  if (pairs.length % 2 !== 0) throw new CodecError('stack', m.cursor.at);
  for (let index = 0; index < pairs.length; index += 2) {
    dict.keys.push(pairs[index] as PyValue);
    dict.values.push(pairs[index + 1] as PyValue);
  }
}

function memoLine(m: PickleMachine): number {
  const text = m.line();
  if (!/^\d{1,9}$/u.test(text)) throw new CodecError('memo', m.cursor.at);
  return Number(text);
}
