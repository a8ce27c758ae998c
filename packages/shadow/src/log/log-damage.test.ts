import {copyFile, mkdir, readFile, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LOG_FORMAT, TandemError} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {lineOf, message, readAll, scratch, seeded, type ReadBack} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

/** A segment of `count` messages in chunks of `perChunk`, two streams, a gap in the middle. */
async function segment(count: number, perChunk: number): Promise<{bytes: Buffer; lines: string[]; ends: number[]}> {
  const folder = join(place.folder, 'source');
  const writer = await openLogWriter(folder, {chunkRecords: perChunk});
  const lines: string[] = [];
  const texts: string[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const text = `<${seq}:${'x'.repeat((seq * 7) % 40)}>`;
    const item = message(seq, {text, stream: seq % 4 === 0 ? 'quotes' : 'orders'});
    writer.append(item);
    lines.push(lineOf(item));
    texts.push(text);
    if (seq === Math.floor(count / 2)) writer.appendGap({stream: 'orders', epoch: 0, afterSeq: seq, count: 1, reason: 'test', tMonoNs: 5});
  }
  await writer.close();
  const bytes = await readFile(join(folder, LOG_FORMAT.segmentName(1)));
  // A message is whole when its text and the four octets of its checksum are there.
  const ends = texts.map((text) => bytes.indexOf(text) + text.length + 4);
  return {bytes, lines, ends};
}

async function readFileBack(path: string): Promise<ReadBack | TandemError> {
  try {
    return await readAll(path);
  } catch (error) {
    if (error instanceof TandemError) return error;
    throw error;
  }
}

const DEEP = process.env['TANDEM_DEEP'] === '1';
const SEED = 20_261_120;

describe('a log that was cut off', () => {
  it('gives every whole message before the cut, at every octet, and reports the cut', async () => {
    const {bytes, lines, ends} = await segment(14, 5);
    const path = join(place.folder, 'cut.mcap');
    await writeFile(path, bytes);
    for (let length = bytes.length - 1; length >= 0; length -= 1) {
      await truncate(path, length);
      const whole = ends.filter((end) => end <= length).length;
      const back = await readFileBack(path);
      if (back instanceof TandemError) {
        expect({length, whole, kind: back.detail.kind}).toEqual({length, whole: 0, kind: 'usage'});
        continue;
      }
      if (back.lines.length !== whole || back.damage.length === 0) throw new Error(`cut at ${length}: ${back.lines.length} of ${whole} messages, ${back.damage.length} damages`);
      expect(back.lines).toEqual(lines.slice(0, whole));
      for (const damage of back.damage) expect(damage.offset + damage.bytesLost).toBeLessThanOrEqual(length);
    }
  }, 30_000);

  it('a sealed folder says how much is missing', async () => {
    await segment(24, 6);
    const folder = join(place.folder, 'source');
    const file = join(folder, LOG_FORMAT.segmentName(1));
    const size = (await readFile(file)).length;
    await truncate(file, size - 700);
    const summary = await (await openLogReader(folder)).summary();
    expect(summary.whole).toBe(false);
    expect(summary.damage).toContainEqual({file: LOG_FORMAT.segmentName(1), offset: size - 700, reason: 'shorter than sealed', bytesLost: 700});
  });
});

describe('a log with wrong bits', () => {
  it(`never gives out a message that was not written, and loses little (seed ${SEED})`, async () => {
    const {bytes, lines} = await segment(60, 20);
    const path = join(place.folder, 'flip.mcap');
    const random = seeded(SEED);
    let silentLosses = 0;
    for (let round = 0; round < (DEEP ? 20_000 : 250); round += 1) {
      const copy = Buffer.from(bytes);
      const at = random(bytes.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      await writeFile(path, copy);
      const back = await readFileBack(path);
      if (back instanceof TandemError) throw new Error(`flip at ${at}: ${back.message}`);
      const kept = new Set(back.lines);
      expect(kept.size).toBe(back.lines.length);
      // What is read is a subsequence of what was written.
      expect(back.lines).toEqual(lines.filter((line) => kept.has(line)));
      if (lines.length - back.lines.length > 1) throw new Error(`flip at ${at} of ${bytes.length}: lost ${lines.length - back.lines.length} messages`);
      if (back.lines.length < lines.length && back.damage.length === 0) silentLosses += 1;
    }
    expect(silentLosses).toBe(0);
  }, DEEP ? 600_000 : 30_000);

  it('any one octet of a small log: the rest is read, and what is not is reported', async () => {
    const {bytes, lines} = await segment(3, 2);
    const path = join(place.folder, 'each.mcap');
    const random = seeded(SEED);
    for (let at = 0; at < bytes.length; at += 1) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 + random(255));
      await writeFile(path, copy);
      const back = await readFileBack(path);
      if (back instanceof TandemError) throw new Error(`octet ${at}: ${back.message}`);
      const kept = new Set(back.lines);
      expect(back.lines).toEqual(lines.filter((line) => kept.has(line)));
      if (kept.size < lines.length - 1 || (kept.size < lines.length && back.damage.length === 0)) throw new Error(`octet ${at} of ${bytes.length}: ${kept.size} of ${lines.length} messages, ${back.damage.length} damages`);
    }
  }, 30_000);

  it('any one octet of the seal: every message is read, and the seal is not believed or still true', async () => {
    const {lines} = await segment(6, 3);
    const folder = join(place.folder, 'source');
    const file = join(folder, LOG_FORMAT.seal);
    const bytes = await readFile(file);
    const random = seeded(SEED);
    for (let at = 0; at < bytes.length; at += DEEP ? 1 : 3) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 + random(255));
      await writeFile(file, copy);
      expect((await readAll(folder)).lines, `octet ${at}`).toEqual(lines);
    }
  }, 30_000);

  it('survives many wrong octets, holes of zeros and swapped blocks', async () => {
    const {bytes, lines} = await segment(200, 20);
    const path = join(place.folder, 'wild.mcap');
    const random = seeded(7);
    for (let round = 0; round < (DEEP ? 5000 : 60); round += 1) {
      const copy = Buffer.from(bytes);
      for (let count = 0; count < 1 + random(6); count += 1) {
        const at = 64 + random(bytes.length - 700);
        const size = 1 + random(600);
        if (round % 3 === 0) copy.fill(0, at, at + size);
        else if (round % 3 === 1) for (let index = at; index < at + size; index += 1) copy[index] = random(256);
        else bytes.copy(copy, at, 64 + random(bytes.length - 700), bytes.length);
      }
      await writeFile(path, copy.subarray(0, bytes.length));
      const back = await readFileBack(path);
      if (back instanceof TandemError) continue;
      const kept = new Set(back.lines);
      expect(back.lines.filter((line) => !lines.includes(line))).toEqual([]);
      expect(kept.size).toBe(back.lines.length);
      if (kept.size < lines.length) expect(back.damage.length).toBeGreaterThan(0);
    }
  }, DEEP ? 600_000 : 30_000);

  it('does not take a capture inside a captured message for its own', async () => {
    const inner = await segment(10, 5);
    const folder = join(place.folder, 'outer');
    const writer = await openLogWriter(folder);
    writer.append(message(1));
    writer.append(message(2, {frames: [new Uint8Array(inner.bytes)]}));
    writer.append(message(3));
    await writer.close();
    const path = join(folder, LOG_FORMAT.segmentName(1));
    const bytes = await readFile(path);
    const inside = bytes.indexOf(inner.bytes);
    bytes[inside + 20] = (bytes[inside + 20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const back = await readAll(path);
    expect(back.lines).toEqual([lineOf(message(1)), lineOf(message(3))]);
    expect(back.damage.length).toBeGreaterThan(0);
  });

  it('finds an octet changed behind its back by the seal', async () => {
    await segment(30, 10);
    const folder = join(place.folder, 'source');
    const path = join(folder, LOG_FORMAT.segmentName(1));
    const bytes = await readFile(path);
    // In a message index: no checksum covers it and nothing reads it, only the seal knows.
    const at = bytes.indexOf(Buffer.from([0x07])) + 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect(await (await openLogReader(folder)).verifySeal()).toMatchObject([{file: LOG_FORMAT.segmentName(1), reason: 'SHA-256 differs from the seal'}]);
  });
});

describe('files that are no log', () => {
  async function refusal(content: Buffer): Promise<TandemError['detail']> {
    const path = join(place.folder, '000001.mcap');
    await writeFile(path, content);
    const error: unknown = await openLogReader(path).then(() => null, (reason: unknown) => reason);
    if (!(error instanceof TandemError)) throw new Error(`expected a refusal, got ${String(error)}`);
    return error.detail;
  }
  const magic = Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]);
  const header = (profile: string, library: string): Buffer => {
    const body = Buffer.concat([profile, library].map((text) => Buffer.concat([Buffer.from(Uint32Array.of(text.length).buffer), Buffer.from(text)])));
    const head = Buffer.alloc(9);
    head[0] = 1;
    head.writeUInt32LE(body.length, 1);
    return Buffer.concat([magic, head, body]);
  };

  it.each([
    ['empty', Buffer.alloc(0), 'empty'], ['random octets', Buffer.from(Array.from({length: 5000}, (_, index) => (index * 7919 + 13) % 251)), 'magic'],
    ['a huge length', Buffer.concat([magic, Buffer.from([1, 255, 255, 255, 255, 255, 255, 255, 127])]), 'too long'],
    ['another version', header('tandem', 'tandem log 2'), 'tandem log 2'], ['another program', header('ros2', 'recorder \u0007\u001b[31m'), 'ros2'],
    ['text', Buffer.from('{"not":"mcap"}'), 'magic'],
  ])('refuses %s with the reason', async (_name, content, reason) => {
    const detail = await refusal(content);
    expect(detail).toMatchObject({id: 'TDM-E276', kind: 'usage'});
    expect(detail.seen).toContain(reason);
    expect(detail.seen).not.toMatch(/[\x00-\x1f]/);
  });

  it('refuses a folder without segments, and a path that is not there', async () => {
    await mkdir(join(place.folder, 'none'));
    await writeFile(join(place.folder, 'none', 'notes.txt'), 'x');
    await expect(openLogReader(join(place.folder, 'none'))).rejects.toSatisfy((error) => error instanceof TandemError && error.detail.id === 'TDM-E275');
    await expect(openLogReader(join(place.folder, 'absent'))).rejects.toSatisfy((error) => error instanceof TandemError && error.detail.id === 'TDM-E274');
  });

  it('huge lengths inside cost neither memory nor time', async () => {
    const {bytes, lines} = await segment(20, 20);
    const path = join(place.folder, 'huge.mcap');
    const before = process.memoryUsage().rss;
    const started = performance.now();
    for (const opcode of [4, 5, 6, 7, 8, 12, 0x77]) {
      const record = Buffer.alloc(9 + 60);
      record[0] = opcode;
      record.writeBigUInt64LE(opcode === 6 ? 0x00ff_ffff_ffff_ffffn : 60_000_000n, 1);
      // Forged records fill the file: each promises far more than there is.
      const forged = Buffer.concat([bytes.subarray(0, 43), ...Array.from({length: 3000}, () => record), bytes.subarray(43)]);
      await writeFile(path, forged);
      const back = await readFileBack(path);
      // All records moved, so none stands where its checksum says: nothing may be read.
      if (!(back instanceof TandemError)) expect(back.lines.filter((line) => !lines.includes(line))).toEqual([]);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  }, 20_000);

  it('an unreadable seal is damage, not a crash', async () => {
    const {lines} = await segment(10, 10);
    const folder = join(place.folder, 'source');
    for (const text of ['', '{', '[]', '{"formatVersion":"9"}', '{"formatVersion":"1.0","library":"tandem log 1","segments":[{"file":"../../x"}]}']) {
      await writeFile(join(folder, LOG_FORMAT.seal), text);
      const reader = await openLogReader(folder);
      const summary = await reader.summary();
      expect(summary).toMatchObject({messages: lines.length, sealed: false, whole: false, damageCount: 1});
      expect(summary.damage[0]?.file).toBe(LOG_FORMAT.seal);
      expect(await reader.verifySeal()).toBe('unsealed');
    }
  });

  it('a segment that a copy forgot is named', async () => {
    const folder = join(place.folder, 'many');
    const writer = await openLogWriter(folder, {segmentBytes: 2000, chunkRecords: 10});
    for (let seq = 1; seq <= 200; seq += 1) writer.append(message(seq));
    await writer.close();
    const copy = join(place.folder, 'copy');
    await mkdir(copy);
    for (const name of ['000001.mcap', '000003.mcap', 'seal.json']) await copyFile(join(folder, name), join(copy, name));
    const summary = await (await openLogReader(copy)).summary();
    expect(summary.damage).toContainEqual(expect.objectContaining({file: '000002.mcap', reason: 'segment is missing'}));
    expect(summary.streams[0]?.missing).toBeGreaterThan(0);
  });
});
