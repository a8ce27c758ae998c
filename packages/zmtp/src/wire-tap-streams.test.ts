import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {dialRaw, noise, serveRaw, sha256} from './fixtures/raw-ends.ts';
import {tapLink, type LinkKind} from './fixtures/tapped-link.ts';
import {frame, greeting, hello} from './fixtures/wire-record.ts';
import type {WireTapOptions} from './index.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) pieces.push(bytes.subarray(at, at += sizes[n % sizes.length]!));
  return pieces;
};
const messages = (seed: number): Buffer => Buffer.concat(Array.from({length: 400}, (_, n) => frame(n % 3 === 0 ? 1 : 0, noise(seed + n, (n * 977) % 3000))).concat(frame(0, '')));
const streams: Readonly<Record<string, readonly [Buffer, Buffer]>> = {
  'frames': [Buffer.concat([hello('DEALER'), messages(1)]), Buffer.concat([hello('ROUTER'), messages(999)])],
  'a frame of 8 MiB': [Buffer.concat([hello('PUSH'), frame(0, noise(7, 8 * 1024 * 1024)), frame(0, 'end')]), hello('PULL')],
  'noise': [noise(3, 300_000), noise(4, 300_000)],
  'noise behind a handshake': [Buffer.concat([hello('PUSH'), noise(5, 300_000)]), Buffer.concat([hello('PULL'), noise(6, 300_000)])],
  'HTTP': [Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  'ZMTP 1': [Buffer.from([1, 0, 6, 0, ...Buffer.from('order')]), Buffer.from([1, 0])],
  'ZMTP 2': [Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 8, 0, 0, 0, 5, ...Buffer.from('order')]), greeting().subarray(0, 12)],
};
const crash = (): never => { throw new Error('a sink that fails'); };
const observers: Readonly<Record<string, Partial<WireTapOptions>>> = {
  'observed': {}, 'headers only': {mode: 'headers'}, 'spliced': {mode: 'splice'}, 'with a sink that throws at messages': {sink: {message: crash}},
  'with a sink that throws at everything': {sink: {message: crash, event: crash}},
};

describe.each<LinkKind>(['ipc', 'tcp'])('%s', (kind) => {
  test.each(Object.keys(streams))('%s: the same octets at both ends, however it is observed', async (name) => {
    const [up, down] = streams[name]!;
    for (const [how, options] of Object.entries(observers)) {
      const {front, real, tap} = await tapLink(world, kind, options, how.length.toString());
      const server = await serveRaw(world, real);
      const client = dialRaw(world, front);
      await until('the other end', () => server.ends.length === 1);
      const [other] = server.ends;
      for (const piece of cut(up, [1, 9, 70_001, 333])) client.socket.write(piece);
      for (const piece of cut(down, [2, 4096, 11])) other!.socket.write(piece);
      client.socket.end();
      await until('the end', () => other!.hasEnded);
      other!.socket.end();
      await until('both closed', () => client.isClosed && tap.counts.closed === 1);
      expect([how, other!.hex, client.hex]).toEqual([how, sha256([up]), sha256([down])]);
      expect(tap.counts).toMatchObject({up: {bytes: up.length, unsentBytes: 0}, down: {bytes: down.length, unsentBytes: 0}});
    }
  });

  test('octet by octet, both ways', async () => {
    const {front, real, record} = await tapLink(world, kind);
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    const up = Buffer.concat([hello('DEALER', 'me'), frame(1, 'a'), frame(1, ''), frame(0, 'b'), frame(0, Buffer.alloc(256, 1))]);
    const down = Buffer.concat([hello('ROUTER'), frame(0, 'answer')]);
    await until('the other end', () => server.ends.length === 1);
    const write = async (socket: typeof client.socket, bytes: Buffer): Promise<void> => {
      for (const octet of bytes) await new Promise<void>((resolve) => { socket.write(Buffer.from([octet]), () => setImmediate(resolve)); });
    };
    await Promise.all([write(client.socket, up), write(server.ends[0]!.socket, down)]);
    await until('all', () => server.ends[0]!.bytes === up.length && client.bytes === down.length);
    expect([server.ends[0]!.hex, client.hex, record.texts.sort()]).toEqual([sha256([up]), sha256([down]), ['1 down answer', '1 up 256 octets', '1 up a||b']]);
  });

  test('ten octets are enough to go on with', async () => {
    const {front, real} = await tapLink(world, kind);
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    client.socket.write(greeting().subarray(0, 10));
    await until('the ten', () => server.ends[0]?.bytes === 10);
    server.ends[0]!.socket.write(greeting().subarray(0, 10));
    await until('the ten back', () => client.bytes === 10);
  });
});

test('the reasons why nothing can be read are told', async () => {
  const reasons: string[] = [];
  for (const name of ['HTTP', 'ZMTP 1', 'ZMTP 2', 'noise behind a handshake']) {
    const {front, real, record} = await tapLink(world, 'ipc', {}, name.replaceAll(' ', ''));
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    await until('the other end', () => server.ends.length === 1);
    client.socket.write(streams[name]![0]);
    server.ends[0]!.socket.write(hello('PULL'));
    await until('a reason', () => record.of('opaque').length + record.of('desync').length === 1);
    reasons.push(...record.of('opaque').map(({reason}) => reason), ...record.of('desync').map(({seen}) => seen.slice(0, 12)));
    expect(record.texts.filter((text) => !text.includes('octets'))).toEqual([]);
  }
  expect(reasons).toEqual(['zmtp1', 'zmtp1', 'zmtp2', 'a frame with']);
});
