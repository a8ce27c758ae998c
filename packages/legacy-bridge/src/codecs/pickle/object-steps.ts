import {CodecError} from '../codec-error.ts';
import type {PickleMachine, PickleSteps} from './pickle-machine.ts';
import {reduced} from './known-reduces.ts';
import {PyDict, PyGlobal, PyObject, PySequence, PyText, type PyValue} from './pickle-value.ts';

const NAME_MAX = 1024;
/** names under which Python 3 writes its own modules into protocols 0 to 2 */
const OLD_MODULES: Readonly<Record<string, string>> = {__builtin__: 'builtins', copy_reg: 'copyreg', exceptions: 'builtins'};

/** Classes, calls and their state: all kept as data. */
export const OBJECT_STEPS: PickleSteps = {
  0x63: (m) => { m.push(globalOf(m, m.line(), m.line())); },
  0x93: (m) => {
    const [module, name] = m.popMany(2);
    if (!(module instanceof PyText) || !(name instanceof PyText)) throw new CodecError('callable', m.cursor.at);
    m.push(globalOf(m, module.text, name.text));
  },
  0x52: (m) => {
    const [callable, args] = m.popMany(2);
    m.push(reduced(nameOf(m, callable), argsOf(m, args), m.cursor.at));
  },
  0x81: (m) => {
    const [callable, args] = m.popMany(2);
    m.push(new PyObject(nameOf(m, callable), argsOf(m, args)));
  },
  0x92: (m) => {
    const [callable, args, kwargs] = m.popMany(3);
    if (!(kwargs instanceof PyDict)) throw new CodecError('callable', m.cursor.at);
    m.push(new PyObject(nameOf(m, callable), argsOf(m, args), kwargs));
  },
  0x62: (m) => {
    const state = m.pop();
    const target = m.top();
    if (!(target instanceof PyObject) || target.state !== undefined) throw new CodecError('callable', m.cursor.at);
    target.state = state;
  },
  0x69: (m) => {
    const made = globalOf(m, m.line(), m.line());
    m.push(new PyObject(made.name, m.popMark()));
  },
  0x6f: (m) => {
    const [callable, ...args] = m.popMark();
    m.push(new PyObject(nameOf(m, callable), args));
  },
};

function globalOf(m: PickleMachine, module: string, name: string): PyGlobal {
  if (module.length + name.length > NAME_MAX) throw new CodecError('size', m.cursor.at);
  return new PyGlobal(`${OLD_MODULES[module] ?? module}.${name}`, [module, name]);
}

function nameOf(m: PickleMachine, callable: PyValue | undefined): string {
  if (!(callable instanceof PyGlobal)) throw new CodecError('callable', m.cursor.at);
  return callable.name;
}

function argsOf(m: PickleMachine, args: PyValue | undefined): readonly PyValue[] {
  if (!(args instanceof PySequence) || args.kind !== 'tuple') throw new CodecError('callable', m.cursor.at);
  return args.items;
}
