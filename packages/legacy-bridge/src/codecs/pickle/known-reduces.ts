import {CodecError} from '../codec-error.ts';
import {dateText, dateTimeText, daysMicros, offsetText, timeText} from './datetime-text.ts';
import {numpyScalar} from './numpy-values.ts';
import {PyBytes, PyDict, PyGlobal, PyNumber, PyObject, PySequence, PyTagged, PyText, type PyValue} from './pickle-value.ts';

/** Calls whose meaning is known and fixed; anything that does not have exactly the known form stays an object. */
type Known = (args: readonly PyValue[]) => PyValue | null;

const KNOWN: Readonly<Record<string, Known>> = {
  '_codecs.encode': ([text, encoding]) => (text instanceof PyText && encoding instanceof PyText && encoding.text === 'latin1' ? latin1(text.text) : null),
  'builtins.bytes': (args) => (args.length === 0 ? new PyBytes(new Uint8Array(0)) : bytesOf(args)),
  'builtins.bytearray': (args) => {
    const made = args.length === 0 ? new PyBytes(new Uint8Array(0)) : bytearrayOf(args);
    return made === null ? null : new PyBytes(made.octets, true);
  },
  'builtins.set': setOf,
  'builtins.frozenset': setOf,
  'builtins.getattr': ([owner, name]) => (owner instanceof PyGlobal && name instanceof PyText ? new PyGlobal(`${owner.name}.${name.text}`) : null),
  'copyreg._reconstructor': reconstructed,
  'copyreg.__newobj__': ([made, ...args]) => (made instanceof PyGlobal ? new PyObject(made.name, args) : null),
  'copyreg.__newobj_ex__': ([made, args, kwargs]) => (made instanceof PyGlobal && args instanceof PySequence && kwargs instanceof PyDict ? new PyObject(made.name, args.items, kwargs) : null),
  'datetime.datetime': ([octets, zone]) => {
    const text = octets instanceof PyBytes ? dateTimeText(octets.octets) : null;
    if (text === null) return null;
    if (zone instanceof PyTagged && zone.tag === '$timezone') return new PyTagged('$datetime', new PyText(`${text}${zone.value instanceof PyText ? zone.value.text : ''}`));
    return new PyTagged('$datetime', new PyText(text), zone === undefined || zone === null ? null : {tag: '$tz', value: zone});
  },
  'datetime.date': ([octets]) => tagged('$date', octets instanceof PyBytes ? dateText(octets.octets) : null),
  'datetime.time': ([octets, zone]) => (zone === undefined ? tagged('$time', octets instanceof PyBytes ? timeText(octets.octets) : null) : null),
  'datetime.timedelta': ([days, seconds, micros]) => {
    const total = daysMicros([days, seconds, micros]);
    return total === null ? null : new PyTagged('$timedeltaUs', new PyNumber(String(total), true));
  },
  'datetime.timezone': ([offset, name]) => (name === undefined && offset instanceof PyTagged && offset.tag === '$timedeltaUs' && offset.value instanceof PyNumber ? tagged('$timezone', offsetText(BigInt(offset.value.text))) : null),
  'decimal.Decimal': ([text]) => tagged('$decimal', text instanceof PyText ? text.text : null),
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy._core.multiarray.scalar': numpyScalar,
};

/** Arguments of the known form at most: what has more says something that would be lost. */
const ARGS_MAX: Readonly<Record<string, number>> = {
  '_codecs.encode': 2, 'builtins.bytes': 1, 'builtins.bytearray': 2, 'builtins.set': 1, 'builtins.frozenset': 1, 'builtins.getattr': 2, 'copyreg._reconstructor': 3, 'copyreg.__newobj_ex__': 3,
  'datetime.datetime': 2, 'datetime.date': 1, 'datetime.time': 2, 'datetime.timedelta': 3, 'datetime.timezone': 2, 'decimal.Decimal': 1, 'numpy.core.multiarray.scalar': 2, 'numpy._core.multiarray.scalar': 2,
};

/** What a call would give, as data. */
export function reduced(name: string, args: readonly PyValue[], at: number): PyValue {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  if (name === 'builtins.eval' || name === 'builtins.exec') throw new CodecError('callable', at);
  return (args.length > (ARGS_MAX[name] ?? Infinity) ? null : known?.(args)) ?? new PyObject(name, args);
}

const tagged = (tag: string, text: string | null): PyTagged | null => (text === null ? null : new PyTagged(tag, new PyText(text)));

/** How protocols 0 and 1 say what later ones say with opcodes of their own: an instance with the content of its built-in base class. */
function reconstructed([made, base, content]: readonly PyValue[]): PyObject | null {
  if (!(made instanceof PyGlobal) || !(base instanceof PyGlobal) || content === undefined) return null;
  if (base.name === 'builtins.tuple' && content instanceof PySequence) return new PyObject(made.name, content.items);
  const object = new PyObject(made.name, base.name === 'builtins.object' || content instanceof PyDict || content instanceof PySequence ? [] : [content]);
  if (content instanceof PySequence) for (const item of content.items) object.items.push(item);
  if (content instanceof PyDict) {
    for (const key of content.keys) object.entries.keys.push(key);
    for (const value of content.values) object.entries.values.push(value);
  }
  return object;
}

function setOf(args: readonly PyValue[]): PyValue | null {
  const [items] = args;
  if (args.length === 0) return new PySequence('set', []);
  return items instanceof PySequence && args.length === 1 ? new PySequence('set', items.items) : null;
}

function latin1(text: string): PyBytes | null {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return null;
  return new PyBytes(new Uint8Array(Buffer.from(text, 'latin1')));
}

function bytesOf([octets]: readonly PyValue[]): PyBytes | null {
  if (octets instanceof PyBytes) return octets;
  if (!(octets instanceof PySequence)) return null;
  const values = octets.items.map((item) => (item instanceof PyNumber ? Number(item.text) : -1));
  return values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255) ? new PyBytes(Uint8Array.from(values)) : null;
}

/** Protocols below 5 give the octets, or a text and how it is encoded. */
function bytearrayOf([content, encoding]: readonly PyValue[]): PyBytes | null {
  if (!(content instanceof PyText)) return bytesOf([content as PyValue]);
  return encoding instanceof PyText && encoding.text === 'latin-1' ? latin1(content.text) : null;
}
