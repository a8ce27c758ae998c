import {describe, expect, test} from 'vitest';
import {createJsonDecoder, decodeJson} from './decode-json.ts';
import {describeFault} from './json-fault.ts';
import {textOf} from './json-text.ts';
import {EscapedString} from './json-value.ts';
import type {JsonNumber, JsonObject} from './json-value.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function fault(input: string | Uint8Array): string {
  const result = decodeJson(typeof input === 'string' ? encode(input) : input);
  return result.ok ? `accepted ${textOf(result.json.root, 60)}` : describeFault(result.fault);
}

describe('what it keeps', () => {
  test('numbers keep their text', () => {
    const numbers = ['0', '-0', '-0.0', '1.0', '1.10', '9007199254740993', '1e400', '1E+16', '1e-05', '123456789012345678901234567890.5', 'NaN', 'Infinity', '-Infinity'];
    const result = decodeJson(encode(`[${numbers.join(', ')}]`));
    expect(result.ok && textOf(result.json.root)).toBe(`[${numbers.join(',')}]`);
    expect(result.ok && (result.json.root as JsonNumber[]).map((number) => number.special)).toEqual(numbers.map((text) => /[NI]/u.test(text)));
  });

  test('strings keep their value, and their source when it had escapes', () => {
    const result = decodeJson(encode('["é😀", "\\u00e9\\ud83d\\ude00\\n\\/", ""]'));
    expect(result.ok && result.json.root).toEqual(['é😀', new EscapedString('é😀\n/', '\\u00e9\\ud83d\\ude00\\n\\/'), '']);
  });

  test('keys keep their order and mean nothing', () => {
    const result = decodeJson(encode('{"b":1,"10":2,"9":3,"__proto__":{"x":4},"constructor":5}'));
    expect(result.ok).toBe(true);
    const root = result.ok ? (result.json.root as JsonObject) : null;
    expect(root?.keys()).toEqual(['b', '10', '9', '__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect(root?.get('toString')).toBeUndefined();
    expect(textOf(root as JsonObject)).toBe('{"b":1,"10":2,"9":3,"__proto__":{"x":4},"constructor":5}');
  });

  test('white space and escaped keys are counted', () => {
    const result = decodeJson(encode(' {"a" : 1,\n\t"\\u0062": [ ] } \r'));
    expect(result.ok && [result.json.whitespaceChars, result.json.escapedKeys]).toEqual([10, 1]);
  });

  test('objects of one decoder with the same keys share a shape', () => {
    const decoder = createJsonDecoder();
    const shapes = ['{"a":1,"b":2}', '{"a":3,"b":{"a":1,"b":2}}', '{"b":1,"a":2}'].map((text) => {
      const result = decoder.decode(encode(text));
      return result.ok ? (result.json.root as JsonObject).shape : null;
    });
    expect(shapes[0]).toBe(shapes[1]);
    expect(shapes[0]).not.toBe(shapes[2]);
  });
});

describe('what it refuses', () => {
  test.each([
    ['', 'no value at 0'], ['  \n', 'no value at 3'], ['{', 'ends in the middle of a value at 1'], ['{"a":1', 'ends in the middle of a value at 6'],
    ['[1,]', 'unexpected character at 3'], ['[,1]', 'unexpected character at 1'], ['{"a":1,}', 'unexpected character at 7'], ['{a:1}', 'unexpected character at 1'],
    ['{"a" 1}', 'unexpected character at 5'], ['{"a":1 "b":2}', 'unexpected character at 7'], ['[1 2]', 'unexpected character at 3'], ["{'a':1}", 'unexpected character at 1'],
    ['[1}', 'unexpected character at 2'], ['{"a":1]', 'unexpected character at 6'], ['1 2', 'bytes after the value at 2'], ['{} {}', 'bytes after the value at 3'],
    ['\ufeff{}', 'starts with a byte order mark at 0'], ['{"a":1,"a":2}', 'a key twice in one object at 7'], ['{"a":1,"\\u0061":2}', 'a key twice in one object at 7'],
    ['[{"x":{"k":1,"k":1}}]', 'a key twice in one object at 13'], ['"\\ud83d"', 'half of a surrogate pair at 1'], ['"\\ude00\\ud83d"', 'half of a surrogate pair at 1'],
    ['"\\x41"', 'unknown escape in a string at 2'], ['"\\u12g4"', 'unknown escape in a string at 5'], ['"a\nb"', 'control character in a string at 2'], ['"abc', 'ends in the middle of a value at 4'],
    ['01', 'bytes after the value at 1'], ['-', 'ends in the middle of a value at 1'], ['-a', 'not a JSON number at 1'], ['1.', 'ends in the middle of a value at 2'], ['[1.]', 'not a JSON number at 3'],
    ['.5', 'unexpected character at 0'], ['+1', 'unexpected character at 0'], ['1e', 'ends in the middle of a value at 2'], ['[1e+]', 'not a JSON number at 4'], ['0x10', 'bytes after the value at 1'],
    ['1_000', 'bytes after the value at 1'], ['nan', 'unknown literal at 0'], ['tru', 'ends in the middle of a value at 3'], ['True', 'unexpected character at 0'], ['None', 'unknown literal at 0'],
    ['-NaN', 'not a JSON number at 1'], ['undefined', 'unexpected character at 0'], ['/**/1', 'unexpected character at 0'], ['"\u0000"', 'control character in a string at 1'],
  ])('%j', (text, what) => {
    expect(fault(text)).toBe(what);
  });

  test('bytes that are not UTF-8', () => {
    for (const bytes of [[0x22, 0xff, 0x22], [0x22, 0xc0, 0xaf, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22]]) {
      expect(fault(Uint8Array.from(bytes))).toBe('not UTF-8 at 0');
    }
  });

  test('what is cut anywhere', () => {
    const whole = encode('{"a":[1,-2.5e3,"x\\u00e9é",true,null,{"b":{}}],"c":"d"}');
    for (let length = 0; length < whole.length; length += 1) expect(decodeJson(whole.subarray(0, length)).ok).toBe(false);
    expect(decodeJson(whole).ok).toBe(true);
  });
});

describe('limits', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  test('depth 64 and no deeper, without recursion', () => {
    expect(fault(nested(64))).toMatch(/^accepted/u);
    expect(fault(nested(65))).toBe('nested deeper than the limit at 64');
    expect(fault('{"a":'.repeat(200_000))).toBe('nested deeper than the limit at 320');
  });

  test('10,000 keys in one object', () => {
    const keys = (count: number): string => `{${Array.from({length: count}, (_, index) => `"k${String(index)}":0`).join()}}`;
    expect(fault(keys(10_000))).toMatch(/^accepted/u);
    expect(fault(keys(10_001))).toMatch(/^more keys/u);
    expect(fault(keys(5000).replace('"k4999"', '"k7"'))).toMatch(/^a key twice/u);
  });

  test('strings of 256 KiB, counted in bytes', () => {
    expect(fault(`"${'x'.repeat(262_144)}"`)).toMatch(/^accepted/u);
    expect(fault(`"${'x'.repeat(262_145)}"`)).toMatch(/^string longer/u);
    expect(fault(`"${'é'.repeat(131_072)}"`)).toMatch(/^accepted/u);
    expect(fault(`"${'é'.repeat(131_073)}"`)).toMatch(/^string longer/u);
    expect(fault(`"${'😀'.repeat(65_536)}"`)).toMatch(/^accepted/u);
    expect(fault(`"${'😀'.repeat(65_537)}"`)).toMatch(/^string longer/u);
  });

  test('messages of 1 MiB', () => {
    const spaces = ' '.repeat(1024 * 1024 - 2);
    expect(fault(`[${spaces}]`)).toMatch(/^accepted/u);
    expect(fault(`[${spaces} ]`)).toMatch(/^message longer/u);
  });

  test('keys that never repeat cost no memory for ever', () => {
    const decoder = createJsonDecoder();
    let accepted = 0;
    for (let index = 0; index < 20_000; index += 1) {
      const name = `key-${String(index)}`;
      const result = decoder.decode(encode(`{"${name}":1,"b":2}`));
      if (result.ok && (result.json.root as JsonObject).keys()[0] === name) accepted += 1;
      if (index > 19_000) expect(decoder.decode(encode(`{"${name}":1,"${name}":2}`)).ok).toBe(false);
    }
    expect(accepted).toBe(20_000);
  });
});
