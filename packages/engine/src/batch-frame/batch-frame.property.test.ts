import {Buffer} from 'node:buffer';
import {crc32 as zlibCrc32} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Chance, extremeRulebook, ExtremeTraffic} from '../../test/extreme-traffic.ts';
import {orderHarness, sha256} from '../../test/order-harness.ts';
import {deep, seed} from '../../test/seed.ts';
import {JsonDecoder} from '../order/json/json-decode.ts';
import {JsonEncoder} from '../order/json/json-encode.ts';
import {MSG_FAILED, MSG_TEST} from '../order/order-event.ts';
import {readRulebook} from '../order/rulebook-read.ts';
import {BatchOrderPath} from './batch-order-path.ts';
import {crc32} from './crc32.ts';
import {FrameReader} from './frame-reader.ts';
import {FrameWriter} from './frame-writer.ts';
import {encodeInput} from './input-encode.ts';
import {OutputDecode} from './output-decode.ts';
import {FRAME_BYTES_MAX, KIND_TRAILER, MAGIC} from './record-layout.ts';

/** The batch path of a rulebook, with its outputs written as JSON. */
const batchHarness = (rulebook: unknown): {lane: BatchOrderPath; accept(frame: Uint8Array): string[]} => {
  const buffer = new Uint8Array(FRAME_BYTES_MAX);
  let outputs: string[] = [];
  const text = new Uint8Array(1 << 16);
  let encoder: JsonEncoder | null = null;
  const drain = (writer: FrameWriter): void => {
    const decode = new OutputDecode(Uint8Array.from(buffer.subarray(0, writer.at)));
    const view = new DataView(buffer.buffer);
    for (let at = 0; at < writer.at; at += 32 + ((view.getUint32(at + 4, true) + 7) & ~7)) {
      const length = view.getUint32(at + 4, true);
      expect(view.getUint16(at, true)).toBe(MAGIC);
      expect(view.getUint32(at + 28, true)).toBe(zlibCrc32(buffer.subarray(at + 32, at + 32 + length), zlibCrc32(buffer.subarray(at, at + 28))));
      encoder!.use(text, 0);
      encoder!.encode(decode.decode(at));
      outputs.push(Buffer.from(text.subarray(0, encoder!.at)).toString('latin1'));
    }
    writer.use(buffer, 0);
  };
  const lane = new BatchOrderPath(readRulebook(Buffer.from(JSON.stringify(rulebook))), {digest: sha256, hashSeed: 3}, {flush: drain});
  encoder = new JsonEncoder(lane.path.names);
  lane.writer.use(buffer, 0);
  return {
    lane,
    accept(frame) {
      outputs = [];
      lane.acceptFrame(frame);
      drain(lane.writer);
      return outputs;
    },
  };
};

const toFrame = (decoder: JsonDecoder, messages: readonly Uint8Array[]): Buffer => {
  const writer = new FrameWriter();
  const buffer = Buffer.alloc(FRAME_BYTES_MAX);
  writer.use(buffer, 0);
  for (const message of messages) encodeInput(writer, decoder.decode(message));
  return Buffer.from(buffer.subarray(0, writer.at));
};

describe('batch frames', () => {
  it('say what JSON says: same outputs, same state, any traffic', () => {
    const seeds = fc.integer({min: 1, max: 2 ** 30});
    let compared = 0;
    fc.assert(fc.property(seeds, (trafficSeed) => {
      const chance = new Chance(trafficSeed);
      const book = extremeRulebook(chance);
      const traffic = new ExtremeTraffic(chance, book);
      const json = orderHarness(book.rulebook, trafficSeed);
      const batch = batchHarness(book.rulebook);
      const decoder = new JsonDecoder(json.lane.path.names);
      for (let i = 0; i < 250; i++) {
        const message = traffic.next();
        // what is not a valid message has no record; the batch wire has its own mischief, below
        if (decoder.decode(message).kind === MSG_FAILED) continue;
        const expected = [...json.accept(message)];
        traffic.observe(expected);
        expect(batch.accept(toFrame(decoder, [message]))).toEqual(expected);
        compared += expected.length;
      }
      expect(batch.lane.path.stateHash()).toBe(json.stateHash());
    }), {seed, numRuns: deep ? 400 : 15});
    expect(compared).toBeGreaterThan(500);
  });

  it('survive every flipped bit: the record is dropped and counted, or nothing was checked', () => {
    const chance = new Chance(seed);
    const book = extremeRulebook(chance);
    const traffic = new ExtremeTraffic(chance, book);
    const harness = orderHarness(book.rulebook);
    const {names} = harness.lane.path;
    const decoder = new JsonDecoder(names);
    const messages: Uint8Array[] = [];
    while (messages.length < 5) {
      const message = traffic.next();
      const {kind} = decoder.decode(message);
      if (kind !== MSG_FAILED && kind !== MSG_TEST) messages.push(message);
    }
    const frame = toFrame(decoder, messages);
    const clean = new FrameReader(names);
    clean.read(frame, () => undefined);
    expect(clean.counts).toMatchObject({records: 5, badRecords: 0, lostRests: 0});
    for (let bit = 0; bit < frame.length * 8; bit += deep ? 1 : 7) {
      const broken = Buffer.from(frame);
      broken[bit >> 3]! ^= 1 << (bit & 7);
      const reader = new FrameReader(names);
      let handed = 0;
      reader.read(broken, () => { handed++; });
      const {records, badRecords, lostRests} = reader.counts;
      expect(records).toBe(handed);
      // zero padding is not covered by a checksum, everything else is
      if (records === 5) expect(isPadding(frame, bit >> 3)).toBe(true);
      else expect(badRecords + lostRests).toBeGreaterThan(0);
    }
  });

  it('keep what stands around a bad record, and drop what has no border', () => {
    const {lane} = batchHarness(extremeRulebook(new Chance(3)).rulebook);
    const decoder = new JsonDecoder(lane.path.names);
    const tick = (seq: number): Uint8Array => Buffer.from(`{"msgType":"0","msgSeqNum":${seq},"transactTime":${seq}}`);
    const frame = toFrame(decoder, [1, 2, 3].map(tick));
    const spoil = (edit: (copy: Buffer) => void): {seen: number[]; bad: number; lost: number} => {
      const reader = new FrameReader(lane.path.names);
      const seen: number[] = [];
      const copy = Buffer.from(frame);
      edit(copy);
      reader.read(copy, (event) => { seen.push(event.num[0]!); });
      return {seen, bad: reader.counts.badRecords, lost: reader.counts.lostRests};
    };
    expect(spoil(() => undefined)).toEqual({seen: [1, 2, 3], bad: 0, lost: 0});
    expect(spoil((copy) => { copy[40 + 2] = 0x7f; })).toEqual({seen: [1, 3], bad: 1, lost: 0});
    expect(spoil((copy) => { copy[40 + 33] = 1; })).toEqual({seen: [1, 3], bad: 1, lost: 0});
    expect(spoil((copy) => { copy[40] = 0; })).toEqual({seen: [1], bad: 0, lost: 1});
    expect(spoil((copy) => { copy[40 + 1] = 2; })).toEqual({seen: [1], bad: 0, lost: 1});
    expect(spoil((copy) => { copy.writeUInt32LE(0xffff_ffff, 40 + 4); })).toEqual({seen: [1], bad: 0, lost: 1});
    expect(spoil((copy) => { copy.writeUInt32LE(16, 40 + 4); })).toEqual({seen: [1], bad: 1, lost: 1});
    expect(spoil((copy) => { copy.writeUInt32LE(0, 40 + 28); })).toEqual({seen: [1, 2, 3], bad: 0, lost: 0});
    const reader = new FrameReader(lane.path.names);
    reader.read(frame.subarray(0, 100), () => undefined);
    expect(reader.counts).toMatchObject({records: 2, lostRests: 1});
    const crowd = Buffer.concat(Array.from({length: 70}, (_, i) => toFrame(decoder, [tick(i + 1)])));
    reader.read(crowd, () => undefined);
    expect(reader.counts).toMatchObject({records: 66, crowded: 1});
  });

  it('answer values that break a rule like JSON does, in the same order', () => {
    const {lane, accept} = batchHarness(extremeRulebook(new Chance(3)).rulebook);
    const decoder = new JsonDecoder(lane.path.names);
    const symbol = lane.path.names.symbols.names[0]!;
    const good = toFrame(decoder, [Buffer.from(`{"msgType":"D","msgSeqNum":5,"transactTime":5,"account":"-","symbol":"${symbol}","clOrdId":"c","side":"1","ordType":"2","orderQty":"1","price":"1","tif":"1"}`)]);
    const reasonOf = (edit: (copy: Buffer) => void): unknown => {
      const copy = Buffer.from(good);
      edit(copy.subarray(32));
      copy.writeUInt32LE(0, 28);
      return (JSON.parse(accept(copy)[0]!) as {text: unknown}).text;
    };
    const at = (offset: number, ...octets: number[]) => (payload: Buffer): void => { payload.set(octets, offset); };
    expect(reasonOf(at(0, 0))).toBe('SCHEMA_FORMAT:transactTime');
    const cases: readonly [string, (payload: Buffer) => void][] = [
      ['SCHEMA_FORMAT:transactTime', at(6, 0x20)], ['SCHEMA_FORMAT:account', at(8, 0xfe, 0xff)], ['SCHEMA_FORMAT:account', at(8, 0xff, 0xff)], ['SCHEMA_FORMAT:symbol', at(10, 0xfe, 0xff)],
      ['SCHEMA_FORMAT:clOrdId', at(100, 0)], ['SCHEMA_FORMAT:clOrdId', at(100, 37)], ['SCHEMA_FORMAT:clOrdId', at(64, 0x20)], ['SCHEMA_FORMAT:clOrdId', at(64, 0x22)], ['SCHEMA_MISSING:side', at(12, 0)],
      ['SCHEMA_ENUM:side', at(12, 0x33)], ['SCHEMA_ENUM:ordType', at(13, 0x30)], ['SCHEMA_MISSING:orderQty', at(24, 255)], ['SCHEMA_FORMAT:orderQty', at(24, 10)], ['SCHEMA_FORMAT:orderQty', at(19, 0xff)],
      ['SCHEMA_FORMAT:orderQty', at(20, 1)], ['SCHEMA_FORMAT:orderQty', at(25, 2)], ['SCHEMA_MISSING:price', at(36, 255)], ['SCHEMA_EXTRA', at(48, 0)], ['SCHEMA_MISSING:tif', at(14, 0)], ['SCHEMA_ENUM:tif', at(14, 0x32)],
      ['SCHEMA_ENUM:execInst', at(15, 0x65)], ['SCHEMA_EXTRA', at(56, 1)], ['SCHEMA_FORMAT:expireTime', at(62, 0xff)],
    ];
    let seq = 6;
    for (const [text, edit] of cases) {
      good.writeUInt32LE(seq++, 8);
      expect(reasonOf(edit)).toBe(text);
    }
    good.writeUInt32LE(0, 8);
    expect(reasonOf(() => undefined)).toBe('SCHEMA_FORMAT:msgSeqNum');
  });

  it('end in trailers that tell what was sent', () => {
    const buffer = Buffer.alloc(FRAME_BYTES_MAX);
    const writer = new FrameWriter();
    writer.use(buffer, 0);
    const {names} = orderHarness(extremeRulebook(new Chance(3)).rulebook).lane.path;
    encodeInput(writer, new JsonDecoder(names).decode(Buffer.from('{"msgType":"0","msgSeqNum":77,"transactTime":5}')));
    writer.trailer(9);
    const at = writer.at - 64;
    expect([buffer[at + 2], buffer.readUInt32LE(at + 32), buffer.readBigUInt64LE(at + 40), buffer.readBigUInt64LE(at + 48), buffer.readBigUInt64LE(at + 56)]).toEqual([KIND_TRAILER, 9, 77n, 1n, 40n]);
    const reader = new FrameReader(names);
    reader.read(buffer.subarray(0, writer.at), () => undefined);
    expect(reader.counts).toMatchObject({records: 1, trailers: 1, badRecords: 0});
  });

  it('never throw or read beyond the frame, whatever the octets are', () => {
    const {lane, accept} = batchHarness(extremeRulebook(new Chance(3)).rulebook);
    const decoder = new JsonDecoder(lane.path.names);
    const good = toFrame(decoder, [Buffer.from('{"msgType":"0","msgSeqNum":1,"transactTime":1}')]);
    const hostile = fc.oneof(fc.uint8Array({maxLength: 200}), fc.tuple(fc.uint8Array({minLength: 32, maxLength: 600}), fc.constantFrom(0x44, 0x47, 0x46, 0x71, 0x38, 0x39, 0x57, 0x30, 0x31, 0x54)).map(([octets, kind]) => {
      // a header that is almost right, so that payloads are reached
      const copy = Buffer.from(octets);
      copy.writeUInt16LE(MAGIC, 0);
      copy[2] = kind;
      copy[3]! &= 3;
      const base = ({0x44: 104, 0x47: 120, 0x46: 96, 0x71: 56, 0x38: 120, 0x39: 88, 0x57: 40, 0x30: 8, 0x31: 48, 0x54: 32} as Readonly<Record<number, number>>)[kind]!;
      copy.writeUInt32LE(base + 40 * ((copy[3]! & 1) + (copy[3]! >> 1)), 4);
      copy.writeUInt32LE(0, 28);
      return copy;
    }));
    fc.assert(fc.property(hostile, (octets) => { accept(octets); }), {seed, numRuns: deep ? 200_000 : 3000});
    expect(accept(good).length).toBeLessThan(9);
  });

  it('are checked as zlib checks', () => {
    fc.assert(fc.property(fc.uint8Array({maxLength: 100}), fc.nat(100), fc.nat(0xffff_ffff), (octets, cut, before) => {
      const start = Math.min(cut, octets.length);
      const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
      expect(crc32(view, start, octets.length, before) >>> 0).toBe(zlibCrc32(octets.subarray(start), before));
    }), {seed, numRuns: 1000});
  });
});

const isPadding = (frame: Buffer, octet: number): boolean => {
  for (let at = 0; at < frame.length;) {
    const length = frame.readUInt32LE(at + 4);
    const next = at + 32 + ((length + 7) & ~7);
    if (octet < next) return octet >= at + 32 + length;
    at = next;
  }
  return false;
};
