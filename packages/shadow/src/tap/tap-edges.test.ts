import {TandemError, type InputSpec} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {ownedFrames} from './owned-frames.ts';
import {plannedTimesNs, replaySource, type ReplayLog} from './replay-source.ts';
import {plannedTimes} from '../flow/schedule.ts';
import {silenceNotice, type Silence} from './silence-notice.ts';
import {sequenceAtOffset, sequenceAtPointer} from './source-sequence.ts';
import {assertTappable} from './tap-refusal.ts';

const input = (pattern: InputSpec['pattern']): InputSpec => ({stream: 'orders', pattern, endpoint: 'tcp://127.0.0.1:5555', topics: ['']});

function detailOf(run: () => unknown): TandemError['detail'] {
  try {
    run();
  } catch (error) {
    if (error instanceof TandemError) return error.detail;
  }
  throw new Error('no refusal');
}

describe('what cannot be tapped', () => {
  it('a second PULL would steal, and the refusal says what to do instead', () => {
    const detail = detailOf(() => assertTappable(input('push-pull')));
    expect(detail).toMatchObject({id: 'TDM-E280', kind: 'usage', where: 'tcp://127.0.0.1:5555'});
    expect(detail.seen).toContain('a second PULL would steal every other message');
    expect(detail.fix).toMatch(/wire tap.*--pattern push-pull --listen \S+ --upstream tcp:\/\/127.0.0.1:5555/);
  });

  it.each(['req-rep', 'dealer-router'] as const)('%s is refused with its own reason', (pattern) => {
    expect(detailOf(() => assertTappable(input(pattern))).seen).toContain(pattern);
  });

  it('a publisher that must not drop would be stopped by a stalled tap', () => {
    expect(detailOf(() => assertTappable(input('pub-sub'), true))).toMatchObject({id: 'TDM-E281', kind: 'usage'});
    expect(() => assertTappable(input('pub-sub'))).not.toThrow();
  });
});

describe('publisher numbers', () => {
  const text = (value: string): Uint8Array[] => [Buffer.from('topic'), Buffer.from(value)];
  it('reads them from JSON in the last part', () => {
    const read = sequenceAtPointer('/msgSeqNum');
    expect(read(text('{"msgType":"D","msgSeqNum":17,"x":{"y":1}}'))).toBe(17);
    expect(read(text('{"msgSeqNum":"18"}'))).toBe(18);
    for (const bad of ['{"msgSeqNum":-1}', '{"msgSeqNum":1.5}', '{"other":1}', '{', '', '[]', '{"msgSeqNum":99999999999999999999}']) expect(read(text(bad))).toBeNull();
    expect(read([])).toBeNull();
    expect(sequenceAtPointer('/a/n')(text('{"a":{"n":5}}'))).toBe(5);
  });

  it('reads them from a fixed place', () => {
    const body = Buffer.alloc(20);
    body.writeBigUInt64BE(0x1_0000_0007n, 4);
    expect(sequenceAtOffset({part: -1, offset: 4, bytes: 8, endian: 'big'})([body])).toBe(0x1_0000_0007);
    expect(sequenceAtOffset({part: 0, offset: 8, bytes: 4, endian: 'big'})([body])).toBe(7);
    expect(sequenceAtOffset({part: 0, offset: 17, bytes: 4, endian: 'little'})([body])).toBeNull();
    expect(sequenceAtOffset({part: 1, offset: 0, bytes: 4, endian: 'little'})([body])).toBeNull();
    expect(sequenceAtOffset({part: 0, offset: 0, bytes: 8, endian: 'little'})([Buffer.alloc(8, 255)])).toBeNull();
  });
});

describe('the words for silence', () => {
  const base: Silence = {
    stream: 's', endpoint: 'e', topics: ['a'], silentMs: 5000, messages: 0, connected: 0, ready: 0, handshakeFailed: 0, disconnected: 0, retries: 0, lastFailure: '',
  };
  it.each([
    [{retries: 9}, 'no connection after 9 attempts', 'nothing listens'],
    [{connected: 3, disconnected: 3}, 'connected 3 times, then disconnected without a handshake', 'no PUB socket'],
    [{connected: 1, disconnected: 1, handshakeFailed: 1, lastFailure: 'ERR_X'}, 'handshake failed (ERR_X)', 'PUSH'],
    [{connected: 1, ready: 1}, '0 messages for topics "a"', 'topics'],
    [{connected: 1, ready: 1, messages: 9}, '9 messages so far', 'nothing to say'],
  ])('%o', (facts, seen, likely) => {
    const {detail} = silenceNotice({...base, ...facts});
    expect(detail.seen).toContain(seen);
    expect(detail.likely).toContain(likely);
    expect(detail.fix).toBeTruthy();
  });
});

describe('ownedFrames', () => {
  it('copies: later changes of the source are not seen, and frames do not overlap', () => {
    const source = [[Buffer.from('abc'), Buffer.alloc(0)], [Buffer.from('defg')]];
    const owned = ownedFrames(source);
    source[0]?.[0]?.fill(0);
    expect(owned.map((frames) => frames.map((frame) => Buffer.from(frame).toString()))).toEqual([['abc', ''], ['defg']]);
    expect(owned[0]?.[0]?.buffer).toBe(owned[1]?.[0]?.buffer);
  });
});

describe('replaySource', () => {
  const message = (seq: number, tMonoNs: number, key: string): never => ({stream: 's', epoch: 0, seq, tMonoNs, tWallNs: 0n, identity: '', frames: [Buffer.from(key)]}) as never;
  const all = Array.from({length: 10}, (_, index) => message(index + 1, 1_000_000 + index * index * 1000, index % 2 === 0 ? 'even' : 'odd'));
  const log: ReplayLog = {
    async *batches({fromSeq = 0, toSeq = Infinity}) {
      await Promise.resolve();
      for (let at = 0; at < all.length; at += 3) yield all.slice(at, at + 3).filter(({seq}: {seq: number}) => seq >= fromSeq && seq <= toSeq);
    },
  };
  const replay = async (options: Partial<Parameters<typeof replaySource>[1]>): Promise<[number, number | null][]> => {
    const out: [number, number | null][] = [];
    for await (const {messages, plannedNs} of replaySource(log, {schedule: {kind: 'max'}, startNs: 5000, ...options})) {
      messages.forEach(({seq}, index) => out.push([seq, plannedNs?.[index] ?? null]));
    }
    return out;
  };

  it('plans over batches, part of a log and one key', async () => {
    expect(await replay({})).toEqual(all.map(({seq}: {seq: number}) => [seq, null]));
    expect(await replay({schedule: {kind: 'rate', ratePerSecond: 1e6}})).toEqual(all.map(({seq}: {seq: number}) => [seq, 5000 + (seq - 1) * 1000]));
    expect(await replay({schedule: {kind: 'recorded', speed: 2}, fromSeq: 3, toSeq: 5})).toEqual([[3, 5000], [4, 5000 + 2500], [5, 5000 + 6000]]);
    const odd = await replay({schedule: {kind: 'rate', ratePerSecond: 1e6}, only: ({frames}) => Buffer.from(frames[0] ?? []).toString() === 'odd'});
    expect(odd).toEqual([2, 4, 6, 8, 10].map((seq, index) => [seq, 5000 + index * 1000]));
  });

  it('two replays are the same', async () => {
    const options = {schedule: {kind: 'recorded', speed: 3}} as const;
    expect(await replay(options)).toEqual(await replay(options));
    expect(plannedTimesNs(plannedTimes({kind: 'max'}, 0, 0), [1, 2], 0)).toBeNull();
  });
});
