import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {McapIndexedReader, McapStreamReader} from '@mcap/core';
import {LOG_FORMAT, TandemError, type CapturedMessage} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {lineOf, message, readAll, scratch} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

async function write(messages: readonly CapturedMessage[], options = {}): Promise<string> {
  const folder = join(place.folder, 'log');
  const writer = await openLogWriter(folder, options);
  for (const item of messages) expect(writer.append(item)).toBe(true);
  await writer.close();
  return folder;
}

const mixed = (): CapturedMessage[] => [
  message(1), message(1, {stream: 'quotes', epoch: 3, identity: 'client-ä', frames: [new Uint8Array(0), new Uint8Array([1]), new Uint8Array(300).fill(7)]}),
  message(2, {frames: [new Uint8Array(2_500_000).fill(9)]}), message(3, {tMonoNs: 0}),
  message(2 ** 40 + 5, {tMonoNs: Number.MAX_SAFE_INTEGER, tWallNs: 0n, epoch: 2 ** 32 - 1}),
  message(2, {stream: 'out/legacy', frames: Array.from({length: 16}, (_, index) => new Uint8Array(index))}),
];

describe('writing and reading a log', () => {
  it('brings every field back, in order', async () => {
    const messages = mixed();
    const back = await readAll(await write(messages));
    expect(back).toEqual({lines: messages.map(lineOf), gaps: [], damage: []});
  });

  it('goes on over segments, and a reader finds its place in them', async () => {
    const messages = Array.from({length: 3000}, (_, index) => message(index + 1, {stream: index % 3 === 0 ? 'a' : 'b'}));
    const folder = await write(messages, {segmentBytes: 20_000, chunkRecords: 50});
    const files = (await readdir(folder)).filter((name) => name.endsWith('.mcap'));
    expect(files.length).toBeGreaterThan(5);
    expect(files.sort()[0]).toBe(LOG_FORMAT.segmentName(1));
    expect((await readAll(folder)).lines).toEqual(messages.map(lineOf));
    const wanted = messages.filter((item) => item.stream === 'b' && item.seq >= 1500 && item.seq <= 1600).map(lineOf);
    expect((await readAll(folder, {stream: 'b', fromSeq: 1500, toSeq: 1600})).lines).toEqual(wanted);
    const reader = await openLogReader(folder);
    const quick: string[] = [];
    for await (const batch of reader.batches({stream: 'b', fromSeq: 1500, toSeq: 1600})) quick.push(...batch.map(lineOf));
    expect(quick).toEqual(wanted);
  });

  it('sums up: counts, first and last, gaps, and whether it is whole', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder, {about: {bootId: 'b-1'}});
    writer.append(message(5));
    writer.append(message(6));
    writer.appendGap({stream: 'orders', epoch: 0, afterSeq: 6, count: 4, reason: 'publisher sequence jumped', tMonoNs: 77});
    writer.append(message(11));
    writer.append(message(1, {stream: 'quotes', epoch: 2}));
    const seal = await writer.close();
    const summary = await (await openLogReader(folder)).summary();
    expect(summary).toMatchObject({messages: 4, segments: 1, gapCount: 1, gapMessages: 4, gapUnknown: 0, sealed: true, whole: true, damageCount: 0});
    expect(summary.streams).toMatchObject([
      {stream: 'orders', messages: 3, firstSeq: 5, lastSeq: 11, missing: 0, disorder: 0},
      {stream: 'quotes', messages: 1, lastEpoch: 2},
    ]);
    expect(summary.gaps[0]).toEqual({stream: 'orders', epoch: 0, afterSeq: 6, count: 4, reason: 'publisher sequence jumped', tMonoNs: 77});
    expect(seal).toMatchObject({complete: true, messages: 4, gaps: 1, dropped: 0, streams: [{stream: 'orders', lastSeq: 11}, {stream: 'quotes'}]});
    expect(await (await openLogReader(folder)).verifySeal()).toEqual([]);
  });

  it('an unexplained hole and a step back are not whole', async () => {
    const folder = await write([message(1), message(2), message(5), message(4), message(6)]);
    const summary = await (await openLogReader(folder)).summary();
    expect(summary.streams[0]).toMatchObject({missing: 3, disorder: 1});
    expect(summary.whole).toBe(false);
  });

  it('is committed within milliseconds without being asked', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder, {commitMs: 5});
    writer.append(message(1));
    await expect.poll(async () => (await readAll(folder)).lines.length, {interval: 5, timeout: 500}).toBe(1);
    await writer.close();
  });

  it('refuses what does not fit, counts it, and says so in the log', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder);
    const tooMany = Array.from({length: LOG_FORMAT.partsMax + 1}, () => new Uint8Array(1));
    expect(writer.append(message(1))).toBe(true);
    for (const bad of [message(2, {frames: tooMany}), message(3, {frames: []}), message(4, {tMonoNs: 1.5}), message(5, {identity: 'x'.repeat(2000)})]) {
      expect(writer.append(bad)).toBe(false);
    }
    expect(writer.append(message(0))).toBe(false);
    expect(writer.append(message(7))).toBe(true);
    expect(writer.counts()).toMatchObject({messages: 2, dropped: 5, gaps: 1});
    await writer.close();
    const back = await readAll(folder);
    expect(back.gaps).toMatchObject([{stream: 'orders', afterSeq: 1, count: 5, reason: 'not within the limits of the log'}]);
    expect(back.lines).toHaveLength(2);
  });

  it('never writes into a folder that holds a log', async () => {
    const folder = await write([message(1)]);
    await expect(openLogWriter(folder)).rejects.toSatisfy((error) => error instanceof TandemError && error.detail.id === 'TDM-E270');
  });

  it('refuses and records a gap when the disk is slower than the traffic', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder, {bufferBytesMax: 100_000, chunkBytes: 10_000});
    let kept = 0;
    // Without a turn of the event loop nothing can be written: the buffer must fill up and stay bounded.
    for (let seq = 1; seq <= 2000; seq += 1) kept += writer.append(message(seq, {frames: [new Uint8Array(200)]})) ? 1 : 0;
    expect(kept).toBeLessThan(500);
    expect(writer.counts().bufferedBytes).toBeLessThan(130_000);
    expect(writer.pressed).toBe(true);
    await writer.room();
    expect(writer.append(message(2001))).toBe(true);
    await writer.close();
    const summary = await (await openLogReader(folder)).summary();
    expect(summary).toMatchObject({messages: kept + 1, gapMessages: 2000 - kept, whole: true});
  });
});

describe('other MCAP readers', () => {
  it('@mcap/core reads it from front to back and by index', async () => {
    const messages = mixed().slice(0, 4).concat(Array.from({length: 700}, (_, index) => message(index + 10, {stream: index % 2 === 0 ? 'orders' : 'quotes'})));
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder, {about: {bootId: 'b'}});
    for (const item of messages) writer.append(item);
    writer.appendGap({stream: 'orders', epoch: 0, afterSeq: 708, count: null, reason: 'x', tMonoNs: 1});
    await writer.close();
    const bytes = await readFile(join(folder, LOG_FORMAT.segmentName(1)));

    const stream = new McapStreamReader({validateCrcs: true});
    stream.append(bytes);
    const seen = new Map<string, number>();
    for (let record = stream.nextRecord(); record !== undefined; record = stream.nextRecord()) seen.set(record.type, (seen.get(record.type) ?? 0) + 1);
    expect(stream.done()).toBe(true);
    expect(seen.get('Message')).toBe(messages.length);
    expect(seen.get('Metadata')).toBe(2);

    const indexed = await McapIndexedReader.Initialize({readable: {
      size: async () => await Promise.resolve(BigInt(bytes.length)),
      read: async (offset, length) => await Promise.resolve(new Uint8Array(bytes.subarray(Number(offset), Number(offset + length)))),
    }});
    expect(indexed.statistics?.messageCount).toBe(BigInt(messages.length));
    const topics = new Map([...indexed.channelsById].map(([id, channel]) => [id, channel.topic]));
    const quotes: bigint[] = [];
    for await (const record of indexed.readMessages({topics: ['quotes']})) {
      expect(topics.get(record.channelId)).toBe('quotes');
      quotes.push(record.logTime);
    }
    expect(quotes).toEqual(messages.filter((item) => item.stream === 'quotes').map((item) => BigInt(item.tMonoNs)).sort((a, b) => (a < b ? -1 : 1)));
  });
});
