import {spawnSync} from 'node:child_process';
import {statSync, symlinkSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {Pull, Push} from 'zeromq';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readyCommand} from './command.ts';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {greeting} from './greeting.ts';
import {bindPull, bindPush, connectPull, ZmtpError, type LinkLimits} from './index.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

/** Says the octets and waits until the other side hangs up; what it was told meanwhile. */
function speak(path: string, octets: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    let heard = 0;
    const socket = connect(path, () => socket.write(octets));
    world.later(() => socket.destroy());
    socket.on('data', (chunk) => { heard += chunk.length; });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

async function pull(limits: Partial<LinkLimits> = {}): Promise<{heard: string[]; end: Awaited<ReturnType<typeof bindPull>>}> {
  const heard: string[] = [];
  return {heard, end: world.keep(await bindPull({endpoint: world.ipc('in'), limits, onMessage: (payload) => heard.push(Buffer.from(payload).toString())}))};
}

const told = (text: string): Buffer => Buffer.from([0, text.length, ...Buffer.from(text)]);
const altered = (change: (bytes: Buffer) => unknown): Buffer => {
  const bytes = greeting();
  change(bytes);
  return bytes;
};
const push = readyCommand('PUSH');

test.each<[string, Buffer]>([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ['TLS', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
  ['a forged ZMTP 1 handshake and message', Buffer.from([1, 0, 6, 0, ...Buffer.from('order')])],
  ['ZMTP 1 behind the long signature', Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0])],
  ['ZMTP 2', Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 5])],
  ['PLAIN', altered((bytes) => bytes.write('PLAIN', 12))],
  ['a longer name than NULL', altered((bytes) => bytes.write('NULLX', 12))],
  ['a message before READY', Buffer.concat([greeting(), told('order')])],
  ['no type', Buffer.concat([greeting(), Buffer.from([4, 6]), Buffer.from('\u0005READY')])],
  ['a pair that is not legal', Buffer.concat([greeting(), readyCommand('PULL')])],
  ['ERROR', Buffer.concat([greeting(), Buffer.from([4, 7]), Buffer.from('\u0005ERROR\u0000')])],
  ['a misspelt command', Buffer.concat([greeting(), Buffer.from([4, 2, 9, 65])])],
  ['a long command', Buffer.concat([greeting(), Buffer.from([6, 0, 0, 0, 0, 0, 1, 0, 0])])],
  ['READY twice', Buffer.concat([greeting(), push, push])],
  ['reserved flags', Buffer.concat([greeting(), push, Buffer.from([8, 1, 65])])],
  ['a command with more to come', Buffer.concat([greeting(), push, Buffer.from([5, 1, 65])])],
  ['a frame of 2^63 octets', Buffer.concat([greeting(), push, Buffer.from([2, 0x80, 0, 0, 0, 0, 0, 0, 0])])],
  ['a message over the limit', Buffer.concat([greeting(), push, Buffer.from([2, 0, 0, 0, 0, 0, 0x10, 0, 1])])],
  ['too many parts', Buffer.concat([greeting(), push, ...Array.from({length: 17}, () => Buffer.from([1, 0]))])],
])('%s: hung up, counted, nothing delivered', async (_name, octets) => {
  const {heard, end} = await pull();
  await speak(world.path('in'), octets);
  const {refused, faulty, silent} = end.counts;
  expect([heard, refused + faulty, silent]).toEqual([[], 1, 0]);
});

test('who says nothing, or stops half way, is out after the time limit', async () => {
  const {end} = await pull({handshakeMs: 100});
  await Promise.all([speak(world.path('in'), Buffer.alloc(0)), speak(world.path('in'), greeting().subarray(0, 30)), speak(world.path('in'), greeting())]);
  expect(end.counts).toMatchObject({refused: 3, joined: 0});
});

test('500 connections of noise deliver nothing and do not disturb a good peer; the silent ones do not lock others out', async () => {
  const {heard, end} = await pull();
  const good = world.keep(new Push({linger: 0}));
  good.connect(end.endpoint);
  let state = 1;
  const noise = (length: number, first: number): Buffer => {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at++) bytes[at] = (state = Math.imul(state, 1_103_515_245) + 12_345 | 0) >>> 16;
    bytes[0] = first;
    return bytes;
  };
  const ended: Promise<number>[] = [];
  for (let n = 0; n < 500; n++) {
    const body = n % 5 === 4 ? Buffer.alloc(0) : n % 5 === 3 ? Buffer.concat([greeting(), push, noise(4096, 0xf8 | n % 8)]) : noise(4096, n % 5 === 2 ? 0xff : n % 254);
    ended.push(speak(world.path('in'), body));
    if (n % 25 === 0) await good.send(`good ${n}`);
  }
  await until('the good ones', () => heard.length >= 20);
  const late = world.keep(new Push({linger: 0}));
  late.connect(end.endpoint);
  await late.send('late');
  await until('the late one', () => heard.includes('late'));
  await Promise.all(ended);
  expect(heard).toEqual([...Array.from({length: 20}, (_, n) => `good ${n * 25}`), 'late']);
  expect(end.peers).toBe(2);
});

test('when too many say nothing the oldest of them goes, and who means it gets in', async () => {
  const {heard, end} = await pull({strangersMax: 4, handshakeMs: 60_000});
  for (let n = 0; n < 10; n++) void speak(world.path('in'), greeting());
  await until('the cut', () => end.counts.refused >= 6);
  const good = world.keep(new Push({linger: 0}));
  good.connect(end.endpoint);
  await good.send('good');
  await until('the good one', () => heard.length === 1);
  expect(end.counts).toMatchObject({joined: 1, gone: 0});
});

test('one peer more than allowed is turned away', async () => {
  const {end} = await pull({peersMax: 1});
  const first = world.keep(connectPushOnce(end.endpoint));
  await first.ready;
  await speak(world.path('in'), Buffer.concat([greeting(), push]));
  expect([end.peers, end.counts.refused]).toEqual([1, 1]);
});

test('a PING flood that is not read costs bounded memory; each context comes back', async () => {
  const {end} = await pull();
  const ping = Buffer.concat([Buffer.from([4, 11]), Buffer.from('\u0004PING\u0000\u0000abcd')]);
  const socket = connect(world.path('in'), () => socket.write(Buffer.concat([greeting(), push, ping])));
  world.later(() => socket.destroy());
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  await until('PONG', () => Buffer.concat(heard).includes('\u0004PONGabcd'));
  socket.pause();
  const flood = Buffer.concat(Array.from({length: 5000}, () => ping));
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 100; n++) if (!socket.write(flood)) await sleep(2);
  await sleep(100);
  expect(end.peers).toBe(1);
  expect(process.memoryUsage.rss() - before).toBeLessThan(80 * 1024 * 1024);
});

function connectPushOnce(endpoint: string): {ready: Promise<void>; close(): void} {
  const socket = connect(endpoint.slice(6), () => socket.write(Buffer.concat([greeting(), push])));
  socket.on('error', () => undefined);
  let heard = 0;
  const ready = new Promise<void>((resolve) => socket.on('data', (chunk) => {
    heard += chunk.length;
    if (heard > 64) resolve();
  }));
  return {ready, close: () => socket.destroy()};
}

describe('places', () => {
  const codeOf = async (opening: Promise<{close(): unknown}>): Promise<string> => opening.then(async (end) => {
    await end.close();
    return 'open';
  }, (error: unknown) => error instanceof ZmtpError ? error.code : String(error));
  const onMessage = (): void => undefined;

  test('who listens where somebody listens is told so', async () => {
    const first = world.keep(await bindPush({endpoint: 'tcp://127.0.0.1:*'}));
    expect(first.endpoint).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect(await codeOf(bindPull({endpoint: first.endpoint, onMessage}))).toBe('in-use');
    const theirs = world.keep(new Pull());
    await theirs.bind(world.ipc('x'));
    expect(await codeOf(bindPull({endpoint: world.ipc('x'), onMessage}))).toBe('in-use');
    expect(await codeOf(bindPush({endpoint: world.ipc('x')}))).toBe('in-use');
  });

  test('a socket file that a dead process left is replaced, anything else is not touched', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(world.path('stale'))}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL');
    expect(statSync(world.path('stale')).isSocket()).toBe(true);
    expect(await codeOf(bindPull({endpoint: world.ipc('stale'), onMessage}))).toBe('open');
    writeFileSync(world.path('file'), 'precious');
    symlinkSync(world.path('file'), world.path('link'));
    expect(await codeOf(bindPull({endpoint: world.ipc('file'), onMessage}))).toBe('in-use');
    expect(await codeOf(bindPull({endpoint: world.ipc('link'), onMessage}))).toBe('in-use');
  });

  test('only this user may open the file and a folder made for it', async () => {
    world.keep(await bindPull({endpoint: world.ipc('made/in'), onMessage}));
    expect([statSync(world.path('made')).mode & 0o777, statSync(world.path('made/in')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test.each([
    ['tcp://0.0.0.0:1', 'not-local'], ['tcp://*:1', 'not-local'], ['tcp://192.168.0.1:1', 'not-local'], ['tcp://127.0.0.1.evil.example:1', 'not-local'], ['tcp://[::]:1', 'not-local'],
    ['tcp://127.0.0.1:70000', 'endpoint'], ['tcp://127.0.0.1', 'endpoint'], ['ipc://', 'endpoint'], ['ipc://*', 'endpoint'], ['ipc://@abstract', 'endpoint'], [`ipc:///${'x'.repeat(120)}`, 'endpoint'], ['inproc://x', 'endpoint'],
  ])('%s is refused: %s', async (endpoint, code) => {
    expect(await codeOf(bindPull({endpoint, onMessage}))).toBe(code);
    expect(() => connectPull({endpoint, onMessage})).toThrow(ZmtpError);
  });

  test('a client that does not come back says why it could not connect', async () => {
    const once = world.keep(connectPull({endpoint: world.ipc('nobody'), reconnect: null, onMessage}));
    await expect(once.ready).rejects.toThrow(/ENOENT/);
    const server = createServer((socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); socket.on('error', () => undefined); });
    await new Promise<void>((resolve) => server.listen(world.path('web'), resolve));
    world.keep(server);
    await expect(world.keep(connectPull({endpoint: world.ipc('web'), reconnect: null, onMessage})).ready).rejects.toThrow(/does not speak ZMTP/);
  });
});
