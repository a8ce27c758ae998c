import {createConnection, createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {openDealer, openPub, openPull, openPush, openRouter, openSub, type DealerEndpoint, type Endpoint, type PubEndpoint, type PullEndpoint, type PushEndpoint, type RouterEndpoint, type SubEndpoint} from './open-socket.ts';
import {receiveBurst} from './receive-burst.ts';

const open: Endpoint[] = [];
afterEach(() => {
  for (const endpoint of open.splice(0)) endpoint.close();
});

/** A small generator with a fixed seed: the same hostile bytes in every run. */
function randomBytes(seed: number, size: number): Buffer {
  const out = Buffer.alloc(size);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < size; index += 1) {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    out[index] = state & 255;
  }
  return out;
}

function hostileBytes(index: number): Buffer {
  switch (index % 5) {
    case 0: return randomBytes(index + 1, 4096);
    case 1: return Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20));
    // ZMTP 1.0: an anonymous identity frame, then a one-part message "order".
    case 2: return Buffer.from([1, 0, 6, 0, ...Buffer.from('order'), 6, 0, ...Buffer.from('order')]);
    // ZMTP 2.0 greeting with socket type PUSH, then a frame.
    case 3: return Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 8, 0, 0, 0, 5, ...Buffer.from('order')]);
    // ZMTP 3 greeting of a PLAIN client and garbage behind it.
    default: return Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]), Buffer.from('PLAIN'.padEnd(52, '\0')), randomBytes(index, 512)]);
  }
}

async function throwAt(port: number, count: number): Promise<void> {
  const one = (index: number): Promise<void> => new Promise((resolve) => {
    const socket = createConnection({port, host: '127.0.0.1'});
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.on('connect', () => socket.end(hostileBytes(index)));
    socket.setTimeout(3000, () => socket.destroy());
    socket.resume();
  });
  for (let index = 0; index < count; index += 50) {
    await Promise.all(Array.from({length: 50}, (_, offset) => one(index + offset)));
  }
}

/** connections thrown at each kind of socket; every one of them in the deep run */
const HOSTILE = process.env['TANDEM_DEEP'] === '1' ? 10_000 : 250;
const BIND = {bind: 'tcp://127.0.0.1:*'};

/** Every kind of socket that the product binds, with a good client of it, and what shows that the client is served. */
const kinds: readonly {name: string; server: () => Promise<Endpoint>; good: (address: string) => Promise<Endpoint>; talk: (server: Endpoint, client: Endpoint) => Promise<string>}[] = [
  {name: 'pull', server: () => openPull(BIND), good: (connect) => openPush({connect}), talk: async (server, client) => {
    await (client as PushEndpoint).socket.send('real');
    return String((await (server as PullEndpoint).socket.receive())[0]);
  }},
  {name: 'push', server: () => openPush(BIND), good: (connect) => openPull({connect}), talk: async (server, client) => {
    await (server as PushEndpoint).socket.send('real');
    return String((await (client as PullEndpoint).socket.receive())[0]);
  }},
  {name: 'pub', server: () => openPub(BIND), good: (connect) => openSub({connect, topics: ['']}), talk: async (server, client) => {
    const beat = setInterval(() => { void (server as PubEndpoint).socket.send('real').catch(() => undefined); }, 10);
    return await (client as SubEndpoint).socket.receive().then(([octets]) => String(octets)).finally(() => { clearInterval(beat); });
  }},
  {name: 'router', server: () => openRouter(BIND), good: (connect) => openDealer({connect}), talk: async (server, client) => {
    await (client as DealerEndpoint).socket.send('ask');
    const [identity, octets] = await (server as RouterEndpoint).socket.receive();
    expect(String(octets)).toBe('ask');
    await (server as RouterEndpoint).socket.send([identity as Buffer, 'real']);
    return String((await (client as DealerEndpoint).socket.receive())[0]);
  }},
  {name: 'dealer', server: () => openDealer(BIND), good: (connect) => openDealer({connect}), talk: async (server, client) => {
    await (client as DealerEndpoint).socket.send('real');
    return String((await (server as DealerEndpoint).socket.receive())[0]);
  }},
];

describe('bytes that are not ZeroMQ', () => {
  it.each(kinds)(`${HOSTILE} hostile connections put no message into a $name; a good client is served`, async ({server, good, talk}) => {
    const bound = await server();
    open.push(bound);
    await throwAt(Number(bound.address.split(':').at(-1)), HOSTILE);
    const links = bound.links.counts();
    expect(links.accepted).toBeGreaterThanOrEqual(HOSTILE * 0.8);
    expect(links.ready).toBe(0);
    const client = await good(bound.address);
    open.push(client);
    // what a stranger had put in would be received first
    expect(await talk(bound, client)).toBe('real');
  }, 120_000);

  it('a service that is not ZeroMQ cannot talk into a socket that connected to it', async () => {
    let visits = 0;
    const http = createServer((peer) => {
      peer.on('error', () => undefined);
      visits += 1;
      peer.end(visits % 2 === 0 ? hostileBytes(2) : 'HTTP/1.1 400 Bad Request\r\nServer: other\r\n\r\n'.repeat(10));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = `tcp://127.0.0.1:${(http.address() as AddressInfo).port}`;
    let messages = 0;
    const clients: Endpoint[] = [];
    // libzmq does not dial again after a peer broke the protocol: many clients, one visit each.
    for (let index = 0; index < 20; index += 1) {
      const client = index % 4 < 2 ? await openPull({connect: address}) : await openSub({connect: address, topics: ['']});
      open.push(client);
      clients.push(client);
      receiveBurst(client, (burst) => void (messages += burst.messages.length));
    }
    await expect.poll(() => clients.filter((client) => client.links.counts().disconnected + client.links.counts().handshakeFailed > 0).length).toBe(20);
    expect(visits).toBeGreaterThanOrEqual(20);
    expect(messages).toBe(0);
    http.close();
  });
});
