import {deflateSync, gzipSync, gunzipSync, inflateSync} from 'node:zlib';
import type {BinaryField, CodecSpec, RedactPlan} from '@tandem/contract';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {fixOf, msgpackOf, pickleOf, type Tree} from './fixtures/encoders.ts';
import {allBut, faultsOf, formsOf, listed, messageOf, redactorOf, textOf} from './fixtures/hidden-copy.ts';

const SEED = Number(process.env['TANDEM_SEED'] ?? 20_261_128);
const DEEP = process.env['TANDEM_DEEP'] === '1';
const PART_MS = Math.floor(Number(process.env['TANDEM_BUDGET_MS'] ?? 360_000) / 20);
const bounds = {seed: SEED, numRuns: DEEP ? 5_000_000 : 40, ...(DEEP ? {interruptAfterTimeLimit: PART_MS} : {})};

/** A message, and what must not be found in what is logged of it. */
interface Planted {
  readonly frames: readonly Uint8Array[];
  readonly secrets: readonly string[];
}
interface Case {
  readonly name: string;
  readonly spec: CodecSpec;
  readonly plan: RedactPlan;
  readonly planted: fc.Arbitrary<Planted>;
}

/** Long enough to be found nowhere by chance; some cannot stand in JSON, or in ASCII, as they are. */
const secret = fc.tuple(fc.stringMatching(/^[A-Za-z0-9]{12}$/u), fc.constantFrom('', '"', '\\', 'é', '多', '\n', ' 1')).map(([one, odd]) => `${one}${odd}z9`);
/** without what parts fields */
const plainSecret = fc.stringMatching(/^[A-Za-z0-9]{14}$/u);
const text = fc.oneof(fc.string({maxLength: 6}), fc.constantFrom('BUY', 'x'.repeat(40), '多'));
const scalar = fc.oneof(text, fc.integer(), fc.double({noNaN: true, noDefaultInfinity: true}), fc.boolean(), fc.constant(null));

/** A document in which secrets stand under `secret`, at any depth, alone and in containers, several times the same. */
const document = (withOctets: boolean): fc.Arbitrary<{value: Tree; secrets: readonly string[]}> => fc.uniqueArray(secret, {minLength: 1, maxLength: 3}).chain((secrets) => {
  const hidden = fc.oneof(fc.constantFrom(...secrets), ...(withOctets ? [fc.constantFrom(...secrets).map((one): Tree => new Uint8Array(Buffer.from(one)))] : []), fc.array(fc.constantFrom(...secrets), {maxLength: 2}), fc.constantFrom(...secrets).map((one): Tree => ({inner: [one, 7]})));
  const {node} = fc.letrec<{node: Tree}>((tie) => ({
    node: fc.oneof({maxDepth: 3}, scalar as fc.Arbitrary<Tree>, fc.array(tie('node'), {maxLength: 3}),
      fc.tuple(fc.dictionary(fc.stringMatching(/^[a-z$]{1,4}$/u).filter((one) => one !== '$set'), tie('node'), {maxKeys: 3}), fc.option(hidden, {nil: undefined})).map(([rest, one]): Tree => (one === undefined ? rest : {...rest, secret: one}))),
  }));
  return fc.tuple(node, hidden).map(([value, one]) => ({value: {a: value, secret: one}, secrets}));
});
const planted = (encode: (value: Tree, at: number) => Uint8Array, withOctets = true): fc.Arbitrary<Planted> => fc.tuple(document(withOctets), fc.nat(5)).map(([{value, secrets}, at]) => ({frames: [encode(value, at)], secrets}));

const pickle: CodecSpec = {name: 'pickle', keys: 'strict'};
const msgpack: CodecSpec = {name: 'msgpack', keys: 'strict'};
const field = (name: string, kind: BinaryField['kind'], length: number | null = null): BinaryField => ({name, kind, offset: null, length, scale: 0, endian: null});
const fixFields = fc.tuple(fc.array(fc.tuple(fc.constantFrom('35', '55', '38', '44', '58'), fc.stringMatching(/^[A-Z0-9.]{1,5}$/u)), {maxLength: 6}), fc.array(plainSecret, {minLength: 1, maxLength: 3}))
  .map(([rest, secrets]): Planted => ({frames: [fixOf([...rest.slice(0, 2), ...secrets.map((one) => ['448', one] as const), ...rest.slice(2), ['95', String(secrets[0]?.length)], ['96', secrets[0] ?? '']])], secrets}));
const csv = fc.array(fc.tuple(fc.stringMatching(/^[a-z,]{0,4}$/u), plainSecret, fc.stringMatching(/^[0-9]{1,3}$/u)), {minLength: 1, maxLength: 4}).map((rows): Planted => ({
  frames: [Buffer.from(`a,secret,b\n${rows.map(([one, hidden, other]) => `"${one}","${hidden}",${other}`).join('\r\n')}\n`)], secrets: rows.map(([, hidden]) => hidden),
}));

const listedSecret = listed('/**/secret');
const CASES: readonly Case[] = [
  {name: 'JSON', spec: {name: 'json'}, plan: listedSecret, planted: planted((value) => Buffer.from(JSON.stringify(value)), false)},
  {name: 'MessagePack', spec: msgpack, plan: listedSecret, planted: planted(msgpackOf)},
  {name: 'pickle', spec: pickle, plan: listedSecret, planted: planted(pickleOf)},
  {name: 'pickle, all but', spec: pickle, plan: allBut('/a', '/a/**/b'), planted: planted(pickleOf)},
  {name: 'MessagePack, all but', spec: msgpack, plan: allBut('/a', '/a/**/b'), planted: planted(msgpackOf)},
  {name: 'zlib of pickle', spec: {name: 'zlib', inner: pickle, bytesMax: 1e6}, plan: listedSecret, planted: planted((value, at) => deflateSync(pickleOf(value, at)))},
  {name: 'gzip of MessagePack', spec: {name: 'gzip', inner: msgpack, bytesMax: 1e6}, plan: listedSecret, planted: planted((value) => gzipSync(msgpackOf(value)))},
  {name: 'gzip of zlib of JSON', spec: {name: 'gzip', inner: {name: 'zlib', inner: {name: 'json'}, bytesMax: 1e6}, bytesMax: 1e6}, plan: listedSecret, planted: planted((value) => gzipSync(deflateSync(JSON.stringify(value))), false)},
  {name: 'multipart', spec: {name: 'multipart', parts: [{key: 'secret', codec: {name: 'text'}}, {key: 'body', codec: pickle}, {key: 'more', codec: {name: 'json'}}]}, plan: listedSecret,
    planted: fc.tuple(document(true), document(false), secret).map(([one, other, topic]) => ({frames: [Buffer.from(topic), pickleOf(one.value, 4), Buffer.from(JSON.stringify(other.value))], secrets: [topic, ...one.secrets, ...other.secrets]}))},
  {name: 'FIX', spec: {name: 'delimited', delimiter: '\u0001', columns: null, header: false, pairs: '=', quote: null}, plan: listed('/448', '/96'), planted: fixFields},
  {name: 'FIX, all but', spec: {name: 'delimited', delimiter: '\u0001', columns: null, header: false, pairs: '=', quote: null}, plan: allBut('/35', '/8', '/9', '/10', '/95'), planted: fixFields},
  {name: 'CSV', spec: {name: 'delimited', delimiter: ',', columns: null, header: true, pairs: null, quote: '"'}, plan: listed('/*/secret'), planted: csv},
  {name: 'text', spec: {name: 'text'}, plan: listed('/**'), planted: secret.map((one) => ({frames: [Buffer.from(one)], secrets: [one]}))},
  {name: 'raw', spec: {name: 'raw'}, plan: listed('/$bytes'), planted: secret.map((one) => ({frames: [Buffer.from(one)], secrets: [one]}))},
];

describe(`a planted secret (seed ${SEED})`, () => {
  test.each(CASES)('$name: is found in no form, and everything else is as it was', ({spec, plan, planted: messages}) => {
    const redact = redactorOf(spec, plan);
    fc.assert(fc.property(messages, ({frames, secrets}) => {
      const before = redact.counts().whole;
      const {frames: copy} = redact(messageOf(...frames));
      expect(redact.counts().whole).toBe(before);
      const octets = copy.flatMap((frame) => [Buffer.from(frame), ...unpacked(frame)]);
      for (const one of secrets) for (const form of formsOf(one)) expect(octets.some((place) => place.includes(form)), one).toBe(false);
      const [was, is] = [textOf(spec, frames), textOf(spec, copy)].map((each) => JSON.parse(each) as unknown);
      expect(faultsOf(derived(was), derived(is), plan)).toEqual([]);
      // the same twice, and nothing more when it is hidden already
      expect(redact(messageOf(...frames)).frames).toEqual(copy);
      expect(textOf(spec, redact(messageOf(...copy)).frames)).toBe(textOf(spec, copy));
    }), bounds);
    // the search finds what is not hidden
    const open = redactorOf(spec, listed('/nowhere'));
    const found = fc.sample(messages, {seed: SEED, numRuns: 20}).filter(({frames, secrets}) => {
      const octets = open(messageOf(...frames)).frames.flatMap((frame) => [Buffer.from(frame), ...unpacked(frame)]);
      return secrets.some((one) => formsOf(one).some((form) => octets.some((place) => place.includes(form))));
    });
    expect(found.length).toBeGreaterThan(10);
  }, DEEP ? PART_MS + 60_000 : 30_000);

  test('equal values have equal tags in all formats, different ones different tags', () => {
    const tagsIn = (spec: CodecSpec, octets: Uint8Array): string[] => {
      const {secret: tags} = JSON.parse(textOf(spec, redactorOf(spec, listedSecret)(messageOf(octets)).frames)) as {secret: string[]};
      return tags;
    };
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom('a', 'b', '1'), fc.integer({min: -3, max: 3}), fc.double({noNaN: true, noDefaultInfinity: true})), {minLength: 2, maxLength: 6}), (values) => {
      const tags = tagsIn({name: 'json'}, Buffer.from(JSON.stringify({secret: values})));
      expect(tagsIn(msgpack, msgpackOf({secret: values}))).toEqual(tags);
      for (let protocol = 0; protocol <= 5; protocol += 1) expect(tagsIn(pickle, pickleOf({secret: values}, protocol))).toEqual(tags);
      const name = (value: string | number): string => (Object.is(value, -0) ? '0' : String(value));
      for (const [at, one] of values.entries()) for (const [other, two] of values.entries()) expect(tags[at] === tags[other], `${one} ${two}`).toBe(name(one) === name(two));
    }), {...bounds, numRuns: DEEP ? 100_000 : 100});
  });

  test('any octets: never a mistake of ours, never a payload that its codec cannot read', () => {
    fc.assert(fc.property(fc.constantFrom(...CASES), fc.uint8Array({maxLength: 60}), fc.nat(), (one, noise, at) => {
      const redact = redactorOf(one.spec, one.plan);
      const frames = one.spec.name === 'multipart' ? [noise, noise, noise] : [noise.length > 0 && noise.length % 2 === 0 ? broken(pickleOf({secret: 'planted-secret'}, at % 6), noise, at) : noise];
      const {frames: copy} = redact(messageOf(...frames));
      for (const [index, frame] of copy.entries()) {
        if (!Buffer.from(frames[index] as Uint8Array).includes('planted-secret') || redact.counts().whole === 0) continue;
        expect(Buffer.from(frame).includes('planted-secret')).toBe(false);
      }
      expect(textOf(one.spec, frames).startsWith('fault') && redact.counts().whole === 0).toBe(false);
    }), {...bounds, numRuns: DEEP ? 1_000_000 : 600});
  });

  test('fixed layouts: places and sizes stay, equal values stay equal, different integers and octets different', () => {
    const kinds: readonly BinaryField['kind'][] = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64'];
    const spec: CodecSpec = {name: 'binary', endian: 'big', sizeBytes: 80, fields: [...kinds.map((kind) => field(kind, kind)), field('short', 'text', 4), field('long', 'text', 26), field('octets', 'bytes', 3)]};
    const redact = redactorOf(spec, listed('/u8', '/u16', '/u32', '/u64', '/i8', '/i16', '/i32', '/i64', '/f64', '/octets', '/long'));
    const copies = new Map<string, string>(), origins = new Map<string, string>();
    fc.assert(fc.property(fc.uint8Array({minLength: 42, maxLength: 42}), fc.stringMatching(/^[a-z]{16}$/u), fc.stringMatching(/^[a-z]{1,3}$/u), (numbers, long, short) => {
      const payload = Buffer.concat([numbers, Buffer.from(short.padEnd(4, '\0')), Buffer.from(long.padEnd(26, '\0')), numbers.subarray(0, 3), Buffer.from('gap!!')]);
      const {frames: [copy = new Uint8Array(0)]} = redact(messageOf(payload));
      expect(copy.length).toBe(payload.length);
      const [was, is] = [payload, copy].map((octets) => JSON.parse(textOf(spec, [octets]).replace(/:(-?Infinity|NaN)/gu, ':null').replace(/:(-?\d[\d.e+-]*)/gu, ':"$1"')) as Record<string, string>) as [Record<string, string>, Record<string, string>];
      for (const name of ['f32', 'short']) expect(is[name]).toBe(was[name]);
      expect(is['long']).toMatch(/^red_[\w-]{22}$/u);
      expect(Number(is['f64'])).toBeGreaterThanOrEqual(1);
      expect(Buffer.from(copy).includes(long)).toBe(false);
      expect(Buffer.from(copy.subarray(-5)).toString()).toBe('gap!!');
      for (const name of [...kinds.filter((kind) => !kind.startsWith('f')), 'octets']) {
        const [old, made] = [`${name} ${JSON.stringify(was[name])}`, `${name} ${JSON.stringify(is[name])}`];
        expect(copies.get(old) ?? made).toBe(made);
        expect(origins.get(made) ?? old).toBe(old);
        copies.set(old, made);
        origins.set(made, old);
      }
    }), bounds);
    const everything = redactorOf({...spec, fields: [field('a', 'text', 6)], sizeBytes: 8}, allBut('/a'))(messageOf(Buffer.from('ab\0cdeXY'))).frames[0];
    expect(Buffer.from(everything ?? '').toString()).toBe('ab\0\0\0\0\0\0');
  });

  test('lengths and sums of FIX follow, and wrong ones stay wrong', () => {
    const spec: CodecSpec = {name: 'delimited', delimiter: '\u0001', columns: null, header: false, pairs: '=', quote: null};
    const redact = redactorOf(spec, listed('/1', '/96'));
    const message = fixOf([['35', 'D'], ['1', 'A-4711'], ['95', '6'], ['96', 'secret'], ['58', 'plain']]);
    const copy = Buffer.from(redact(messageOf(message)).frames[0] ?? '').toString();
    expect(copy).toMatch(/^8=FIX\.4\.4\u00019=\d+\u000135=D\u00011=red_[\w-]{22}\u000195=26\u000196=red_[\w-]{22}\u000158=plain\u000110=\d{3}\u0001$/u);
    const fields = copy.split('\u0001').slice(2, -2).map((one) => one.split('=') as [string, string]);
    expect(copy).toBe(fixOf(fields).toString());
    const wrong = message.toString().replace(/10=\d{3}/u, (sum) => `10=${String((Number(sum.slice(3)) + 5) % 256).padStart(3, '0')}`);
    const hidden = Buffer.from(redact(messageOf(Buffer.from(wrong))).frames[0] ?? '').toString();
    expect((Number(hidden.slice(-4, -1)) - Number(copy.slice(-4, -1)) + 256) % 256).toBe(5);
    expect(redact.counts().whole).toBe(0);
  });
});

/** What a reader who unpacks sees. */
const unpacked = (frame: Uint8Array): Buffer[] => {
  for (const unpack of [inflateSync, gunzipSync]) {
    try {
      const inner = unpack(frame);
      return [inner, ...unpacked(inner)];
    } catch {
      // not packed in this way
    }
  }
  return [];
};

const broken = (octets: Uint8Array, noise: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(octets);
  copy[at % copy.length] = noise[0] as number;
  return copy;
};

/** What follows from the rest of a FIX message is not compared. */
const derived = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, '8')) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !['9', '10', '95'].includes(name)));
};
