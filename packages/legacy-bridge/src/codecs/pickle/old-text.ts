import {CodecError} from '../codec-error.ts';
import {PyBytes, PyText} from './pickle-value.ts';

const SIMPLE: Readonly<Record<string, number>> = {'\\': 0x5c, '\'': 0x27, '"': 0x22, 'a': 7, 'b': 8, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11};

/** A quoted literal of Python 2's repr; ASCII is text, anything else bytes. */
export function readStringLiteral(line: string, at: number): PyText | PyBytes {
  const quote = line[0];
  if (line.length < 2 || (quote !== '\'' && quote !== '"') || !line.endsWith(quote)) throw new CodecError('text', at);
  const octets: number[] = [];
  const inner = line.slice(1, -1);
  for (let index = 0; index < inner.length; index += 1) {
    const code = inner.charCodeAt(index);
    if (code !== 0x5c) {
      if (code > 0x7f) throw new CodecError('text', at);
      octets.push(code);
      continue;
    }
    const mark = inner[index + 1] ?? '';
    const simple = SIMPLE[mark];
    const hex = mark === 'x' ? /^[0-9a-fA-F]{2}/u.exec(inner.slice(index + 2, index + 4))?.[0] : undefined;
    if (simple === undefined && hex === undefined) throw new CodecError('text', at);
    octets.push(simple ?? Number.parseInt(hex as string, 16));
    index += simple === undefined ? 3 : 1;
  }
  const bytes = Uint8Array.from(octets);
  return bytes.every((octet) => octet < 0x80) ? new PyText(Buffer.from(bytes).toString('latin1')) : new PyBytes(bytes);
}

/** Python's raw-unicode-escape: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function decodeRawUnicode(octets: Uint8Array, at: number): string {
  const raw = Buffer.from(octets).toString('latin1');
  return raw.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/gu, (_all, short: string | undefined, long: string | undefined) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff) throw new CodecError('text', at);
    return String.fromCodePoint(code);
  });
}
