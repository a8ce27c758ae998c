import {existsSync} from 'node:fs';
import {readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, type GapRecord} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {gapsOfLog} from '../log-gaps.ts';
import {message, readAll, scratch} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter, type LogWriter} from './log-writer.ts';

let place: Awaited<ReturnType<typeof scratch>>;
let folder = '';
beforeEach(async () => {
  place = await scratch();
  folder = join(place.folder, 'log');
});
afterEach(async () => await place.remove());

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
const seqsOf = (lines: readonly string[]): number[] => lines.map((line) => Number(line.split('|')[2]));
const range = (from: number, to: number): number[] => Array.from({length: to - from + 1}, (_, index) => from + index);
const segments = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.mcap')).sort();

/** Appends `from` to `to`, flushing as it goes, so that segments end and retention acts. */
async function fill(writer: LogWriter, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) {
    writer.append(message(seq, {frames: [new Uint8Array(100)]}));
    if (seq % 50 === 0) {
      await writer.flush();
      await pause(1);
    }
  }
  await writer.flush();
}

const SMALL = {segmentBytes: 8000, chunkRecords: 25};

describe('a log that keeps only so much', () => {
  it('drops whole segments by size, and reader, seal and evidence say which messages are gone', async () => {
    const writer = await openLogWriter(folder, {...SMALL, retention: {bytesMax: 60_000}});
    await fill(writer, 1, 3000);
    const seal = await writer.close();
    const files = await segments();
    expect(Number.parseInt(files[0] ?? '', 10)).toBeGreaterThan(20);
    expect(seal.segments.reduce((bytes, {sizeBytes}) => bytes + sizeBytes, 0)).toBeLessThan(70_000);
    expect(seal.messages).toBe(3000);
    expect((seal.removed?.length ?? 0) + (seal.forgotten?.segments ?? 0) + files.length).toBe(Number.parseInt(files.at(-1) ?? '', 10));

    const back = await readAll(folder);
    const seqs = seqsOf(back.lines);
    expect(seqs).toEqual(range(seqs[0] ?? 0, 3000));
    expect(back.damage).toEqual([]);
    expect(back.gaps.map(({stream}) => stream)).toEqual(['orders']);
    expect(back.gaps.reduce((count, gap) => count + (gap.count ?? 0), 0)).toBe(3000 - seqs.length);
    expect(back.gaps[0]?.reason).toMatch(/^removed by retention: 000001\.mcap to /);

    const reader = await openLogReader(folder);
    const evidence = gapsOfLog(reader, await reader.summary());
    expect(evidence).toMatchObject({messages: 3000 - seqs.length, unknown: 0});
    expect(await reader.verifySeal()).toEqual([]);
  });

  it('says nothing to a reader that needs none of it', async () => {
    const writer = await openLogWriter(folder, {...SMALL, retention: {bytesMax: 60_000}});
    await fill(writer, 1, 2000);
    await writer.close();
    const first = seqsOf((await readAll(folder)).lines)[0] ?? 0;
    expect(await readAll(folder, {fromSeq: first + 100})).toMatchObject({gaps: [], damage: []});
    const partly = await readAll(folder, {stream: 'orders', fromSeq: first - 25});
    expect(partly.gaps).toMatchObject([{stream: 'orders', afterSeq: first - 26, count: 25}]);
  });

  it('drops by age, also when nothing comes any more, and never what is being written', async () => {
    const writer = await openLogWriter(folder, {...SMALL, retention: {ageMsMax: 60}});
    await fill(writer, 1, 400);
    expect((await segments()).length).toBeGreaterThan(3);
    await expect.poll(async () => (await segments()).length, {timeout: 3000}).toBe(1);
    expect(existsSync(join(folder, LOG_FORMAT.manifest))).toBe(true);
    await fill(writer, 401, 410);
    const seal = await writer.close();
    expect(seal.messages).toBe(410);
    expect(existsSync(join(folder, LOG_FORMAT.manifest))).toBe(false);
    const back = await readAll(folder);
    expect(back.damage).toEqual([]);
    expect(back.lines.length + back.gaps.reduce((count, gap) => count + (gap.count ?? 0), 0)).toBe(410);
  });

  it('ends a segment by time', async () => {
    const writer = await openLogWriter(folder, {segmentMs: 20, commitMs: 1});
    for (let seq = 1; seq <= 8; seq += 1) {
      writer.append(message(seq));
      await pause(15);
    }
    await writer.close();
    expect((await segments()).length).toBeGreaterThan(2);
    expect(seqsOf((await readAll(folder)).lines)).toEqual(range(1, 8));
  });

  it('a tail reader that stands still loses only what was removed, hears exactly what, and holds nobody up; others lose nothing', async () => {
    const writer = await openLogWriter(folder, {...SMALL, retention: {bytesMax: 60_000}});
    await fill(writer, 1, 100);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const follow = async (slow: boolean): Promise<{seqs: number[]; gaps: GapRecord[]}> => {
      const seen = {seqs: [] as number[], gaps: [] as GapRecord[]};
      for await (const batch of (await openLogReader(folder)).batches({follow: true, onGap: (gap) => seen.gaps.push(gap), onDamage: (damage) => { throw new Error(damage.reason); }})) {
        seen.seqs.push(...batch.map(({seq}) => seq));
        if (slow) await held;
      }
      return seen;
    };
    const slow = follow(true);
    const quick = [follow(false), follow(false), follow(false)];
    await pause(20);
    const startedMs = performance.now();
    await fill(writer, 101, 3000);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    release();
    await pause(50);
    await writer.close();
    for (const {seqs, gaps} of await Promise.all(quick)) {
      expect(gaps).toEqual([]);
      expect(seqs).toEqual(range(1, 3000));
    }
    const {seqs, gaps} = await slow;
    expect(seqs.length).toBeLessThan(2000);
    expect(gaps.length).toBeGreaterThan(0);
    expect(seqs.length + gaps.reduce((count, gap) => count + (gap.count ?? 0), 0)).toBe(3000);
    expect(seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] ?? 0))).toBe(true);
  });

  it('a segment that is simply not there is damage, and a segment put in another\'s place breaks the chain', async () => {
    const writer = await openLogWriter(folder, SMALL);
    await fill(writer, 1, 600);
    const seal = await writer.close();
    const [first, second, third] = seal.segments.map(({file}) => join(folder, file)) as [string, string, string];
    const swapped = {...seal, segments: seal.segments.map((segment, index) => (index === 1 ? {...segment, sha256: seal.segments[2]?.sha256, sizeBytes: seal.segments[2]?.sizeBytes} : segment))};
    await writeFile(second, await readFile(third));
    await writeFile(join(folder, LOG_FORMAT.seal), JSON.stringify(swapped));
    expect(await (await openLogReader(folder)).verifySeal()).toMatchObject([{file: '000002.mcap', reason: 'the chain of hashes breaks here'}]);
    await rm(join(folder, LOG_FORMAT.seal));
    await rm(first);
    expect((await readAll(folder)).damage).toContainEqual({file: '000001.mcap', offset: 0, reason: 'segment is missing', bytesLost: 0});
  });
});

describe('a reader from anywhere', () => {
  it('by position and by time gives what a reader of everything gives, without reading what lies before', async () => {
    const writer = await openLogWriter(folder, {chunkRecords: 20});
    for (let seq = 1; seq <= 20_000; seq += 1) {
      writer.append(message(seq, {frames: [new Uint8Array(60)]}));
      if (writer.pressed) await writer.room();
    }
    await writer.close();
    const reader = await openLogReader(folder);
    const all = (await readAll(folder)).lines;
    for (const seq of [1, 2, 20, 21, 9999, 10_000, 19_981, 20_000, 20_001]) {
      expect((await readAll(folder, {fromSeq: seq})).lines).toEqual(all.slice(seq - 1));
      const fromMonoNs = 1_000_000_000 + seq * 1000;
      expect((await readAll(folder, {fromMonoNs, toMonoNs: fromMonoNs + 5000})).lines).toEqual(all.slice(seq - 1, seq + 5));
    }
    const cost = async (fromSeq: number): Promise<number> => {
      const before = process.cpuUsage();
      for (let round = 0; round < 10; round += 1) for await (const batch of reader.batches({fromSeq})) if (batch.length > 0) break;
      const {user, system} = process.cpuUsage(before);
      return user + system;
    };
    await cost(1);
    const [early, late] = [await cost(1), await cost(19_990)];
    expect(late).toBeLessThan(early * 8 + 20_000);
  });
});
