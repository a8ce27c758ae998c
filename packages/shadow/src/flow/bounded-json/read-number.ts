import {JsonNumber} from './json-value.ts';
import type {TextReader} from './text-reader.ts';

/** Reads the number that starts at the cursor; its text is kept, its value is nobody's business here. */
export function readNumber(reader: TextReader): JsonNumber | undefined {
  const {text} = reader;
  const start = reader.at;
  let at = start;
  if (text.charCodeAt(at) === 0x2d) at += 1;
  const first = text.charCodeAt(at);
  if (first === 0x49) return readWord(reader, start === at ? 'Infinity' : '-Infinity');
  if (first === 0x30) at += 1;
  else {
    const from = at;
    at = skipDigits(text, at);
    if (at === from) return reader.fail('number', at);
  }
  if (text.charCodeAt(at) === 0x2e) {
    const from = at + 1;
    at = skipDigits(text, from);
    if (at === from) return reader.fail('number', at);
  }
  const mark = text.charCodeAt(at);
  if (mark === 0x65 || mark === 0x45) {
    at += 1;
    const sign = text.charCodeAt(at);
    if (sign === 0x2b || sign === 0x2d) at += 1;
    const from = at;
    at = skipDigits(text, at);
    if (at === from) return reader.fail('number', at);
  }
  reader.at = at;
  return new JsonNumber(text.slice(start, at));
}

/** Reads one of Python's literals, which JSON does not have. */
export function readWord(reader: TextReader, word: 'NaN' | 'Infinity' | '-Infinity'): JsonNumber | undefined {
  if (!reader.text.startsWith(word, reader.at)) {
    const cut = word.startsWith(reader.text.slice(reader.at));
    return reader.fail('literal', cut ? reader.text.length : reader.at);
  }
  reader.at += word.length;
  return new JsonNumber(word);
}

function skipDigits(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (!(code >= 0x30 && code <= 0x39)) return at;
    at += 1;
  }
}
