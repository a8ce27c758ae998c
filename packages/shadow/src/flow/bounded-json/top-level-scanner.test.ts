import {describe, expect, test} from 'vitest';
import {TopLevelScanner, integerOf, scanTopLevel} from './top-level-scanner.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('reading a few scalars', () => {
  test('strings decoded, numbers as written, null and absent and containers as null', () => {
    expect(scanTopLevel(encode('{"a":"x","b":1.50,"c":null,"d":true,"e":[1],"f":"\\u00e9"}'), ['/a', '/b', '/c', '/d', '/e', '/f', '/g'])).toEqual(['x', '1.50', null, 'true', null, 'é', null]);
    expect(scanTopLevel(encode('{"a":"null","b":"","c":-7}'), ['/a', '/b', '/c'])).toEqual(['null', '', '-7']);
  });

  test('nested pointers, and pointers with escapes', () => {
    expect(scanTopLevel(encode('{"h":{"seq":[10,20]},"a/b":{"~":3}}'), ['/h/seq/1', '/a~1b/~0', '/h/seq/2'])).toEqual(['20', '3', null]);
  });

  test('the writing of Python: blanks after comma and colon', () => {
    const scanner = new TopLevelScanner(['/refSeqNum', '/account']);
    expect(scanner.check(encode('{"msgType": "8", "refSeqNum": 12, "account": "A", "px": -0.50}'))).toBe(true);
    expect([scanner.flat, scanner.integer(0), scanner.text(1), scanner.members]).toEqual([true, 12, 'A', 4]);
  });

  test('integers up to 2^53-1, also as text', () => {
    const scanner = new TopLevelScanner(['/n']);
    const read = (value: string): number => (scanner.find(encode(`{"n":${value}}`)) ? scanner.integer(0) : -2);
    expect(['0', '7', '"12"', '999999999999999', '9007199254740991', '9007199254740992', '-1', '1.0', '1e3', 'null', '"x"', '""', '12345678901234567'].map(read))
      .toEqual([0, 7, 12, 999_999_999_999_999, 9_007_199_254_740_991, -1, -1, -1, -1, -1, -1, -1, -1]);
    expect(integerOf('007')).toBe(7);
  });

  test('finding stops early, checking does not', () => {
    const scanner = new TopLevelScanner(['/a']);
    const spoilt = encode('{"a":5,"b":}');
    expect([scanner.find(spoilt), scanner.integer(0)]).toEqual([true, 5]);
    expect([scanner.check(spoilt), scanner.fault?.kind, scanner.integer(0)]).toEqual([false, 'syntax', 5]);
  });

  test('what stood before the fault can still be read', () => {
    const scanner = new TopLevelScanner(['/ref', '/late']);
    expect(scanner.find(encode('{"ref":41,"text":"cut he'))).toBe(false);
    expect([scanner.text(0), scanner.text(1), scanner.fault?.kind]).toEqual(['41', null, 'truncated']);
  });

  test('duplicate keys and colliding keys are told apart', () => {
    const scanner = new TopLevelScanner(['/a']);
    expect(scanner.check(encode('{"b":1,"b":2}'))).toBe(false);
    // 5 * "a" + "f" = 5 * "b" + "a": one hash, two keys
    expect([scanner.check(encode('{"af":1,"ba":2}')), scanner.flat]).toEqual([true, false]);
  });
});
