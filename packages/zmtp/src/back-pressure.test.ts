import {setTimeout as sleep} from 'node:timers/promises';
import {Pull, Push} from 'zeromq';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, messageOf, StreamDigest, until} from './fixtures/link-world.ts';
import {bindPull, bindPush, connectPull, connectPush} from './index.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

const KILO = 1000;

test('we do not read: libzmq has to wait, our memory stays, and nothing is lost when we go on', async () => {
  const heard = new StreamDigest();
  const sent = new StreamDigest();
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), onMessage: (payload) => {
    heard.add(payload);
    if (heard.count === 5) pull.pause();
  }}));
  const push = world.keep(new Push({linger: 0, sendHighWaterMark: 100, sendTimeout: 300}));
  push.connect(pull.endpoint);
  const message = (n: number): Buffer => Buffer.alloc(KILO, n % 251);
  let taken = 0;
  for (let refused = false; !refused;) {
    await push.send(message(taken)).then(() => { sent.add(message(taken++)); }, () => { refused = true; });
  }
  expect(heard.count).toBe(5);
  expect(taken * KILO).toBeLessThan(2 * 1024 * 1024);
  const before = process.memoryUsage.rss();
  await sleep(200);
  expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 1024 * 1024);
  pull.resume();
  await until('the rest', () => heard.count === taken);
  expect(heard.hex).toBe(sent.hex);
});

test('paused and resumed at any message, also within the call, order and number stay', async () => {
  const heard: number[] = [];
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), onMessage: (payload) => {
    const n = Buffer.from(payload).readDoubleLE();
    heard.push(n);
    if (n % 3 === 0) pull.pause();
    if (n % 6 === 0) pull.resume();
    if (n % 6 === 3) setImmediate(() => pull.resume());
  }}));
  const push = world.keep(connectPush({endpoint: pull.endpoint}));
  for (let n = 0; n < 5000; n++) push.send(messageOf(n, 3000));
  await until('all', () => heard.length === 5000);
  expect(heard.every((n, at) => n === at)).toBe(true);
});

test.each([
  ['its end is not seen before', {heartbeatMs: 0}],
  ['our heartbeat finds it gone', {heartbeatMs: 20, silenceMs: 60}],
])('a peer that left while we did not read is still heard to its end: %s', async (_case, limits) => {
  const heard: number[] = [];
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), limits, onMessage: (payload) => {
    heard.push(Buffer.from(payload).readDoubleLE());
    if (heard.length === 1) pull.pause();
  }}));
  const push = connectPush({endpoint: pull.endpoint});
  for (let n = 0; n < 100; n++) push.send(messageOf(n));
  await push.close(300);
  await sleep(150);
  pull.resume();
  await until('all', () => heard.length === 100);
  await until('its end', () => pull.peers === 0);
});

test('libzmq does not read: we are blocked within the bounds, memory stays, nothing is lost', async () => {
  const sent = new StreamDigest();
  const heard = new StreamDigest();
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), backlogBytesMax: 256 * 1024, queueMessagesMax: 50}));
  const pull = world.keep(new Pull({receiveHighWaterMark: 10}));
  pull.connect(push.endpoint);
  await until('a peer', () => push.peers === 1);
  for (let refusals = 0; refusals < 3;) {
    const message = messageOf(sent.count, 4000);
    if (push.send(message)) sent.add(message);
    else {
      refusals += 1;
      expect(push.isBlocked).toBe(true);
      expect(await push.whenRoom(50)).toBe(false);
    }
  }
  expect(push.counts.queuedMax).toBe(50);
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 100_000; n++) expect(push.send(messageOf(n, 4000))).toBe(false);
  expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1024 * 1024);
  while (heard.count < sent.count) heard.add((await pull.receive())[0]!);
  expect(heard.hex).toBe(sent.hex);
  expect([push.isBlocked, await push.whenRoom(0)]).toEqual([false, true]);
});

test('without a peer messages wait in the queue and go out in order; a full peer is passed over', async () => {
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), queueMessagesMax: 10, backlogBytesMax: 64 * 1024}));
  for (let n = 0; n < 10; n++) expect(push.send(messageOf(n))).toBe(true);
  expect(push.send(messageOf(10))).toBe(false);
  const waiting = push.whenRoom(5000);
  const heard: number[] = [];
  const stuck = world.keep(connectPull({endpoint: push.endpoint, onMessage: (payload) => {
    heard.push(Buffer.from(payload).readDoubleLE());
    if (heard.length === 10) stuck.pause();
  }}));
  expect(await waiting).toBe(true);
  await until('the queue', () => heard.length === 10);
  expect(heard).toEqual(Array.from({length: 10}, (_, n) => n));
  let others = 0;
  world.keep(connectPull({endpoint: push.endpoint, onMessage: () => { others += 1; }}));
  await until('two peers', () => push.peers === 2);
  for (let n = 0; n < 20_000; n++) {
    if (push.isBlocked) expect(await push.whenRoom(5000)).toBe(true);
    push.send(messageOf(n));
  }
  await until('most at the one that reads', () => others > 15_000);
  stuck.resume();
  await until('all', () => others + heard.length === 20_010);
});

test('the close gives up after its linger and says what was lost', async () => {
  const push = await bindPush({endpoint: world.ipc('out')});
  for (let n = 0; n < 7; n++) push.send(messageOf(n));
  const start = performance.now();
  await push.close(150);
  expect(performance.now() - start).toBeGreaterThan(140);
  expect(push.counts).toMatchObject({sent: 0, abandoned: 7});
  expect(push.send(messageOf(0))).toBe(false);
});

test('a PULL that drains tells libzmq, reads what it had sent, and leaves the rest with it: whoever binds next misses nothing', async () => {
  const COUNT = 3000;
  const heard: number[] = [];
  const onMessage = (payload: Uint8Array): void => { heard.push(Number(Buffer.from(payload).toString())); };
  let pull = await bindPull({endpoint: world.ipc('in'), onMessage});
  const push = world.keep(new Push({linger: 0, sendHighWaterMark: 50, reconnectInterval: 10, reconnectMaxInterval: 10}));
  push.connect(pull.endpoint);
  let sent = 0;
  const sending = (async () => {
    for (; sent < COUNT; sent += 1) {
      await push.send(String(sent + 1));
      if (sent % 10 === 0) await sleep(1);
    }
  })();
  for (let round = 1; round <= 3; round += 1) {
    await until('some', () => heard.length > round * 600);
    expect(await pull.drain(2000)).toBe(true);
    expect(pull.peers).toBe(0);
    pull.close();
    const before = heard.length;
    await sleep(30);
    expect(heard.length).toBe(before);
    pull = await bindPull({endpoint: world.ipc('in'), onMessage});
  }
  world.keep(pull);
  await sending;
  await until('the rest', () => heard.length === COUNT);
  expect(heard).toEqual(Array.from({length: COUNT}, (_, at) => at + 1));
});
