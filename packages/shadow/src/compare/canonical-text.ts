import {EscapedString, JsonNumber, JsonObject} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import {parseDecimal} from './decimal.ts';

/** A text that two values share exactly when they mean the same: keys sorted, numbers without format, strings without escapes. */
export function canonicalText(value: JsonValue): string {
  const done: string[] = [];
  const pending: (JsonValue | {readonly raw: string})[] = [value];
  while (pending.length > 0) {
    const next = pending.pop() as JsonValue | {readonly raw: string};
    if (next instanceof JsonObject) {
      const order = next.keys().map((key, index) => ({key, index})).sort((left, right) => (left.key < right.key ? 1 : -1));
      done.push('{');
      pending.push({raw: '}'});
      for (const {key, index} of order) pending.push({raw: ','}, next.values[index] as JsonValue, {raw: `${JSON.stringify(key)}:`});
    } else if (Array.isArray(next)) {
      const members = next as readonly JsonValue[];
      done.push('[');
      pending.push({raw: ']'});
      for (let index = members.length - 1; index >= 0; index -= 1) pending.push({raw: ','}, members[index] as JsonValue);
    } else done.push(scalar(next as Exclude<typeof next, readonly JsonValue[]>));
  }
  return done.join('');
}

function scalar(value: null | boolean | string | EscapedString | JsonNumber | {readonly raw: string}): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof EscapedString) return JSON.stringify(value.value);
  if (value instanceof JsonNumber) {
    const number = parseDecimal(value.text);
    if (number === null) return value.text;
    return number.digits === '' ? '0' : `${number.negative ? '-' : ''}${number.digits}e${String(number.exponent)}`;
  }
  return value.raw;
}
