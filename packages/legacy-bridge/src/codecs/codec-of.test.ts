import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {deflateSync, gzipSync} from 'node:zlib';
import type {BinaryField, CodecSpec} from '@tandem/contract';
import {describe, expect, test} from 'vitest';
import {findProgram} from '../python-probe.ts';
import {layoutProblem} from './binary-codec.ts';
import {codecName, codecOf} from './codec-of.ts';

const read = (spec: CodecSpec, ...frames: (string | Uint8Array)[]): string => {
  const {text, fault} = codecOf(spec).decode(frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame) : frame)));
  return text === null ? `fault ${fault.kind} at ${fault.at}` : Buffer.from(text).toString('utf8');
};
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const msgpack: CodecSpec = {name: 'msgpack', keys: 'strict'};
const pickle: CodecSpec = {name: 'pickle', keys: 'strict'};
const packed = (inner: CodecSpec, bytesMax = 1e6, name: 'zlib' | 'gzip' = 'zlib'): CodecSpec => ({name, inner, bytesMax});
const delimited = (given: Partial<Extract<CodecSpec, {name: 'delimited'}>>): CodecSpec => ({name: 'delimited', delimiter: ',', columns: null, header: false, pairs: null, quote: null, ...given});
const field = (name: string, kind: BinaryField['kind'], given: Partial<BinaryField> = {}): BinaryField => ({name, kind, offset: null, length: null, scale: 0, endian: null, ...given});
const binary = (fields: readonly BinaryField[], given: Partial<Extract<CodecSpec, {name: 'binary'}>> = {}): Extract<CodecSpec, {name: 'binary'}> => ({name: 'binary', fields, endian: 'little', sizeBytes: null, ...given});

describe('MessagePack', () => {
  test.each([
    ['positive and negative fixint', '93 00 7f e0', '[0,127,-32]'], ['64-bit integers', '92 cf ffffffffffffffff d3 8000000000000000', '[18446744073709551615,-9223372036854775808]'],
    ['other integers', '96 cc ff cd ffff ce ffffffff d0 80 d1 8000 d2 80000000', '[255,65535,4294967295,-128,-32768,-2147483648]'],
    ['floats', '94 ca 3f000000 cb 3ff0000000000000 cb 7ff8000000000000 cb fff0000000000000', '[0.5,1.0,NaN,-Infinity]'], ['constants', '93 c0 c2 c3', '[null,false,true]'],
    ['octets', 'c4 02 00ff', '{"$bytes":"AP8="}'], ['text', 'd9 03 e5a49a', '"多"'], ['a map', '82 a1 62 01 a1 61 80', '{"b":1,"a":{}}'], ['a key that looks like ours', '81 a6 24 62 79 74 65 73 c0', '{"$$bytes":null}'],
    ['keys that are no text', '82 01 a1 61 a1 31 a1 62', '{"$map":[[1,"a"],["1","b"]]}'], ['extension', 'd4 05 01', '{"$ext":5,"$bytes":"AQ=="}'],
    ['timestamp 32', 'd6 ff 65a0bc00', '{"$timestamp":1705032704}'], ['timestamp 64', 'd7 ff 17d78400 65a0bc00', '{"$timestamp":1705032704.1}'], ['timestamp 96', 'c7 0c ff 00000001 ffffffffffffffff', '{"$timestamp":-0.999999999}'],
    ['two values', '01 01', 'fault trailing at 1'], ['nothing', '', 'fault truncated at 0'], ['the opcode that is none', 'c1', 'fault opcode at 0'], ['a forged length', 'dd ffffffff 01', 'fault truncated at 5'],
    ['a forged map', 'df ffffffff', 'fault truncated at 5'], ['wrong UTF-8', 'a1 ff', 'fault text at 1'], ['a key twice', '82 a1 61 01 a1 61 02', 'fault duplicate-key at -1'], ['depth', '91'.repeat(70), 'fault depth at -1'],
  ])('%s', (_name, octets, text) => {
    expect(read(msgpack, hex(octets))).toBe(text);
  });

  test('keys as Python\'s json writes them, when asked for', () => {
    expect(read({name: 'msgpack', keys: 'text'}, hex('84 01 00 c3 00 c0 00 cb 3ff8000000000000 00'))).toBe('{"1":0,"true":0,"null":0,"1.5":0}');
    expect(read({name: 'msgpack', keys: 'text'}, hex('82 01 00 a1 31 00'))).toBe('fault duplicate-key at -1');
  });

  const venv = [join(import.meta.dirname, '../../../../.venv/bin/python')].find((path) => existsSync(path)) ?? '';
  test.skipIf(venv === '')('as an independent encoder in Python writes it (needs the project\'s Python)', () => {
    const program = `
import json, random, sys, msgspec
chance = random.Random(11)
def made(depth):
    pick = chance.randrange(10)
    if depth > 3 or pick < 6: return [None, True, chance.randrange(-2**63, 2**64), chance.uniform(-1, 1) * 10.0 ** chance.randrange(-9, 20), "é多😀"[:chance.randrange(4)] * chance.randrange(90), chance.randrange(-40, 200)][pick % 6]
    if pick < 8: return [made(depth + 1) for _ in range(chance.randrange(20))]
    return {f"k{index}": made(depth + 1) for index in range(chance.randrange(20))}
for _ in range(300):
    value = made(0)
    print(msgspec.msgpack.encode(value).hex(), json.dumps(value, ensure_ascii=False, separators=(",", ":")))
`;
    const lines = execFileSync(venv, ['-I', '-c', program], {encoding: 'utf8', maxBuffer: 1e9}).trim().split('\n');
    expect(lines.length).toBe(300);
    for (const line of lines) expect(read(msgpack, hex(line.slice(0, line.indexOf(' '))))).toBe(line.slice(line.indexOf(' ') + 1));
  });
});

describe('pickles that no honest program writes', () => {
  test.each([
    ['a call of a system command', Buffer.from('cos\nsystem\n(S\'echo hacked\'\ntR.'), '{"$class":"os.system","$value":"echo hacked"}'], ['eval', Buffer.from('cbuiltins\neval\n(S\'1\'\ntR.'), /^fault callable/],
    ['a persistent id', Buffer.from('P1\n.'), /^fault opcode/], ['an extension code', hex('80 02 82 01 2e'), /^fault opcode/], ['a buffer from elsewhere', hex('80 05 97 2e'), /^fault opcode/],
    ['protocol 6', hex('80 06 4e 2e'), /^fault opcode/], ['an empty stack', Buffer.from('.'), /^fault stack/], ['a memo that is not there', hex('68 07 2e'), /^fault memo/], ['two values', Buffer.from('NN.'), /^fault stack/],
    ['octets behind the end', Buffer.from('N.N'), /^fault trailing/], ['a list in itself', hex('5d 94 68 00 61 2e'), /^fault depth/], ['a set in itself', hex('8f 94 28 68 00 90 2e'), /^fault depth/],
    ['a forged frame', hex('80 04 95 ffffffffffffffff 4e 2e'), /^fault truncated/], ['forged octets', hex('8e ffffffffffffff7f 2e'), /^fault truncated/], ['half a surrogate pair', hex('8c 03 eda080 2e'), /^fault text/],
    ['a key twice', hex('7d 28 8c 01 61 4e 8c 01 61 4e 75 2e'), /^fault duplicate-key/], ['a key that looks like ours', hex('7d 8c 06 24636c617373 4e 73 2e'), '{"$$class":null}'],
    ['keys of an object\'s prototype', hex('7d 8c 09 5f5f70726f746f5f5f 7d 73 2e'), '{"__proto__":{}}'],
  ])('%s', (_name, octets, text) => {
    const seen = read(pickle, octets);
    if (typeof text === 'string') expect(seen).toBe(text);
    else expect(seen).toMatch(text);
  });

  test('a few octets that would be billions of values cost little', () => {
    // each level holds the one below ten times
    const levels = Array.from({length: 30}, (_, level) => Buffer.concat([Buffer.from(']'), hex('94'), Buffer.from('('), Buffer.concat(Array.from({length: 10}, () => Uint8Array.of(0x68, level))), Buffer.from('e')]));
    const before = process.memoryUsage().rss;
    const startedMs = performance.now();
    expect(read(pickle, Buffer.concat([Buffer.from(']'), hex('94'), ...levels, Buffer.from('.')]))).toMatch(/^fault (stack|size)/);
    const bomb = Buffer.concat([hex('80 04 5d 94'), ...Array.from({length: 30}, (_, level) => Buffer.concat([Buffer.from(']'), hex('94'), Buffer.from('('), ...Array.from({length: 10}, () => Uint8Array.of(0x68, level)), Buffer.from('e'), Buffer.from([0x68, level + 1, 0x30])])), Buffer.from('.')]);
    expect(read(pickle, bomb)).toMatch(/^fault|^\[/);
    expect(read(pickle, new Uint8Array(5_000_000).fill(0x28))).toBe('fault size at -1');
    expect(read(pickle, new Uint8Array(4_000_000).fill(0x5d))).toMatch(/^fault size/);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  });
});

describe('compression', () => {
  test('is taken off, one layer after the other', () => {
    expect(read(packed({name: 'json'}), deflateSync('{"a": 1}'))).toBe('{"a": 1}');
    expect(read(packed(packed({name: 'json'}, 1e6, 'gzip')), deflateSync(gzipSync('[NaN]')))).toBe('[NaN]');
    expect(codecName(packed(packed(pickle, 1e6, 'gzip')))).toBe('zlib of gzip of pickle');
  });

  test.each([
    ['more than is allowed', packed({name: 'text'}, 1000), deflateSync('x'.repeat(1001)), 'fault size at -1'], ['a bomb', packed({name: 'text'}, 64e6), deflateSync(Buffer.alloc(30e6)), 'fault ratio at -1'],
    ['octets behind', packed({name: 'text'}), Buffer.concat([deflateSync('x'), Buffer.from('y')]), 'fault trailing at 9'], ['a cut stream', packed({name: 'text'}), deflateSync('hello hello hello').subarray(0, 12), 'fault compression at -1'],
    ['a wrong checksum', packed({name: 'text'}), Buffer.concat([deflateSync('abc').subarray(0, -1), Buffer.from([0])]), 'fault compression at -1'], ['nothing', packed({name: 'text'}), Buffer.alloc(0), 'fault compression at -1'],
    ['another format', packed({name: 'text'}), gzipSync('x'), 'fault compression at -1'], ['JSON that would change what is around it', packed({name: 'json'}), deflateSync('1],[2'), 'fault trailing at 1'],
  ])('%s', (_name, spec, octets, text) => {
    expect(read(spec, octets)).toBe(text);
  });
});

describe('delimited text', () => {
  test.each([
    ['fields of one line', {}, 'a,b,\r\n', '["a","b",""]'], ['named columns', {columns: ['id', 'px']}, '007,1.50', '{"id":"007","px":"1.50"}'], ['several lines', {columns: ['id']}, '1\n2\n', '[{"id":"1"},{"id":"2"}]'],
    ['a header', {header: true, delimiter: '|'}, 'id|px\n1|2\n', '[{"id":"1","px":"2"}]'], ['a header alone', {header: true}, 'id,px\n', '[]'], ['another number of fields', {columns: ['id', 'px']}, '1,2,3', 'fault shape at -1'],
    ['quotes', {quote: '"'}, 'a,"b ""c"", d\n e",f', '["a","b \\"c\\", d\\n e","f"]'], ['an open quote', {quote: '"'}, 'a,"b', 'fault truncated at 4'], ['text behind a quote', {quote: '"'}, '"a"b,c', 'fault shape at 3'],
    ['FIX', {delimiter: '\u0001', pairs: '='}, '35=D\u000111=ord=1\u0001448=A\u0001448=B\u0001', '{"35":"D","11":"ord=1","448":["A","B"]}'], ['no pair', {pairs: '='}, 'a', 'fault shape at -1'],
    ['a column that looks like ours', {columns: ['$bytes']}, 'x', '{"$$bytes":"x"}'], ['octets that are no text', {}, hex('ff'), 'fault text at 0'],
  ] as const)('%s', (_name, given, octets, text) => {
    expect(read(delimited(given), octets)).toBe(text);
  });
});

describe('fixed layouts', () => {
  const fields = [field('kind', 'u8'), field('seq', 'u64'), field('px', 'i64', {scale: 4}), field('qty', 'i32', {endian: 'big'}), field('ratio', 'f32'), field('fair', 'f64'), field('symbol', 'text', {length: 6}), field('flags', 'bytes', {length: 2})];

  test('are read as Python\'s struct reads them', () => {
    const python = findProgram('python3', process.env['PATH']);
    const made = python === null ? '07ffffffffffffffff2eb3feffffffffff000000050000003f9a9999999999b93f4254430000000001' : execFileSync(python, ['-c',
      'import struct; print((struct.pack("<BQq", 7, 2**64-1, -85202) + struct.pack(">i", 5) + struct.pack("<fd6s2s", 0.5, 0.1, b"BTC", b"\\x00\\x01")).hex())'], {encoding: 'utf8'}).trim();
    expect(read(binary(fields), hex(made))).toBe('{"kind":7,"seq":18446744073709551615,"px":-8.5202,"qty":5,"ratio":0.5,"fair":0.1,"symbol":"BTC","flags":{"$bytes":"AAE="}}');
    expect(read(binary(fields), hex(made).subarray(1))).toBe('fault truncated at 40');
    expect(read(binary(fields), Buffer.concat([hex(made), Buffer.from('x')]))).toBe('fault trailing at 41');
  });

  test('every kind, both ends first, with places given', () => {
    const kinds = [['u16', '0102', 513, 258], ['i16', 'ff80', -32513, -128], ['u32', '01000000', 1, 16_777_216], ['i8', 'ff', -1, -1]] as const;
    for (const [kind, octets, little, big] of kinds) {
      expect(read(binary([field('x', kind)]), hex(octets))).toBe(`{"x":${little}}`);
      expect(read(binary([field('x', kind)], {endian: 'big'}), hex(octets))).toBe(`{"x":${big}}`);
    }
    expect(read(binary([field('b', 'u8', {offset: 2}), field('a', 'u8', {offset: 0})], {sizeBytes: 4}), hex('01020304'))).toBe('{"b":3,"a":1}');
    expect(read(binary([field('x', 'i8', {scale: 2})]), hex('fb'))).toBe('{"x":-0.05}');
  });

  test.each([
    ['two fields are called "a"', [field('a', 'u8'), field('a', 'u8')], null], ['the field "a" needs a length', [field('a', 'text')], null],
    ['the field "a" is no integer, so it has no scale', [field('a', 'f64', {scale: 2})], null], ['the field "a" ends at 8, behind the 4 bytes of the layout', [field('a', 'u64')], 4],
  ])('%s', (problem, given, sizeBytes) => {
    expect(layoutProblem(packed(binary(given, {sizeBytes})))).toBe(problem);
  });
});

describe('several frames', () => {
  const named: CodecSpec = {name: 'multipart', parts: [{key: 'topic', codec: {name: 'text'}}, {key: 'body', codec: packed(msgpack)}, {key: 'rest', codec: {name: 'raw'}}]};

  test('each by its own codec', () => {
    expect(read(named, 'orders.1', deflateSync(hex('91 05')), hex('00'))).toBe('{"topic":"orders.1","body":[5],"rest":{"$bytes":"AA=="}}');
    expect(read({name: 'multipart', parts: [{key: null, codec: {name: 'text'}}, {key: null, codec: {name: 'json'}}]}, 'a', '{"b": NaN}')).toBe('["a",{"b": NaN}]');
    expect(codecOf(named).allFrames).toBe(true);
  });

  test('another number of frames is a fault, and so is a part that would change what is around it', () => {
    expect(read(named, 'a')).toBe('fault parts at -1');
    for (const text of ['1],[2', '{"a":1', '"a', '', '[1,]', '{"a"}', '01', '\u0000']) expect(read({name: 'multipart', parts: [{key: null, codec: {name: 'json'}}]}, text), text).toMatch(/^fault (json|trailing|truncated)/);
  });
});
