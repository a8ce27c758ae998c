import type {CapturedMessage} from '@tandem/contract';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {mergedStreams} from './merged-streams.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? 20_261_128);

const message = (stream: string, seq: number, tMonoNs: number): CapturedMessage => ({stream, epoch: 0, seq, tMonoNs, tWallNs: 0n, identity: '', frames: [new Uint8Array(0)]});
const name = (item: CapturedMessage): string => `${item.stream}/${item.seq}`;

test(`streams come in the order of the stated rule, each in its own, whatever the batches (seed ${seed})`, async () => {
  const times = fc.array(fc.nat(30), {maxLength: 25});
  await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom('a', 'b', 'quotes', 'Z'), times), fc.integer({min: 1, max: 7}), async (recorded, size) => {
    const streams = new Map(Object.entries(recorded).map(([stream, at]) => [stream, at.map((tMonoNs, index) => message(stream, index + 1, tMonoNs))]));
    const open = async function* open(stream: string): AsyncGenerator<readonly CapturedMessage[]> {
      const all = streams.get(stream) ?? [];
      for (let at = 0; at < all.length; at += size) yield await Promise.resolve(all.slice(at, at + size));
    };
    const merged: string[] = [];
    for await (const batch of mergedStreams([...streams.keys()].reverse(), open)) merged.push(...batch.map(name));
    // the rule said simply: a stream's clock that goes back stands still, then time, name, position
    const expected = [...streams].flatMap(([, all]) => {
      let latest = 0;
      return all.map((item) => ({item, due: latest = Math.max(latest, item.tMonoNs)}));
    }).sort((x, y) => x.due - y.due || (x.item.stream < y.item.stream ? -1 : x.item.stream > y.item.stream ? 1 : x.item.seq - y.item.seq));
    expect(merged).toEqual(expected.map(({item}) => name(item)));
  }), {seed, numRuns: 300});
});
