import {chmod, mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openPub, openPull, openPush, openRouter, openSub, openDealer, type Endpoint} from './open-socket.ts';
import {guardedContext} from './zap-handler.ts';

let folder = '';
let open: Endpoint[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tdm-ep-'));
});
afterEach(async () => {
  for (const endpoint of open) endpoint.close();
  open = [];
  await rm(folder, {recursive: true, force: true});
});

function kept<E extends Endpoint>(endpoint: E): E {
  open.push(endpoint);
  return endpoint;
}

async function detailOf(work: Promise<unknown>): Promise<TandemError['detail']> {
  const error = await work.then(() => null, (reason: unknown) => reason);
  if (error instanceof TandemError) return error.detail;
  throw new Error(`expected a TandemError, got ${String(error)}`);
}

describe('opening sockets', () => {
  it.each(['tcp', 'ipc'])('carries messages over %s, single and multipart', async (transport) => {
    const pull = kept(await openPull({bind: transport === 'tcp' ? 'tcp://127.0.0.1:*' : `ipc://${folder}/in`}));
    const push = kept(await openPush({connect: pull.address}));
    await push.socket.send('one');
    await push.socket.send(['two', '', 'parts']);
    expect((await pull.socket.receive()).map(String)).toEqual(['one']);
    expect((await pull.socket.receive()).map(String)).toEqual(['two', '', 'parts']);
    await expect.poll(() => pull.links.counts()).toMatchObject({accepted: 1, ready: 1, handshakeFailed: 0});
    expect(guardedContext().stats().allowed).toBeGreaterThan(0);
  });

  it('sets every safe setting', async () => {
    const {socket} = kept(await openDealer({bind: 'tcp://127.0.0.1:*'}));
    expect(socket).toMatchObject({
      maxMessageSize: 1_048_576, linger: 0, handshakeInterval: 2000, heartbeatInterval: 1000, heartbeatTimeout: 3000, sendTimeout: 1000,
      receiveHighWaterMark: 10_000, sendHighWaterMark: 10_000, zapEnforceDomain: true, zapDomain: 'tandem.bind', backlog: 128,
    });
    const client = kept(await openPush({connect: 'tcp://127.0.0.1:9', limits: {maxMessageBytes: 2048}}));
    expect(client.socket).toMatchObject({maxMessageSize: 2048, zapDomain: 'tandem.connect', zapEnforceDomain: false});
    const router = kept(await openRouter({bind: 'tcp://127.0.0.1:*'}));
    await expect(router.socket.send(['nobody', 'x'])).rejects.toMatchObject({code: 'EHOSTUNREACH'});
  });

  it('subscribes before it connects, and only to what it was told', async () => {
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`}));
    const sub = kept(await openSub({connect: pub.address, topics: ['a']}));
    let sent = 0;
    const timer = setInterval(() => void pub.socket.send([sent % 2 === 0 ? 'a' : 'b', String((sent += 1))]), 2);
    const first = await sub.socket.receive();
    const second = await sub.socket.receive();
    clearInterval(timer);
    expect([first[0]?.toString(), second[0]?.toString()]).toEqual(['a', 'a']);
    expect(await detailOf(openSub({connect: pub.address, topics: []}))).toMatchObject({id: 'TDM-E208', kind: 'usage'});
    expect(await detailOf(openSub({connect: pub.address, topics: ['x'.repeat(257)]}))).toMatchObject({id: 'TDM-E208'});
  });

  it('refuses a bind that other hosts could reach', async () => {
    expect(await detailOf(openPull({bind: 'tcp://0.0.0.0:*'}))).toMatchObject({id: 'TDM-E202', kind: 'usage'});
  });

  it('names a port in use within a second', async () => {
    const first = kept(await openPull({bind: 'tcp://127.0.0.1:*'}));
    const started = performance.now();
    const detail = await detailOf(openPull({bind: first.address}));
    expect(performance.now() - started).toBeLessThan(1000);
    expect(detail).toMatchObject({id: 'TDM-E203', kind: 'environment', where: first.address});
    expect(detail.what).toContain(first.address);
  });

  it('takes a port again right after it was closed', async () => {
    const first = await openPull({bind: 'tcp://127.0.0.1:*'});
    first.close();
    first.close();
    kept(await openPull({bind: first.address}));
  });
});

describe('ipc files', () => {
  it('makes its folder 0700 and the socket 0600', async () => {
    kept(await openPull({bind: `ipc://${folder}/new/deep/in`}));
    expect((await stat(`${folder}/new/deep`)).mode & 0o777).toBe(0o700);
    expect((await stat(`${folder}/new/deep/in`)).mode & 0o777).toBe(0o600);
  });

  it('refuses a folder that others may enter', async () => {
    await mkdir(`${folder}/wide`);
    await chmod(`${folder}/wide`, 0o755);
    expect(await detailOf(openPull({bind: `ipc://${folder}/wide/in`}))).toMatchObject({id: 'TDM-E206', kind: 'usage', seen: 'mode 755'});
  });

  it('replaces the leftover of a dead process', async () => {
    const path = `${folder}/stale`;
    // A hard exit leaves the file behind; node does not unlink it when the descriptor is just dropped.
    const {spawnSync} = await import('node:child_process');
    spawnSync(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`]);
    expect((await stat(path)).isSocket()).toBe(true);
    const pull = kept(await openPull({bind: `ipc://${path}`}));
    const push = kept(await openPush({connect: pull.address}));
    await push.socket.send('x');
    expect(String((await pull.socket.receive())[0])).toBe('x');
  });

  it('leaves a living listener and an ordinary file alone', async () => {
    const server = await new Promise<Server>((resolve) => {
      const made = createServer((peer) => peer.destroy());
      made.listen(`${folder}/alive`, () => resolve(made));
    });
    const started = performance.now();
    expect(await detailOf(openPull({bind: `ipc://${folder}/alive`}))).toMatchObject({id: 'TDM-E203', kind: 'environment', where: `ipc://${folder}/alive`});
    expect(performance.now() - started).toBeLessThan(1000);
    expect(server.listening).toBe(true);
    server.close();
    await writeFile(`${folder}/file`, 'keep');
    expect(await detailOf(openPull({bind: `ipc://${folder}/file`}))).toMatchObject({id: 'TDM-E204', kind: 'usage'});
    expect((await stat(`${folder}/file`)).size).toBe(4);
  });
});

describe('the guard', () => {
  it('can go and come back at once, hundreds of times', async () => {
    for (let round = 0; round < 300; round += 1) {
      const pull = await openPull({bind: 'tcp://127.0.0.1:*'});
      const push = await openPush({connect: pull.address});
      if (round % 50 === 0) {
        await push.socket.send('x');
        await pull.socket.receive();
      }
      push.close();
      pull.close();
    }
  });

  it('does not keep the process alive once all sockets are closed', async () => {
    const {spawn} = await import('node:child_process');
    const here = import.meta.dirname;
    const program = `
      import {openPull, openPush} from ${JSON.stringify(`${here}/open-socket.ts`)};
      const pull = await openPull({bind: 'tcp://127.0.0.1:*'});
      const push = await openPush({connect: pull.address});
      await push.socket.send('x');
      await pull.socket.receive();
      push.close(); pull.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {stdio: ['ignore', 'ignore', 'pipe']});
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const code = await new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      child.on('exit', (status, signal) => (clearTimeout(timer), resolve(status ?? signal)));
    });
    expect({code, stderr: stderr.replace(/\(node:\d+\).*Warning.*\n.*\n/g, '')}).toEqual({code: 0, stderr: ''});
  });
});
