import {createHash} from 'node:crypto';
import {TandemError} from '@tandem/contract';

const DEPTH_MAX = 64;

/**
 * JSON with sorted keys (by code unit), two spaces, one final newline: the same value gives the same bytes on every host. Numbers have the shortest
 * text that reads back as the same double, -0 is 0. What JSON cannot say (NaN, Infinity, bigint, functions) is an error, never
 * a silent null; a member that is undefined is left out.
 */
export function canonicalJson(value: unknown): string {
  return `${write(value, '', 0)}\n`;
}

export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refuse(path: string, seen: string): TandemError {
  return new TandemError({id: 'TDM-E240', kind: 'invariant', what: 'A value cannot be written into a run folder.', where: path === '' ? '/' : path, seen});
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > DEPTH_MAX) throw refuse(path, `nested deeper than ${DEPTH_MAX}`);
  switch (typeof value) {
    case 'string': return JSON.stringify(value);
    case 'boolean': return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, String(value));
      return JSON.stringify(value);
    case 'object': break;
    default: throw refuse(path, typeof value);
  }
  if (value === null) return 'null';
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = value.map((item, index) => write(item, `${path}/${index}`, depth + 1));
    // Plain lists of numbers stay on one line: histograms of samples would else be a line a number.
    if (value.every((item) => typeof item === 'number')) return `[${items.join(', ')}]`;
    return `[\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, `an object of class ${value.constructor.name}`);
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => a < b ? -1 : 1);
  if (members.length === 0) return '{}';
  return `{\n${members.map(([key, member]) => `${indent}  ${JSON.stringify(key)}: ${write(member, `${path}/${key}`, depth + 1)}`).join(',\n')}\n${indent}}`;
}
