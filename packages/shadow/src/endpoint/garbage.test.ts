import {createConnection, createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {openPull, openPush, openRouter, openSub, type Endpoint} from './open-socket.ts';
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

describe('bytes that are not ZeroMQ', () => {
  it.each(['pull', 'router'] as const)('600 hostile connections put no message into a %s; a good client works', async (kind) => {
    const server = kind === 'pull' ? await openPull({bind: 'tcp://127.0.0.1:*'}) : await openRouter({bind: 'tcp://127.0.0.1:*'});
    open.push(server);
    const got: string[] = [];
    const loop = receiveBurst(server, (burst) => void got.push(...burst.messages.map((parts) => String(parts.at(-1)))));
    await throwAt(Number(server.address.split(':').at(-1)), 600);
    expect(got).toEqual([]);
    const links = server.links.counts();
    expect(links.accepted).toBeGreaterThanOrEqual(500);
    expect(links.ready).toBe(0);
    if (kind === 'pull') {
      const good = await openPush({connect: server.address});
      open.push(good);
      await good.socket.send('real order');
      await expect.poll(() => got).toEqual(['real order']);
      good.close();
    }
    server.close();
    await loop.done;
  }, 20_000);

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
