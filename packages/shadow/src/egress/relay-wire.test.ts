import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RelayItem} from '../flow/ownership-output.ts';
import {decodeRelayFrame, encodeBatch, encodeJsonFrame, type RelayBatch} from './relay-wire.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);

function batch(count: number): RelayBatch {
  const items: RelayItem[] = [];
  for (let index = 0; index < count; index += 1) {
    const pos = 100 + index;
    if (index % 7 === 3) items.push({kind: 'watermark', lane: 'candidate', pos, causeSeq: 2 ** 50 + index});
    else if (index % 7 === 5) items.push({kind: 'life', lane: 'candidate', pos, incarnation: index, life: 'down'});
    else items.push({kind: 'output', lane: 'candidate', pos, incarnation: 3, partition: `Kontö ${index}`, causeSeq: 2 ** 40 + index, ordinal: index, outputKind: '8', payload: Buffer.from(`payload ${index}`)});
  }
  return {kind: 'batch', lane: 'candidate', fedSeq: 2 ** 51, firstPos: 100, sentBefore: 100 + count, items};
}

describe(`relay frames, seed ${seed}`, () => {
  test('a batch comes out as it went in', () => {
    for (const count of [0, 1, 7, 300]) expect(decodeRelayFrame(encodeBatch(batch(count)))).toEqual(batch(count));
    expect(decodeRelayFrame(encodeJsonFrame({kind: 'hello'}))).toEqual({kind: 'hello'});
  });

  test('every flipped bit and every cut is refused', () => {
    const frame = encodeBatch(batch(9));
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const bad = Buffer.from(frame);
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(decodeRelayFrame(bad)).toBeNull();
    }
    for (let length = 0; length < frame.length; length += 1) expect(decodeRelayFrame(frame.subarray(0, length))).toBeNull();
  });

  test('random bytes are refused, whatever they claim', () => {
    fc.assert(fc.property(fc.uint8Array({maxLength: 200}), fc.constantFrom(1, 2, 77), (bytes, kind) => {
      expect(decodeRelayFrame(Buffer.from([kind, ...bytes]))).toBeNull();
    }), {seed, numRuns: 5000});
  });
});
