import {join} from 'node:path';
import type {CapturedMessage, Migration} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {aboutKey} from './input-key.ts';
import {message, scratch} from './log/fixtures/capture.ts';
import {openLogWriter} from './log/log-writer.ts';
import {logInputs, type LogPart} from './log-inputs.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

async function write(messages: readonly CapturedMessage[]): Promise<string> {
  const folder = join(place.folder, 'log');
  const writer = await openLogWriter(folder, {chunkRecords: 7});
  for (const item of messages) writer.append(item);
  await writer.close();
  return folder;
}

async function taken(folder: string, part: LogPart): Promise<{total: number | null; seqs: number[]; texts: string[]}> {
  const inputs = await logInputs(folder, part);
  const found = {total: inputs.total, seqs: [] as number[], texts: [] as string[]};
  for await (const batch of inputs.open(new AbortController().signal)) {
    for (const {inputSeq, payload} of batch) {
      found.seqs.push(inputSeq);
      found.texts.push(Buffer.from(payload).toString('utf8'));
    }
  }
  return found;
}

const range = (from: number, to: number): number[] => Array.from({length: to - from + 1}, (_, at) => from + at);
const order = (seq: number): CapturedMessage => message(seq, {text: JSON.stringify({id: seq, account: `A${seq % 7}`, order: {ref: `o${seq % 3}`}})});

describe('parts of a capture', () => {
  it('by position, by time after the first message, by number, together', async () => {
    const folder = await write(range(1, 60).map(order));
    const parts: readonly (readonly [LogPart, number, number])[] = [
      [{fromSeq: 20, toSeq: 30}, 20, 30], [{fromSeq: 55}, 55, 60], [{fromMs: 0.02, toMs: 0.03}, 21, 31], [{toMs: 0.001}, 1, 2], [{fromSeq: 10, messages: 5}, 10, 14], [{fromSeq: 10, fromMs: 0.02, toSeq: 25}, 21, 25],
    ];
    for (const [part, from, to] of parts) expect(await taken(folder, part)).toMatchObject({total: to - from + 1, seqs: range(from, to)});
    await expect(logInputs(folder, {fromMs: 5000})).rejects.toMatchObject({detail: {id: 'TDM-E131', what: expect.stringContaining('--from 5000ms') as string}});
  });

  it('by key: partition, own id or entity, and not what merely contains it', async () => {
    const folder = await write([...range(1, 30).map(order), message(31, {text: '{"id":31,"account":"B","note":"A3"}'}), message(32, {text: 'A3'})]);
    const migration = {codec: 'json', cause: {kind: 'sequence', input: '/id', output: '/ref', partition: '/account'}, entities: ['/order/ref']} as unknown as Migration;
    expect((await taken(folder, {only: aboutKey(migration, 'A3')})).seqs).toEqual([3, 10, 17, 24]);
    expect((await taken(folder, {only: aboutKey(migration, '17')})).seqs).toEqual([17]);
    expect((await taken(folder, {only: aboutKey(migration, 'o1'), messages: 3})).seqs).toEqual([1, 4, 7]);
    await expect(logInputs(folder, {only: aboutKey(migration, 'A99')})).rejects.toMatchObject({detail: {id: 'TDM-E131'}});
  });

  it('of several streams count in their common order, and answers are no inputs', async () => {
    const folder = await write([...range(1, 10).map((seq) => message(seq, {stream: 'b', tMonoNs: seq * 20})), ...range(1, 10).map((seq) => message(seq, {stream: 'a', tMonoNs: seq * 20 - 10})), message(1, {stream: 'out/legacy', tMonoNs: 5})]);
    const all = await taken(folder, {});
    expect(all.seqs).toEqual(range(1, 20));
    expect(all.texts.slice(0, 4)).toEqual(['message 1', 'message 1', 'message 2', 'message 2']);
    expect((await taken(folder, {fromSeq: 5, toSeq: 8})).seqs).toEqual([5, 6, 7, 8]);
    expect((await logInputs(folder)).order).toBe('streams a, b in one order: capture time (tMonoNs), then stream name, then position');
    expect((await taken(folder, {fromMs: 0.0001, messages: 1})).seqs).toEqual([11]);
  });

  it('whose positions begin again are numbered by us', async () => {
    const folder = await write([message(1), message(2), message(1, {epoch: 1}), message(2, {epoch: 1})]);
    expect((await taken(folder, {})).seqs).toEqual([1, 2, 3, 4]);
  });
});
