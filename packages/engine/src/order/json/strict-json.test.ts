import {Buffer} from 'node:buffer';
import {describe, expect, it} from 'vitest';
import {JsonSyntaxError, parseStrictJson, type JsonNumber, type JsonValue} from './strict-json.ts';

const parse = (text: string | Uint8Array): JsonValue => parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text, 8);

describe('strict JSON', () => {
  it.each(['{}', '[]', ' [ 1 , -0 , 1.5e+3 , "" ] ', '{"a":{"b":[true,false,null]}}', '"\\u00e9\\n\\/\\ud83d\\ude00"', '"\\ud800"', '1E400', '"\u007f"', '{"__proto__":1,"":2}', '[[[[[[[[1]]]]]]]]', '"é😀"'])('takes %s', (text) => {
    expect(() => parse(text)).not.toThrow();
  });

  it.each([
    '', ' ', '{', '}', '[', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '[1,]', '[,1]', '[1 2]', '{"a":1 "b":2}', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "{'a':1}", '{a:1}', 'nul', 'NaN', 'Infinity', '-Infinity',
    '-', '+1', '01', '-01', '1.', '.5', '1e', '1e+', '0x1', '"', '"\\x"', '"\\u12g4"', '"\\u+123"', '"\t"', '"\n"', '1 2', '{} x', '\ufeff{}', '\u00a0{}', '{}\u000b', '[[[[[[[[[1]]]]]]]]]', '// x\n1', 'truee', 'tru',
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(JsonSyntaxError);
  });

  it.each([[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])('refuses octets %j in a string: not UTF-8', (...octets) => {
    expect(() => parse(Buffer.from([0x22, ...octets.flat(), 0x22]))).toThrow(JsonSyntaxError);
  });

  it('keeps numbers as they were written, and keys apart from prototypes', () => {
    const value = parse('{"n":9007199254740993,"__proto__":{"x":-0}}') as ReadonlyMap<string, JsonValue>;
    expect((value.get('n') as JsonNumber).text).toBe('9007199254740993');
    expect([...value.keys()]).toEqual(['n', '__proto__']);
  });
});
