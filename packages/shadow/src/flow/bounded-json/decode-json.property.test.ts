import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createJsonDecoder, decodeJson} from './decode-json.ts';
import {textOf} from './json-text.ts';
import {JsonNumber, JsonObject, stringOf} from './json-value.ts';
import type {JsonValue} from './json-value.ts';
import {TopLevelScanner} from './top-level-scanner.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Back to plain values, numbers as doubles. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof JsonObject) return new Map(value.keys().map((key, index) => [key, plain(value.values[index] as JsonValue)]));
  if (Array.isArray(value)) return (value as JsonValue[]).map(plain);
  return stringOf(value) ?? value;
}

function mapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value).map(([key, member]) => [key, mapped(member)]));
  return value;
}

test('decodes whatever JSON.stringify writes', () => {
  fc.assert(fc.property(fc.jsonValue({maxDepth: 6}), fc.nat(3), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    const result = decodeJson(encode(text));
    if (!text.isWellFormed() || /\\ud[89a-f]/iu.test(text)) return;
    expect(result.ok && plain(result.json.root)).toEqual(mapped(JSON.parse(text)));
  }), {numRuns: 500});
});

test('writes back what it read', () => {
  fc.assert(fc.property(fc.jsonValue({maxDepth: 5, noUnicodeString: true}), (value) => {
    const text = JSON.stringify(value);
    const first = decodeJson(encode(text));
    const again = first.ok ? decodeJson(encode(textOf(first.json.root))) : null;
    expect(again?.ok && first.ok && textOf(again.json.root)).toBe(first.ok && textOf(first.json.root));
  }), {numRuns: 300});
});

test('never throws, whatever the bytes, and agrees with JSON.parse on what is well formed', () => {
  const decoder = createJsonDecoder();
  const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
  const noise = fc.oneof(
    fc.uint8Array({maxLength: 40}),
    fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'u', 'a', '0', '1', '-', '.', 'e', ' ', 'true', 'null', 'NaN', '"k":', '"k"', '\\u00e9'), {maxLength: 24}).map((parts) => encode(parts.join(''))),
  );
  fc.assert(fc.property(noise, (bytes) => {
    const result = decoder.decode(bytes);
    let reference: boolean;
    try {
      JSON.parse(utf8.decode(bytes));
      reference = true;
    } catch {
      reference = false;
    }
    // the only differences: Python's literals are accepted, duplicate keys and halves of surrogate pairs are not
    if (result.ok && !reference) expect(textOf(result.json.root)).toMatch(/NaN|Infinity/u);
    if (!result.ok && reference) expect(['duplicate-key', 'lone-surrogate']).toContain(result.fault.kind);
  }), {numRuns: 3000});
});

test('one pass over the bytes accepts nothing that decoding refuses, and reads the same', () => {
  const decoder = createJsonDecoder();
  const scanner = new TopLevelScanner(['/a', '/refSeqNum']);
  const scalar = fc.oneof(fc.string({maxLength: 6}), fc.integer(), fc.double({noNaN: true, noDefaultInfinity: true}), fc.boolean(), fc.constant(null));
  const flat = fc.uniqueArray(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'refSeqNum', 'x'), fc.string({maxLength: 3})), scalar), {selector: ([key]) => key, maxLength: 8});
  const damage = fc.tuple(fc.nat(200), fc.constantFrom('', '"', ',', ':', '}', ' ', '0', '\\', 'e', '\u0001'));
  fc.assert(fc.property(flat, fc.option(damage, {nil: null}), (members, hurt) => {
    let text = `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
    if (hurt !== null) text = text.slice(0, hurt[0] % text.length) + hurt[1] + text.slice((hurt[0] % text.length) + 1);
    const bytes = encode(text);
    const decoded = decoder.decode(bytes);
    expect(scanner.check(bytes)).toBe(decoded.ok);
    if (!decoded.ok || !(decoded.json.root instanceof JsonObject)) return;
    for (const [index, key] of ['a', 'refSeqNum'].entries()) {
      const value = decoded.json.root.get(key);
      const expected = value instanceof JsonNumber ? value.text : typeof value === 'boolean' ? String(value) : value === undefined || typeof value === 'object' && !(stringOf(value) !== null) ? null : stringOf(value);
      expect(scanner.text(index)).toBe(expected);
      expect(scanner.find(bytes)).toBe(true);
      expect(scanner.text(index)).toBe(expected);
      scanner.check(bytes);
    }
  }), {numRuns: 3000});
});
