import {deflateSync} from 'node:zlib';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import type {CodecSpec} from '@tandem/contract';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {codecOf} from './codec-of.ts';
import {checkJson} from './json-check.ts';
import {TEXT_LIMITS} from './json-text.ts';

const SEED = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
const DEEP = process.env['TANDEM_DEEP'] === '1';
/** of each property: as many as fit into its part of the budget when it looks deep */
const RUNS = DEEP ? 5_000_000 : 800;
const PART_MS = Math.floor(Number(process.env['TANDEM_BUDGET_MS'] ?? 360_000) / 12);
const bounds = {seed: SEED, numRuns: RUNS, ...(DEEP ? {interruptAfterTimeLimit: PART_MS} : {})};

const pickle: CodecSpec = {name: 'pickle', keys: 'strict'};
const SPECS: readonly (readonly [string, CodecSpec])[] = [
  ['pickle', pickle], ['pickle, keys as text', {name: 'pickle', keys: 'text'}], ['msgpack', {name: 'msgpack', keys: 'strict'}], ['msgpack, keys as text', {name: 'msgpack', keys: 'text'}],
  ['zlib of pickle', {name: 'zlib', inner: pickle, bytesMax: 1e6}], ['json inside', {name: 'multipart', parts: [{key: 'a', codec: {name: 'json'}}]}], ['text', {name: 'text'}], ['raw', {name: 'raw'}],
  ['delimited', {name: 'delimited', delimiter: ',', columns: null, header: true, pairs: null, quote: '"'}], ['pairs', {name: 'delimited', delimiter: '\u0001', columns: null, header: false, pairs: '=', quote: null}],
  ['binary', {name: 'binary', endian: 'big', sizeBytes: null, fields: [{name: 'a', kind: 'f64', offset: null, length: null, scale: 0, endian: null}, {name: 'b', kind: 'text', offset: null, length: 3, scale: 0, endian: null}]}],
];

const corpus = gunzipSync(readFileSync(join(import.meta.dirname, 'fixtures/python-values.jsonl.gz'))).toString('utf8').trim().split('\n')
  .map((line) => Buffer.from((JSON.parse(line) as {octets: string}).octets, 'base64')).filter((octets) => octets.length < 2000);
/** real pickles with a few octets replaced, left out or doubled, and their compressed form */
const mutated = fc.record({base: fc.constantFrom(...corpus), edits: fc.array(fc.record({at: fc.nat(2000), value: fc.nat(255), sort: fc.nat(3)}), {maxLength: 6}), pack: fc.boolean()}).map(({base, edits, pack}) => {
  let octets = Buffer.from(base);
  for (const {at, value, sort} of edits) {
    const place = at % Math.max(1, octets.length);
    if (sort === 0) octets = Buffer.concat([octets.subarray(0, place), octets.subarray(place + 1)]);
    else if (sort === 1) octets = Buffer.concat([octets.subarray(0, place), octets.subarray(Math.max(0, place - value))]);
    else if (octets.length > 0) octets[place] = value;
  }
  return new Uint8Array(pack ? deflateSync(octets) : octets);
});
const OPCODES = [...'(012IJKLMNPQSTUVXa bcdeghijlopqrstu]}).F'].map((text) => text.charCodeAt(0)).concat(Array.from({length: 25}, (_, index) => 0x80 + index));
const programs = fc.array(fc.oneof(fc.constantFrom(...OPCODES), fc.nat(255), fc.nat(3)), {maxLength: 60}).map((octets) => Uint8Array.from(octets));
const hostile = fc.oneof(fc.uint8Array({maxLength: 200}), mutated, programs);

describe(`any octets (seed ${SEED})`, () => {
  test.each(SPECS)('%s: text within its limits that is JSON, or a typed fault', (_name, spec) => {
    const codec = codecOf(spec);
    fc.assert(fc.property(fc.array(hostile, {minLength: 1, maxLength: 2}), (frames) => {
      const {text, fault} = codec.decode(frames);
      if (text === null) expect(fault.kind).not.toBe('defect');
      else {
        expect(text.length).toBeLessThanOrEqual(TEXT_LIMITS.bytesMax);
        checkJson(new TextDecoder('utf-8', {fatal: true}).decode(text));
      }
    }), bounds);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, DEEP ? PART_MS + 60_000 : 30_000);

  test('every beginning of a pickle is a fault, and the whole is none', () => {
    for (const octets of corpus.slice(0, 60)) {
      const codec = codecOf(octets[0] === 0x78 ? {name: 'zlib', inner: pickle, bytesMax: 1e6} : pickle);
      for (let length = 0; length < octets.length; length += 1) expect(codec.decode([octets.subarray(0, length)]).text).toBeNull();
      expect(codec.decode([octets]).fault).toBeNull();
    }
  });

  test('JSON that the engine reads is JSON here, and the other way round', () => {
    const odd = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-0.5e+3', 'null', ' ', '\n', '01', '"\\u12', '"\\n"', '\t', 'true'), {maxLength: 12}).map((parts) => parts.join(''));
    const reads = (parse: () => unknown): boolean => {
      try {
        parse();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(fc.property(fc.oneof(odd, fc.json()), (text) => { expect(reads(() => { checkJson(text); })).toBe(reads(() => JSON.parse(text) as unknown)); }), {...bounds, numRuns: RUNS * 4});
  }, DEEP ? PART_MS + 60_000 : 30_000);
});
