import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {isGap, messageBytes, readGap, readMessage, RingMessage, writeGap, writeHead, writeLength, type MessageHead} from './observation-record.ts';
import {ringMemory, RingReader, RING_BYTES_MIN, RingWriter} from './observation-ring.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
const STREAMS = ['orders', 'out/live/orders'];

/** one that carries into its upper half */
const OFFSET_NS = 1_795_000_000_123_456_789n | 0xffff_0000n;

/** What a reader of the log would make of it. */
const unpacked = ({stream, epoch, seq, tMonoNs, tWallHigh, tWallLow, partCount, identityBytes, octets, at, sizeBytes}: RingMessage): unknown => {
  let place = at + 4 * partCount;
  const next = (bytes: number): Buffer => Buffer.from(Uint8Array.from(octets.subarray(place, place += bytes)));
  const identity = next(identityBytes).toString('utf8');
  const frames = Array.from({length: partCount}, (_, part) => next(octets.readUInt32LE(at + 4 * part)).toString('hex'));
  expect(place).toBe(at + sizeBytes);
  return {stream, epoch, seq, tMonoNs, tWallNs: (BigInt(tWallHigh) << 32n) | BigInt(tWallLow), identity, frames};
};

const write = (ring: RingWriter, head: MessageHead, parts: readonly Uint8Array[]): boolean => {
  const at = ring.reserve(messageBytes(head, parts.length, parts.reduce((sum, part) => sum + part.length, 0)));
  if (at < 0) return false;
  let place = writeHead(ring, at, head, parts.length);
  for (const [index, part] of parts.entries()) {
    writeLength(ring, at, index, part.length);
    ring.octets.set(part, place);
    place += part.length;
  }
  ring.commit();
  return true;
};

describe(`the ring between tap and log, seed ${seed}`, () => {
  it('gives every record that had room, whole and in order, however the ends take turns', () => {
    const record = fc.record({stream: fc.nat(1), epoch: fc.nat(1000), identity: fc.string({unit: 'binary', maxLength: 255}), parts: fc.array(fc.uint8Array({maxLength: 9000}), {maxLength: 6}), isGap: fc.boolean(), reads: fc.nat(4)});
    fc.assert(fc.property(fc.array(record, {minLength: 1, maxLength: 200}), (records) => {
      const memory = ringMemory(RING_BYTES_MIN);
      const writer = new RingWriter(memory), reader = new RingReader(memory);
      const packed = new RingMessage(reader, STREAMS);
      packed.wallOffsetNs = OFFSET_NS;
      const expected: unknown[] = [], got: unknown[] = [];
      const read = (most: number): void => {
        for (let left = most; left > 0 && reader.next(); left -= 1) {
          if (isGap(reader)) {
            got.push(readGap(reader, STREAMS));
            continue;
          }
          const whole = readMessage(reader, STREAMS, OFFSET_NS);
          const message = {...whole, frames: whole.frames.map((frame) => Buffer.from(frame).toString('hex'))};
          packed.read();
          expect(unpacked(packed)).toEqual(message);
          got.push(message);
        }
        reader.release();
      };
      let refused = 0;
      for (const [index, {stream, epoch, identity, parts, isGap, reads}] of records.entries()) {
        const seq = index + 1, tMonoNs = index * 987_654_321 + 7;
        if (isGap) {
          const count = index % 3 === 0 ? null : index;
          if (writeGap(writer, {stream, epoch, afterSeq: seq, count, reason: `näher ${index}`, tMonoNs})) expected.push({stream: STREAMS[stream], epoch, afterSeq: seq, count, reason: `näher ${index}`, tMonoNs});
          else refused += 1;
        } else if (write(writer, {stream, epoch, seq, tMonoNs, identity: Buffer.from(identity)}, parts)) {
          expected.push({stream: STREAMS[stream], epoch, seq, tMonoNs, tWallNs: OFFSET_NS + BigInt(tMonoNs), identity, frames: parts.map((part) => Buffer.from(part).toString('hex'))});
        } else refused += 1;
        if (writer.usedBytes > RING_BYTES_MIN) throw new Error('more used than there is');
        read(reads);
      }
      read(Infinity);
      expect(got).toEqual(expected);
      expect(writer.usedBytes).toBe(0);
      expect(got.length + refused).toBe(records.length);
    }), {seed, numRuns: 60});
  });

  it('goes on after its positions have wrapped at 32 bits', () => {
    const memory = ringMemory(RING_BYTES_MIN);
    const writer = new RingWriter(memory), reader = new RingReader(memory);
    const big = new Uint8Array(RING_BYTES_MIN / 4 - 64);
    const head = {stream: 0, epoch: 0, seq: 0, tMonoNs: 0, identity: new Uint8Array(0)};
    // 2^32 octets and some more, at 16 KiB a record
    for (let n = 0; n < 2 ** 32 / big.length + 100; n += 1) {
      head.seq = n;
      const at = writer.reserve(messageBytes(head, 1, big.length));
      if (at < 0) throw new Error(`no room at ${n}`);
      writeHead(writer, at, head, 1);
      writeLength(writer, at, 0, big.length);
      writer.commit();
      if (!reader.next() || reader.view.getFloat64(reader.at + 16, true) !== n) throw new Error(`lost ${n}`);
      reader.release();
    }
    expect(writer.usedBytes).toBe(0);
  });

  it('refuses what would not fit and never waits', () => {
    const writer = new RingWriter(ringMemory(RING_BYTES_MIN));
    expect(writer.reserve(RING_BYTES_MIN)).toBe(-1);
    let taken = 0;
    while (writer.reserve(1000) >= 0) {
      writer.commit();
      taken += 1;
    }
    expect(taken).toBe(Math.floor(RING_BYTES_MIN / 1008));
    expect(() => ringMemory(100_000)).toThrow(RangeError);
  });
});
