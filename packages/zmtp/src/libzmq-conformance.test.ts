import {XPublisher, Pull, Push} from 'zeromq';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LinkWorld, messageOf, sendAllByLibzmq, StreamDigest, until} from './fixtures/link-world.ts';
import {bindPull, bindPush, connectPull, connectPush, connectSub} from './index.ts';

const isDeep = process.env['TANDEM_DEEP'] === '1';
const COUNT = isDeep ? 1_000_000 : 100_000;
const SIZES = [0, 1, 2, 254, 255, 256, 257, 65_535 - 9, 65_535, 65_536, 65_537, 1024 * 1024 - 1, 1024 * 1024];
const PARTS = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300, 1), Buffer.alloc(70_000, 2)];
const timeout = isDeep ? 300_000 : 30_000;
let world: LinkWorld;

beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

const endpoints = {ipc: () => world.ipc('a'), tcp: () => 'tcp://127.0.0.1:*'} as const;

describe.each(['ipc', 'tcp'] as const)('%s', (kind) => {
  test('we receive every size and several parts from libzmq, bound and connected', async () => {
    const sent = new StreamDigest();
    const heard = [new StreamDigest(), new StreamDigest()];
    const bound = world.keep(await bindPull({endpoint: endpoints[kind](), onMessage: (payload, frames) => heard[0]!.add(payload, frames)}));
    const push = world.keep(new Push({linger: 0}));
    push.connect(bound.endpoint);
    const other = world.keep(new Push({linger: 0}));
    await other.bind(kind === 'ipc' ? world.ipc('b') : 'tcp://127.0.0.1:*');
    const connected = world.keep(connectPull({endpoint: other.lastEndpoint!, onMessage: (payload, frames) => heard[1]!.add(payload, frames)}));
    for (const size of SIZES) {
      const message = Buffer.alloc(size, size % 251);
      sent.add(message);
      await push.send(message);
      await other.send(message);
    }
    sent.add(Buffer.alloc(0), PARTS);
    await push.send(PARTS);
    await other.send(PARTS);
    await until('all messages', () => bound.received === SIZES.length + 1 && connected.received === SIZES.length + 1);
    expect(heard.map(({hex}) => hex)).toEqual([sent.hex, sent.hex]);
  });

  test('libzmq receives every size and several parts from us, bound and connected', async () => {
    const pull = world.keep(new Pull());
    await pull.bind(kind === 'ipc' ? world.ipc('b') : 'tcp://127.0.0.1:*');
    const second = world.keep(new Pull());
    const bound = world.keep(await bindPush({endpoint: endpoints[kind]()}));
    second.connect(bound.endpoint);
    const connected = world.keep(connectPush({endpoint: pull.lastEndpoint!}));
    for (const [push, to] of [[connected, pull], [bound, second]] as const) {
      const sent = new StreamDigest();
      const heard = new StreamDigest();
      for (const message of [...SIZES.map((size) => Buffer.alloc(size, size % 251)), PARTS]) {
        sent.add(message as Buffer, Array.isArray(message) ? message : null);
        expect(push.send(message)).toBe(true);
        const frames = await to.receive();
        heard.add(frames[0]!, frames);
      }
      expect(heard.hex).toBe(sent.hex);
    }
  });

  test(`${COUNT} messages from libzmq and ${COUNT} to it are the same`, async () => {
    const sent = [new StreamDigest(), new StreamDigest()];
    const heard = [new StreamDigest(), new StreamDigest()];
    const pull = world.keep(await bindPull({endpoint: endpoints[kind](), onMessage: (payload, frames) => heard[0]!.add(payload, frames)}));
    const theirs = world.keep(new Push({linger: 0}));
    theirs.connect(pull.endpoint);
    await sendAllByLibzmq(theirs, COUNT, sent[0]!);
    await until('all of libzmq', () => pull.received === COUNT, timeout);
    const push = world.keep(await bindPush({endpoint: kind === 'ipc' ? world.ipc('c') : 'tcp://127.0.0.1:0'}));
    const reader = world.keep(new Pull());
    reader.connect(push.endpoint);
    const reading = (async () => {
      for (let n = 0; n < COUNT; n++) heard[1]!.add((await reader.receive())[0]!);
    })();
    for (let n = 0; n < COUNT; n++) {
      const message = messageOf(n);
      sent[1]!.add(message);
      if (push.isBlocked) await push.whenRoom(timeout);
      expect(push.send(message)).toBe(true);
    }
    await reading;
    expect(heard.map(({hex}) => hex)).toEqual(sent.map(({hex}) => hex));
  }, timeout);
});

test('both ends ours: the same messages, in order, and the close loses none', async () => {
  const heard = new StreamDigest();
  const sent = new StreamDigest();
  const pull = world.keep(await bindPull({endpoint: world.ipc('a'), onMessage: (payload, frames) => heard.add(payload, frames)}));
  const push = connectPush({endpoint: pull.endpoint});
  for (let n = 0; n < COUNT; n++) {
    const message = messageOf(n);
    sent.add(message);
    if (push.isBlocked) await push.whenRoom(timeout);
    push.send(message);
  }
  await push.close(5000);
  expect(push.counts).toMatchObject({sent: COUNT, abandoned: 0, lostBytes: 0});
  await until('all messages', () => heard.count === COUNT);
  expect(heard.hex).toBe(sent.hex);
}, timeout);

test('several peers: fair turns when sending, everybody heard when receiving', async () => {
  const heard = [0, 0, 0];
  const push = world.keep(await bindPush({endpoint: world.ipc('a')}));
  for (const at of heard.keys()) {
    const pull = world.keep(new Pull());
    pull.connect(push.endpoint);
    void (async () => { for await (const _ of pull) heard[at]! += 1; })().catch(() => undefined);
  }
  await until('three peers', () => push.peers === 3);
  for (let n = 0; n < 300; n++) push.send(messageOf(n));
  await until('all messages', () => heard.reduce((sum, one) => sum + one) === 300);
  expect(heard).toEqual([100, 100, 100]);
  const from = new Map<string, number>();
  const pull = world.keep(await bindPull({endpoint: 'tcp://[::1]:*', onMessage: (payload) => {
    const name = Buffer.from(payload).toString();
    from.set(name, (from.get(name) ?? 0) + 1);
  }}));
  for (const name of ['a', 'b', 'c']) {
    const one = world.keep(connectPush({endpoint: pull.endpoint}));
    for (let n = 0; n < 1000; n++) one.send(Buffer.from(name));
  }
  await until('all messages', () => pull.received === 3000);
  expect([...from.values()]).toEqual([1000, 1000, 1000]);
});

test('a subscriber hears its prefixes only, from the first message behind its subscription', async () => {
  const publisher = world.keep(new XPublisher({linger: 0}));
  await publisher.bind(world.ipc('pub'));
  const heard: string[] = [];
  world.keep(connectSub({endpoint: world.ipc('pub'), topics: ['a.', 'c'], onMessage: (payload, frames) => heard.push(`${frames?.length ?? 1} ${Buffer.from(payload).toString()}`)}));
  const subscriptions = [String((await publisher.receive())[0]), String((await publisher.receive())[0])];
  expect(subscriptions.sort()).toEqual(['\u0001a.', '\u0001c']);
  for (const text of ['a.1', 'b.1', 'c1', 'a', 'a.2']) await publisher.send(text);
  await publisher.send(['c2', 'tail']);
  await until('the last', () => heard.length === 4);
  expect(heard).toEqual(['1 a.1', '1 c1', '1 a.2', '2 tail']);
});
