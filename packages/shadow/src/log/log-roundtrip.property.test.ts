import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {expect, it} from 'vitest';
import {lineOf, packed} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

const SEED = 20_261_120;
const DEEP = process.env['TANDEM_DEEP'] === '1';

const frames = fc.array(fc.uint8Array({maxLength: 400}), {minLength: 1, maxLength: 16});
const message = fc.record({
  stream: fc.constantFrom('orders', 'quotes', 'out/legacy', 'ünï'), epoch: fc.integer({min: 0, max: 5}), step: fc.integer({min: 1, max: 3}),
  tMonoNs: fc.maxSafeNat(), tWallNs: fc.bigInt({min: 0n, max: 2n ** 63n}), identity: fc.string({unit: 'grapheme', maxLength: 30}), frames, isPacked: fc.boolean(),
});
const gap = fc.record({count: fc.option(fc.integer({min: 0, max: 9})), reason: fc.string({unit: 'grapheme', maxLength: 60})});
const limits = fc.record({
  chunkBytes: fc.integer({min: 200, max: 5000}), chunkRecords: fc.integer({min: 1, max: 40}), segmentBytes: fc.integer({min: 1000, max: 50_000}),
});

it(`everything written comes back, in order, whatever the limits (seed ${SEED})`, async () => {
  const place = await mkdtemp(join(tmpdir(), 'tdm-prop-'));
  let run = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof({weight: 9, arbitrary: message}, {weight: 1, arbitrary: gap}), {maxLength: 80}), limits, async (items, options) => {
    run += 1;
    const folder = join(place, String(run));
    const writer = await openLogWriter(folder, options);
    const expected: string[] = [];
    const expectedGaps: GapRecord[] = [];
    const seqs = new Map<string, number>();
    for (const item of items) {
      if ('step' in item) {
        const {step, isPacked, ...rest} = item;
        const seq = (seqs.get(rest.stream) ?? 0) + step;
        seqs.set(rest.stream, seq);
        const written: CapturedMessage = {...rest, seq};
        expect(isPacked ? writer.appendPacked(packed(written)) : writer.append(written)).toBe(true);
        expected.push(lineOf(written));
      } else {
        const written: GapRecord = {...item, stream: 'orders', epoch: 1, afterSeq: 3, tMonoNs: 4};
        writer.appendGap(written);
        expectedGaps.push(written);
      }
    }
    await writer.close();
    const lines: string[] = [];
    const gaps: GapRecord[] = [];
    const reader = await openLogReader(folder);
    for await (const batch of reader.batches({onGap: (found) => gaps.push(found), onDamage: (damage) => { throw new Error(damage.reason); }})) lines.push(...batch.map(lineOf));
    expect(lines).toEqual(expected);
    expect(gaps).toEqual(expectedGaps);
    expect(await reader.verifySeal()).toEqual([]);
  }), {seed: SEED, numRuns: DEEP ? 2000 : 80});
  await rm(place, {recursive: true, force: true});
}, DEEP ? 600_000 : 30_000);
