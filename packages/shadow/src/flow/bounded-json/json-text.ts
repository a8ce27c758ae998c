import {EscapedString, JsonNumber, JsonObject} from './json-value.ts';
import type {JsonValue} from './json-value.ts';

/** What stands between two pieces of text that are still to be written. */
type Pending = JsonValue | {readonly raw: string};

/** A value as JSON text without spaces, numbers as written, at most about `charsMax` characters (then an ellipsis). */
export function textOf(value: JsonValue, charsMax = Number.POSITIVE_INFINITY): string {
  const pending: Pending[] = [value];
  let text = '';
  while (pending.length > 0) {
    if (text.length > charsMax) return `${text.slice(0, charsMax - 1)}…`;
    text += writeNext(pending.pop() as Pending, pending);
  }
  return text.length > charsMax ? `${text.slice(0, charsMax - 1)}…` : text;
}

function writeNext(item: Pending, pending: Pending[]): string {
  if (item === null || typeof item === 'boolean') return String(item);
  if (typeof item === 'string') return `"${item}"`;
  if (item instanceof EscapedString) return `"${item.text}"`;
  if (item instanceof JsonNumber) return item.text;
  if (item instanceof JsonObject) {
    pending.push({raw: '}'});
    const keys = item.keys();
    for (let index = keys.length - 1; index >= 0; index -= 1) {
      pending.push(item.values[index] as JsonValue, {raw: `${index > 0 ? ',' : ''}${JSON.stringify(keys[index])}:`});
    }
    return '{';
  }
  if (Array.isArray(item)) {
    const members = item as readonly JsonValue[];
    pending.push({raw: ']'});
    for (let index = members.length - 1; index >= 0; index -= 1) {
      pending.push(members[index] as JsonValue);
      if (index > 0) pending.push({raw: ','});
    }
    return '[';
  }
  return (item as {readonly raw: string}).raw;
}

/** Bytes as text for a person, at most `charsMax` characters; invalid UTF-8 shows as U+FFFD. */
export function textOfBytes(bytes: Uint8Array, charsMax: number): string {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, charsMax * 4));
  return text.length > charsMax || bytes.length > charsMax * 4 ? `${text.slice(0, charsMax - 1)}…` : text;
}
