import fc from 'fast-check';
import {expect, it} from 'vitest';
import type {FeedInput} from './flow/feed-input.ts';
import {PackedInputs} from './packed-inputs.ts';

const octets = fc.uint8Array({maxLength: 40});
const input = fc.record({inputSeq: fc.nat(), recordedNs: fc.double({min: 0, max: 2 ** 53, noNaN: true}), payload: octets, frames: fc.option(fc.array(octets, {minLength: 2, maxLength: 3}), {nil: null})});

const read = async (packed: PackedInputs, count?: number): Promise<FeedInput[]> => {
  const found: FeedInput[] = [];
  for await (const batch of packed.session(count).open(new AbortController().signal)) found.push(...batch);
  return found;
};
const plain = ({inputSeq, recordedNs, payload, frames}: FeedInput): unknown => [inputSeq, recordedNs, frames === null ? [...payload] : null, frames?.map((frame) => [...frame]) ?? null];

it('gives back what was put in, as often as it is read, whatever became of the memory that it came in', async () => {
  await fc.assert(fc.asyncProperty(fc.array(input, {maxLength: 700}), fc.nat(800), async (inputs, count) => {
    const expected = inputs.map(plain);
    const packed = PackedInputs.of(inputs);
    for (const {payload, frames} of inputs) for (const part of [payload, ...(frames ?? [])]) part.fill(0xee);
    expect(packed.length).toBe(inputs.length);
    expect((await read(packed)).map(plain)).toEqual(expected);
    expect((await read(packed, count)).map(plain)).toEqual(expected.slice(0, count));
    expect(packed.session(count).total).toBe(Math.min(count, inputs.length));
  }), {numRuns: 60});
});

it('an input larger than a piece of memory has one of its own', async () => {
  const large = new Uint8Array(17 * 1024 * 1024).fill(7);
  const small = Uint8Array.of(1, 2, 3);
  const packed = PackedInputs.of([small, large, small].map((payload, index) => ({inputSeq: index + 1, recordedNs: index, payload, frames: null})));
  const [first, second, third] = await read(packed);
  expect([first?.payload, third?.payload].map((payload) => [...payload ?? []])).toEqual([[1, 2, 3], [1, 2, 3]]);
  expect(Buffer.compare(second?.payload ?? small, large)).toBe(0);
});
