import {connect} from 'node:net';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {noise} from './fixtures/raw-ends.ts';
import {WireRecord, frame, greeting, hello, ready} from './fixtures/wire-record.ts';
import {bindPull, bindPush, connectPull, connectPush, isSameCredentials, plainClient, plainServer, startWireTap} from './index.ts';

const isDeep = process.env['TANDEM_DEEP'] === '1';
const COUNT = isDeep ? 10_000 : 400;
const AT_ONCE = 40;
const GOOD_EVERY = 10;
const credentials = {username: 'anna', password: 'geheim'};
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

/** Everything but a peer with a fitting socket that says a message. `type`: what would be let in. */
function attack(n: number, type: string): Buffer {
  const rest = noise(n + 1, 200 + n % 3000);
  const order = frame(0, 'order');
  const unframed = rest.subarray();
  unframed[0] = 0xf8 | n;
  switch (n % 12) {
    case 0: return Buffer.concat([Buffer.from([n % 255]), rest]);
    case 1: return Buffer.concat([greeting().subarray(0, 10), rest]);
    case 2: return Buffer.concat([greeting(), rest]);
    case 3: return Buffer.concat([greeting(), order, hello(type), order]);
    case 4: return Buffer.concat([hello(type), unframed]);
    case 5: return Buffer.concat([hello('REP'), order]);
    case 6: return Buffer.concat([greeting('PLAIN'), frame(4, '\u0005HELLO\u0001a\u0001b'), order]);
    case 7: return Buffer.from('POST /order HTTP/1.1\r\nContent-Length: 5\r\n\r\norder');
    case 8: return Buffer.from([1, 0, 6, 0, ...Buffer.from('order')]);
    case 9: return Buffer.concat([greeting('PLAIN'), ready(type), order]);
    case 10: return Buffer.concat([hello(type), Buffer.from([2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), rest]);
    default: return greeting().subarray(0, n % 64);
  }
}

async function assault(path: string, type: string, between: (n: number) => Promise<void> | void): Promise<void> {
  let open = 0;
  for (let n = 0; n < COUNT; n++) {
    open += 1;
    const socket = connect({path, allowHalfOpen: true}, () => socket.write(attack(n, type), () => (n % 12 === 11 ? socket.destroy() : undefined)));
    socket.on('error', () => undefined).on('end', () => socket.destroy()).on('close', () => { open -= 1; }).resume();
    world.later(() => socket.destroy());
    if (n % GOOD_EVERY === 0) await between(n);
    await until('some to be done', () => open < AT_ONCE, 20_000);
  }
  await until('all to be done', () => open === 0, 20_000);
}

test.each([['NULL', null], ['PLAIN', credentials]] as const)(`${COUNT} hostile connections on a PULL with %s: the good peer is heard, nothing else`, async (_name, known) => {
  const heard: string[] = [];
  const pull = world.keep(await bindPull({
    endpoint: world.ipc('in'), onMessage: (payload) => heard.push(Buffer.from(payload).toString()), limits: {handshakeMs: 500},
    ...(known === null ? {} : {mechanism: plainServer((seen) => isSameCredentials(seen, known))}),
  }));
  const push = world.keep(connectPush({endpoint: pull.endpoint, ...(known === null ? {} : {mechanism: plainClient(known)})}));
  await push.ready;
  const sent: string[] = [];
  await assault(world.path('in'), 'PUSH', (n) => {
    sent.push(`good ${n}`);
    push.send(Buffer.from(`good ${n}`));
  });
  await until('the last good one', () => heard.length >= sent.length);
  const {joined, refused, faulty} = pull.counts;
  expect([heard, pull.peers, refused + joined, faulty === joined - 1]).toEqual([sent, 1, COUNT + 1, true]);
}, 300_000);

test(`${COUNT} hostile connections on a PUSH with PLAIN: the good peer gets every message`, async () => {
  const heard: string[] = [];
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), limits: {handshakeMs: 500}, mechanism: plainServer((seen) => isSameCredentials(seen, credentials))}));
  const pull = world.keep(connectPull({endpoint: push.endpoint, mechanism: plainClient(credentials), onMessage: (payload) => heard.push(Buffer.from(payload).toString())}));
  await pull.ready;
  const sent: string[] = [];
  await assault(world.path('out'), 'PULL', (n) => {
    sent.push(`good ${n}`);
    push.send(Buffer.from(`good ${n}`));
  });
  await until('the last good one', () => heard.length >= sent.length);
  expect([heard, push.peers, push.counts.refused, push.counts.joined]).toEqual([sent, 1, COUNT, 1]);
}, 300_000);

test(`${COUNT} hostile connections on a tap: what the real end does not take is not told either`, async () => {
  const heard: string[] = [];
  const record = new WireRecord();
  const pull = world.keep(await bindPull({endpoint: world.ipc('real'), onMessage: (payload) => heard.push(Buffer.from(payload).toString()), limits: {handshakeMs: 500}}));
  const tap = world.keep(await startWireTap({listen: world.ipc('in'), upstream: pull.endpoint, sink: record}));
  const push = world.keep(connectPush({endpoint: tap.endpoint}));
  await push.ready;
  const sent: string[] = [];
  await assault(world.path('in'), 'PUSH', (n) => {
    sent.push(`good ${n}`);
    push.send(Buffer.from(`good ${n}`));
  });
  await until('the last good one', () => heard.length >= sent.length && tap.counts.up.observed >= sent.length);
  await until('all closed', () => tap.counts.open === 1);
  const digests = [...record.digests].filter(([key]) => key !== '1 up');
  expect([heard, digests.map(([key]) => key), record.digests.get('1 up')!.count, record.faults]).toEqual([sent, [], sent.length, []]);
}, 300_000);
