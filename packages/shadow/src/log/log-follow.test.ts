import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {message, scratch} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

describe('following a log that grows', () => {
  it('gives everything in order, over segments and gaps, and ends when the log is sealed', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder, {segmentBytes: 30_000, chunkRecords: 40, commitMs: 1});
    const reader = await openLogReader(folder).catch(() => null);
    const seen: number[] = [];
    const gaps: number[] = [];
    const reading = (async () => {
      await writer.flush();
      const opened = reader ?? await openLogReader(folder);
      for await (const batch of opened.batches({follow: true, onGap: (gap) => gaps.push(gap.afterSeq), onDamage: (damage) => { throw new Error(damage.reason); }})) {
        seen.push(...batch.map((item) => item.seq));
      }
    })();
    for (let seq = 1; seq <= 2000; seq += 1) {
      writer.append(message(seq));
      if (seq === 700) writer.appendGap({stream: 'orders', epoch: 0, afterSeq: 700, count: 0, reason: 'x', tMonoNs: 1});
      if (seq % 100 === 0) await pause(1);
    }
    await writer.close();
    await reading;
    expect(seen).toEqual(Array.from({length: 2000}, (_, index) => index + 1));
    expect(gaps).toEqual([700]);
  });

  it('is a few milliseconds behind the writer', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder);
    await writer.flush();
    const stop = new AbortController();
    const delays: number[] = [];
    const sentAt: number[] = [];
    const opened = await openLogReader(folder);
    const reading = (async () => {
      for await (const batch of opened.batches({follow: true, signal: stop.signal})) {
        for (const item of batch) delays.push(performance.now() - (sentAt[item.seq] ?? 0));
      }
    })();
    for (let seq = 1; seq <= 20; seq += 1) {
      sentAt[seq] = performance.now();
      writer.append(message(seq));
      await pause(10);
    }
    await expect.poll(() => delays.length).toBe(20);
    stop.abort();
    await reading;
    await writer.close();
    // 5 ms to commit and 5 ms to poll; the bound leaves room for a busy machine.
    expect(delays.sort((a, b) => a - b)[10]).toBeLessThan(60);
  });

  it('stops at once when it is aborted, also while it waits', async () => {
    const folder = join(place.folder, 'log');
    const writer = await openLogWriter(folder);
    await writer.flush();
    const stop = new AbortController();
    const opened = await openLogReader(folder);
    const reading = (async () => {
      for await (const _batch of opened.batches({follow: true, signal: stop.signal})) break;
    })();
    await pause(20);
    const started = performance.now();
    stop.abort();
    await reading;
    expect(performance.now() - started).toBeLessThan(200);
    await writer.close();
  });
});
