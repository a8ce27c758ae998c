import {createHash} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openPub, openPush, openSub, type Endpoint, type PubEndpoint} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {openLogReader} from '../log/log-reader.ts';
import {openLogWriter} from '../log/log-writer.ts';
import {sequenceAtPointer} from './source-sequence.ts';
import {startSubscribeTap, type SubscribeTapOptions} from './subscribe-tap.ts';
import type {Tap, TapNotice} from './tap.ts';

let folder = '';
let open: Endpoint[] = [];
let taps: Tap[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tdm-tap-'));
});
afterEach(async () => {
  for (const tap of taps) await tap.stop();
  for (const endpoint of open) endpoint.close();
  [taps, open] = [[], []];
  await rm(folder, {recursive: true, force: true});
});

function kept<E extends Endpoint>(endpoint: E): E {
  open.push(endpoint);
  return endpoint;
}

interface Seen {
  readonly messages: CapturedMessage[];
  readonly gaps: GapRecord[];
  readonly notices: TapNotice[];
}

async function tapOf(endpoint: string, options: Partial<SubscribeTapOptions> = {}): Promise<{tap: Tap; seen: Seen}> {
  const seen: Seen = {messages: [], gaps: [], notices: []};
  const tap = await startSubscribeTap({
    endpoint, topics: [''], stream: 'orders', sourceSeq: sequenceAtPointer('/n'),
    onMessages: (messages) => void seen.messages.push(...messages), onGap: (gap) => seen.gaps.push(gap), onNotice: (notice) => seen.notices.push(notice),
    limits: {reconnectMs: 10, reconnectMaxMs: 20}, ...options,
  });
  taps.push(tap);
  return {tap, seen};
}

const body = (n: number, size = 0): Buffer => Buffer.from(`{"n":${n},"pad":"${'x'.repeat(size)}"}`);

/** Publishes 1, 2, 3, … until the tap has one, then returns the next number. */
async function publishUntilReady(pub: PubEndpoint, tap: Tap, from = 1): Promise<number> {
  let next = from;
  let ready = false;
  void tap.ready.then(() => (ready = true));
  while (!ready) {
    await pub.socket.send(body(next));
    next += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return next;
}

describe('a tap on a publisher', () => {
  it.each(['tcp', 'ipc'])('captures everything from its first message on, over %s', async (transport) => {
    const pub = kept(await openPub({bind: transport === 'tcp' ? 'tcp://127.0.0.1:*' : `ipc://${folder}/pub`}));
    const {tap, seen} = await tapOf(pub.address);
    let next = await publishUntilReady(pub, tap);
    const ready = await tap.ready;
    expect(ready).toMatchObject({stream: 'orders', epoch: 0, seq: 1});
    for (; next <= 3000; next += 1) await pub.socket.send(next % 5 === 0 ? [Buffer.from('t'), body(next, 300)] : body(next, next % 200));
    await expect.poll(() => tap.stats().lastSourceSeq, {timeout: 5000}).toBe(3000);
    const first = ready.sourceSeq ?? 0;
    expect(seen.messages.map(({seq}) => seq)).toEqual(Array.from({length: 3000 - first + 1}, (_, index) => index + 1));
    expect(seen.gaps).toEqual([]);
    const fifth = seen.messages.find(({frames}) => frames.length === 2);
    expect(Buffer.from(fifth?.frames[1] ?? []).toString()).toMatch(/^\{"n":\d+5?0?,"pad":"x{300}"\}$/);
    expect(await tap.stop()).toMatchObject({messages: 3000 - first + 1, gapMessages: 0, gapUnknown: 0, repeated: 0, withoutSourceSeq: 0});
    await tap.done;
  });

  it('takes only its topics', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const {tap, seen} = await tapOf(pub.address, {topics: ['b.'], sourceSeq: undefined});
    const timer = setInterval(() => {
      void pub.socket.send(['a.x', 'no']);
      void pub.socket.send(['b.x', 'yes']);
    }, 2);
    await tap.ready;
    await expect.poll(() => seen.messages.length).toBeGreaterThan(5);
    clearInterval(timer);
    expect(new Set(seen.messages.map(({frames}) => Buffer.from(frames[0] ?? []).toString()))).toEqual(new Set(['b.x']));
  });

  it('states every loss exactly when the publisher numbers its messages', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`, limits: {highWaterMark: 20}}));
    let slow: Promise<void> | undefined;
    let release: () => void = () => undefined;
    const messages: CapturedMessage[] = [];
    const gaps: GapRecord[] = [];
    const {tap} = await tapOf(pub.address, {
      limits: {highWaterMark: 20}, onGap: (gap) => gaps.push(gap),
      onMessages: (batch) => {
        messages.push(...batch);
        return slow;
      },
    });
    let next = await publishUntilReady(pub, tap);
    slow = new Promise((resolve) => (release = resolve));
    for (const last = next + 20_000; next < last; next += 1) {
      await pub.socket.send(body(next, 1000));
      if (next % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    slow = undefined;
    release();
    await expect.poll(async () => {
      await pub.socket.send(body(next));
      next += 1;
      return tap.stats().lastSourceSeq;
    }, {timeout: 5000}).toBeGreaterThan(20_000);
    const stats = await tap.stop();
    const first = (await tap.ready).sourceSeq ?? 0;
    expect(stats.gapMessages).toBeGreaterThan(1000);
    expect(stats.messages + stats.gapMessages).toBe((stats.lastSourceSeq ?? 0) - first + 1);
    // Positions have holes exactly where the gaps say.
    const covered = new Set(messages.map(({seq}) => seq));
    for (const gap of gaps) for (let seq = gap.afterSeq + 1; seq <= gap.afterSeq + (gap.count ?? 0); seq += 1) covered.add(seq);
    expect(covered.size).toBe(stats.lastSeq);
  }, 20_000);

  it('starts an epoch when the publisher comes back, and says what is missing', async () => {
    const address = `ipc://${folder}/pub`;
    const pub = kept(await openPub({bind: address}));
    const {tap, seen} = await tapOf(address);
    const next = await publishUntilReady(pub, tap);
    pub.close();
    await expect.poll(() => tap.stats().disconnected).toBe(1);
    const again = kept(await openPub({bind: address}));
    let number = next + 10;
    const timer = setInterval(() => void again.socket.send(body(number++)), 2);
    await expect.poll(() => tap.stats().epoch, {timeout: 5000}).toBe(1);
    clearInterval(timer);
    expect(seen.gaps).toHaveLength(1);
    expect(seen.gaps[0]).toMatchObject({epoch: 1, reason: 'connection to the publisher was lost'});
    expect(seen.gaps[0]?.count).toBeGreaterThanOrEqual(10);
    expect(seen.notices.map(({kind}) => kind)).toContain('reconnected');
    const stats = tap.stats();
    expect(stats.messages + stats.gapMessages).toBe((stats.lastSourceSeq ?? 0) - ((await tap.ready).sourceSeq ?? 0) + 1);
  });

  it('counts messages with too many parts as a gap when nothing else would show them', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const {tap, seen} = await tapOf(pub.address, {sourceSeq: undefined});
    await publishUntilReady(pub, tap);
    await pub.socket.send(Array.from({length: 20}, () => Buffer.from('x')));
    await expect.poll(() => tap.stats().refused).toBe(1);
    await expect.poll(() => seen.gaps).toMatchObject([{count: 1, reason: 'more parts than allowed'}]);
  });

  it('ends on abort, and `ready` tells when nothing ever came', async () => {
    const stop = new AbortController();
    const {tap} = await tapOf(`ipc://${folder}/nobody`, {signal: stop.signal});
    stop.abort();
    await expect(tap.ready).rejects.toMatchObject({detail: {id: 'TDM-E283', kind: 'cancel'}});
    await tap.done;
    await expect(tapOf(`ipc://${folder}/nobody`, {signal: stop.signal})).rejects.toThrow();
  });

  it('ends with an error when what it feeds fails', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const {tap} = await tapOf(pub.address, {onMessages: () => {
      throw new Error('sink broke');
    }});
    const timer = setInterval(() => void pub.socket.send(body(1)), 2);
    await expect(tap.done).rejects.toThrow('sink broke');
    clearInterval(timer);
  });
});

describe('live traffic', () => {
  it('is the same, complete and undelayed for a live subscriber while a tap stands still', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`, limits: {highWaterMark: 50_000}}));
    const live = kept(await openSub({connect: pub.address, topics: [''], limits: {highWaterMark: 50_000}}));
    const hash = createHash('sha256');
    let got = 0;
    receiveBurst(live, ({messages}) => {
      for (const frames of messages) {
        const text = String(frames[0]);
        if (text === 'join') continue;
        hash.update(text);
        got += 1;
      }
    });
    const {tap} = await tapOf(pub.address, {limits: {highWaterMark: 100}, onMessages: async () => await new Promise(() => undefined)});
    await expect.poll(async () => {
      await pub.socket.send('join');
      return [live.links.counts().ready, tap.stats().ready];
    }).toEqual([1, 1]);
    const sent = createHash('sha256');
    for (let n = 1; n <= 30_000; n += 1) {
      const text = body(n, 100);
      sent.update(text);
      await pub.socket.send(text);
    }
    await expect.poll(() => got, {timeout: 10_000}).toBe(30_000);
    expect(hash.digest('hex')).toBe(sent.digest('hex'));
    expect(tap.stats().messages).toBeLessThan(300);
    // Its sink never comes back: stop() does not wait for ever.
    const started = performance.now();
    await tap.stop();
    expect(performance.now() - started).toBeLessThan(3000);
  }, 20_000);
});

describe('a tap through which nothing comes says why', () => {
  async function noticeOf(endpoint: string, options: Partial<SubscribeTapOptions> = {}): Promise<TapNotice['detail']> {
    const {seen} = await tapOf(endpoint, {silenceMs: 150, ...options});
    await expect.poll(() => seen.notices.some(({kind}) => kind === 'silent'), {timeout: 5000}).toBe(true);
    const found = seen.notices.find(({kind}) => kind === 'silent');
    if (found === undefined) throw new Error('no notice');
    return found.detail;
  }

  it('nobody listens', async () => {
    const detail = await noticeOf(`ipc://${folder}/nobody`);
    expect(detail).toMatchObject({id: 'TDM-E282', kind: 'environment', where: `ipc://${folder}/nobody`});
    expect(detail.seen).toMatch(/no connection after \d+ attempts/);
  });

  it('the topics match nothing', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const timer = setInterval(() => void pub.socket.send('other'), 5);
    const detail = await noticeOf(pub.address, {topics: ['orders.']});
    clearInterval(timer);
    expect(detail.seen).toContain('handshake done, 0 messages for topics "orders."');
  });

  it('a PUSH socket is bound there', async () => {
    const push = kept(await openPush({bind: `ipc://${folder}/push`}));
    const detail = await noticeOf(push.address);
    expect(detail.seen).toMatch(/connected once, then .*handshake/);
    expect(detail.likely).toContain('PUSH');
  });

  it('another program listens there', async () => {
    const server = createServer((peer) => {
      peer.on('error', () => undefined);
      peer.on('data', () => peer.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const detail = await noticeOf(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(detail.seen).toMatch(/connected .*then .*handshake/);
    server.close();
  });

  it('it was there and fell silent, told again only after twice the time', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const {tap, seen} = await tapOf(pub.address, {silenceMs: 100});
    await publishUntilReady(pub, tap);
    await expect.poll(() => seen.notices.filter(({kind}) => kind === 'silent').length, {timeout: 5000}).toBe(2);
    expect(seen.notices.at(-1)?.detail.what).toContain('fell silent');
  });
});

describe('tap and log together', () => {
  it('what was published is what a reader of the log gets, gaps included', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const log = await openLogWriter(join(folder, 'log'));
    const {tap} = await tapOf(pub.address, {onMessages: (messages) => messages.forEach((message) => log.append(message)), onGap: (gap) => log.appendGap(gap)});
    let next = await publishUntilReady(pub, tap);
    // Numbers 1001 to 1010 are never sent.
    for (; next <= 20_000; next += 1) {
      if (next <= 1000 || next > 1010) await pub.socket.send(body(next, 150));
    }
    await expect.poll(() => tap.stats().lastSourceSeq, {timeout: 10_000}).toBe(20_000);
    const stats = await tap.stop();
    await log.close();
    const summary = await (await openLogReader(join(folder, 'log'))).summary();
    expect(stats).toMatchObject({gapMessages: 10});
    expect(summary).toMatchObject({messages: stats.messages, gapCount: 1, gapMessages: 10, whole: true});
    expect(summary.streams[0]).toMatchObject({lastSeq: stats.lastSeq, missing: 0});
  }, 20_000);
});
