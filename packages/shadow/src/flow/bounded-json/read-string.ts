import {EscapedString} from './json-value.ts';
import type {TextReader} from './text-reader.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
};

/** Reads the string whose opening quote has just been passed. */
export function readString(reader: TextReader): string | EscapedString | undefined {
  const {text} = reader;
  const start = reader.at;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) break;
    if (code === 0x5c) return readEscaped(reader, start, at);
    if (!(code >= 0x20)) return reader.fail('control-character', at);
    at += 1;
  }
  reader.at = at + 1;
  if (tooLong(reader, start, at)) return reader.fail('string-size', start);
  return text.slice(start, at);
}

/** The slow way, from the first backslash on. */
function readEscaped(reader: TextReader, start: number, from: number): EscapedString | undefined {
  const {text} = reader;
  const parts: string[] = [];
  let plainFrom = start;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) break;
    if (!(code >= 0x20)) return reader.fail('control-character', at);
    if (code !== 0x5c) {
      at += 1;
      continue;
    }
    parts.push(text.slice(plainFrom, at));
    const decoded = readEscape(reader, at + 1);
    if (decoded === undefined) return undefined;
    parts.push(decoded);
    at += text.charCodeAt(at + 1) === 0x75 ? 6 : 2;
    plainFrom = at;
  }
  parts.push(text.slice(plainFrom, at));
  reader.at = at + 1;
  if (tooLong(reader, start, at)) return reader.fail('string-size', start);
  const value = parts.join('');
  if (!value.isWellFormed()) return reader.fail('lone-surrogate', start);
  return new EscapedString(value, text.slice(start, at));
}

/** The character that the escape at `at` (after the backslash) means. */
function readEscape(reader: TextReader, at: number): string | undefined {
  const mark = reader.text.charAt(at);
  if (mark !== 'u') return SIMPLE_ESCAPES[mark] ?? reader.fail('escape', at);
  let code = 0;
  for (let index = at + 1; index <= at + 4; index += 1) {
    const digit = hexDigit(reader.text.charCodeAt(index));
    if (digit < 0) return reader.fail('escape', index);
    code = code * 16 + digit;
  }
  return String.fromCharCode(code);
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function tooLong(reader: TextReader, start: number, end: number): boolean {
  const units = end - start;
  const limit = reader.limits.stringBytesMax;
  if (units * 3 <= limit) return false;
  if (units > limit) return true;
  let bytes = 0;
  for (let at = start; at < end; at += 1) {
    const code = reader.text.charCodeAt(at);
    // a surrogate is half of a four-byte character
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes > limit;
}
