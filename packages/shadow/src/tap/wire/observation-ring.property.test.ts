import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {messageBytes, readRecord, writeGap, writeHead, type MessageHead} from './observation-record.ts';
import {ringMemory, RingReader, RING_BYTES_MIN, RingWriter} from './observation-ring.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
const STREAMS = ['orders', 'out/live/orders'];

const write = (ring: RingWriter, head: MessageHead, parts: readonly Uint8Array[]): boolean => {
  const at = ring.reserve(messageBytes(head, parts.length, parts.reduce((sum, part) => sum + part.length, 0)));
  if (at < 0) return false;
  let place = writeHead(ring, at, head, parts.length);
  for (const part of parts) {
    ring.view.setUint32(place, part.length, true);
    ring.octets.set(part, place + 4);
    place += 4 + part.length;
  }
  ring.commit();
  return true;
};

describe(`the ring between tap and log, seed ${seed}`, () => {
  it('gives every record that had room, whole and in order, however the ends take turns', () => {
    const record = fc.record({stream: fc.nat(1), epoch: fc.nat(1000), identity: fc.uint8Array({maxLength: 255}), parts: fc.array(fc.uint8Array({maxLength: 9000}), {maxLength: 6}), isGap: fc.boolean(), reads: fc.nat(4)});
    fc.assert(fc.property(fc.array(record, {minLength: 1, maxLength: 200}), (records) => {
      const memory = ringMemory(RING_BYTES_MIN);
      const writer = new RingWriter(memory), reader = new RingReader(memory);
      const expected: unknown[] = [], got: unknown[] = [];
      const read = (most: number): void => {
        for (let left = most; left > 0 && reader.next(); left -= 1) {
          const found = readRecord(reader, STREAMS, 5n);
          got.push('gap' in found ? found.gap : {...found.message, frames: found.message.frames.map((frame) => Buffer.from(frame).toString('hex'))});
        }
        reader.release();
      };
      let refused = 0;
      for (const [index, {stream, epoch, identity, parts, isGap, reads}] of records.entries()) {
        const seq = index + 1, tMonoNs = index * 1000 + 7;
        if (isGap) {
          const count = index % 3 === 0 ? null : index;
          if (writeGap(writer, {stream, epoch, afterSeq: seq, count, reason: `näher ${index}`, tMonoNs})) expected.push({stream: STREAMS[stream], epoch, afterSeq: seq, count, reason: `näher ${index}`, tMonoNs});
          else refused += 1;
        } else if (write(writer, {stream, epoch, seq, tMonoNs, identity}, parts)) {
          expected.push({stream: STREAMS[stream], epoch, seq, tMonoNs, tWallNs: 5n + BigInt(tMonoNs), identity: Buffer.from(identity).toString('latin1'), frames: parts.map((part) => Buffer.from(part).toString('hex'))});
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
      writer.view.setUint32(writeHead(writer, at, head, 1), 0, true);
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
