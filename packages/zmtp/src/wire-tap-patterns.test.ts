import * as zmq from 'zeromq';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LinkWorld, StreamDigest, until} from './fixtures/link-world.ts';
import {tapLink, type LinkKind} from './fixtures/tapped-link.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

type Parts = readonly Buffer[];
const isDeep = process.env['TANDEM_DEEP'] === '1';
const sizes = [0, 1, 255, 256, 65_535, 65_536, 65_537, ...(isDeep ? [64 * 1024 * 1024] : [])];
const MESSAGES: readonly Parts[] = [
  ...sizes.map((size) => [Buffer.alloc(size, size % 251)]),
  [Buffer.from('one'), Buffer.alloc(0), Buffer.from('two')], [Buffer.alloc(0), Buffer.alloc(0)], [Buffer.alloc(300, 1), Buffer.alloc(70_000, 2)], [Buffer.from('end')],
];
const EMPTY = Buffer.alloc(0);
const limits = {messageBytesMax: 128 * 1024 * 1024};
type Sender = {send(parts: zmq.MessageLike | zmq.MessageLike[]): Promise<void>};
type Receiver = {receive(): Promise<Buffer[]>};
const make: Readonly<Record<string, () => zmq.Socket>> = {
  PUSH: () => new zmq.Push({linger: 0}), PULL: () => new zmq.Pull(), PUB: () => new zmq.Publisher({linger: 0}), SUB: () => new zmq.Subscriber(),
  XPUB: () => new zmq.XPublisher({linger: 0}), XSUB: () => new zmq.XSubscriber({linger: 0}), PAIR: () => new zmq.Pair({linger: 0}), REQ: () => new zmq.Request({linger: 0}),
  REP: () => new zmq.Reply({linger: 0}), DEALER: () => new zmq.Dealer({linger: 0}), ROUTER: () => new zmq.Router({linger: 0}),
};

/** Sends every message from one to the other, and back when `isEcho`; what of it is on the wire, each way. */
async function exchange(from: zmq.Socket, to: zmq.Socket, fromType: string, toType: string, peerId: Buffer | null, firstReceived: Promise<Buffer[]> | null): Promise<{forth: Parts[]; back: Parts[]}> {
  const [forth, back]: [Parts[], Parts[]] = [[], []];
  const isEcho = !['PUSH', 'PUB', 'XPUB'].includes(fromType);
  let received = firstReceived;
  for (const parts of MESSAGES) {
    // a REP needs an envelope; a REQ makes one
    const wire = toType === 'REP' || fromType === 'REQ' ? [EMPTY, ...parts] : parts;
    await (from as unknown as Sender).send([...(fromType === 'ROUTER' && peerId !== null ? [peerId] : []), ...(fromType === 'REQ' ? parts : wire)]);
    forth.push(wire);
    const got = await (received ?? (to as unknown as Receiver).receive());
    received = null;
    const inner = toType === 'ROUTER' ? got.slice(1) : got;
    expect(sameParts(inner, toType === 'REP' ? parts : wire)).toBe(true);
    if (!isEcho) continue;
    await (to as unknown as Sender).send(got);
    back.push(wire);
    const answer = await (from as unknown as Receiver).receive();
    expect(sameParts(fromType === 'ROUTER' ? answer.slice(1) : answer, fromType === 'REQ' ? parts : wire)).toBe(true);
  }
  return {forth, back};
}

function sameParts(one: Parts, other: Parts): boolean {
  return one.length === other.length && one.every((part, at) => part.equals(other[at]!));
}

function digestOf(messages: readonly Parts[]): string | undefined {
  if (messages.length === 0) return undefined;
  const digest = new StreamDigest();
  for (const parts of messages) digest.add(parts.at(-1)!, parts.length > 1 ? parts : null);
  return digest.hex;
}

/** who sends first, to whom */
const PAIRS: readonly (readonly [string, string])[] = [
  ['PUSH', 'PULL'], ['PUB', 'SUB'], ['XPUB', 'SUB'], ['PUB', 'XSUB'], ['XPUB', 'XSUB'], ['PAIR', 'PAIR'], ['REQ', 'REP'], ['REQ', 'ROUTER'], ['DEALER', 'REP'], ['DEALER', 'ROUTER'],
  ['DEALER', 'DEALER'], ['ROUTER', 'ROUTER'],
];

describe.each<LinkKind>(['ipc', 'tcp'])('%s', (kind) => {
  test.each(PAIRS.flatMap(([from, to]) => [[from, to, 'receiver'], [from, to, 'sender']] as const))('%s to %s, the %s is bound: the same messages, both as received and as observed', async (fromType, toType, bound) => {
    const {real, front, record, tap} = await tapLink(world, kind, {limits});
    const from = world.keep(make[fromType]!());
    const to = world.keep(make[toType]!());
    const [server, client] = bound === 'sender' ? [from, to] : [to, from];
    let peerId: Buffer | null = null;
    if (fromType === 'ROUTER') {
      peerId = Buffer.from('them');
      (to as zmq.Router).routingId = 'them';
      (from as zmq.Router).routingId = 'us';
    }
    const isSubscriber = toType === 'SUB' || toType === 'XSUB';
    if (to instanceof zmq.Subscriber) to.subscribe('');
    await server.bind(real);
    client.connect(front);
    if (to instanceof zmq.XSubscriber) await to.send('\u0001');
    // libzmq attaches a peer that came to a bound socket, and subscribes there, only within a call
    const received = isSubscriber ? (to as unknown as Receiver).receive() : null;
    received?.catch(() => undefined);
    if (from instanceof zmq.XPublisher) await from.receive();
    await until('the handshake', () => record.of('handshake').length === 1);
    if (isSubscriber) await until('the subscription', () => record.of('subscription').length === 1);
    // the real end may act a moment after the octets have passed
    await new Promise((resolve) => { setTimeout(resolve, 30); });
    const {forth, back} = await exchange(from, to, fromType, toType, peerId, received);
    const [up, down] = bound === 'sender' ? [back, forth] : [forth, back];
    await until('all observed', () => tap.counts.up.observed === up.length && tap.counts.down.observed === down.length);
    expect([record.digests.get('1 up')?.hex, record.digests.get('1 down')?.hex, record.faults]).toEqual([digestOf(up), digestOf(down), []]);
    const {up: above, down: below} = record.of('handshake')[0]!;
    expect([above.socketType, below.socketType]).toEqual(bound === 'sender' ? [toType, fromType] : [fromType, toType]);
  }, 60_000);

  test.each([['set', 'me'], ['empty', ''], ['of 255 octets', 'i'.repeat(255)]])('an identity that is %s', async (_name, identity) => {
    const {real, front, record} = await tapLink(world, kind);
    const router = world.keep(new zmq.Router());
    await router.bind(real);
    for (const epoch of [1, 2]) {
      const dealer = new zmq.Dealer({linger: 0, ...(identity === '' ? {} : {routingId: identity})});
      dealer.connect(front);
      await dealer.send('x');
      const [id] = await router.receive();
      if (identity !== '') expect(id!.toString()).toBe(identity);
      expect(record.of('handshake').at(-1)).toMatchObject({connection: epoch, epoch, up: {socketType: 'DEALER', identity}});
      dealer.close();
      await until('its end', () => record.of('closed').length === epoch);
    }
    expect(record.of('closed').map(({how, by}) => `${how} ${by}`)).toEqual(['ended peer', 'ended peer']);
  });
});
