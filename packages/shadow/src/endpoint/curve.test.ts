import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {AllowList} from './allow-list.ts';
import {readCertificate, type CurveKeys} from './curve-certificate.ts';
import {generateKeys} from './generate-keys.ts';
import {openPub, openPull, openPush, openRouter, openSub, type Endpoint} from './open-socket.ts';

/** of this clone, made by the set-up */
const python = fileURLToPath(new URL('../../../../.venv/bin/python', import.meta.url));

let folder = '';
const open: Endpoint[] = [];
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'tdm-curve-')); });
afterEach(() => {
  for (const endpoint of open.splice(0)) endpoint.close();
  rmSync(folder, {recursive: true, force: true});
});
const kept = <E extends Endpoint>(endpoint: E): E => {
  open.push(endpoint);
  return endpoint;
};
const keysOf = (name: string): CurveKeys => readCertificate(generateKeys(folder, name).secretFile, 'secret');
const listOf = (...lines: string[]): AllowList => {
  const file = join(folder, 'allowed');
  writeFileSync(file, `# who may come in\n\n${lines.join('\n')}\n`);
  return new AllowList(file);
};

describe('a socket with keys', () => {
  it('takes whoever is on its list, and neither other keys nor none, nor one that takes it for another server', async () => {
    const server = keysOf('server'), alice = keysOf('alice'), mallory = keysOf('mallory');
    const pull = kept(await openPull({bind: 'tcp://127.0.0.1:*', curve: {keys: server, allow: listOf(`${alice.publicKey} alice`)}}));
    const heard: string[] = [];
    void (async () => { for await (const [octets] of pull.socket) heard.push(String(octets)); })().catch(() => undefined);
    const send = async (text: string, curve?: {keys: CurveKeys; serverKey: string}): Promise<void> => {
      const push = kept(await openPush({connect: pull.address, limits: {sendTimeoutMs: 300}, ...(curve === undefined ? {} : {curve})}));
      await push.socket.send(text).catch(() => undefined);
    };
    await send('in the clear');
    await send('of mallory', {keys: mallory, serverKey: server.publicKey});
    await send('for somebody else', {keys: alice, serverKey: mallory.publicKey});
    await send('of alice', {keys: alice, serverKey: server.publicKey});
    await expect.poll(() => heard).toEqual(['of alice']);
    await sleep(300);
    expect(heard).toEqual(['of alice']);
  });

  it('reads its list again when it was changed: whole, or not at all', async () => {
    const server = keysOf('server'), bob = keysOf('bob'), carol = keysOf('carol');
    const list = listOf(`${bob.publicKey} bob`);
    const pub = kept(await openPub({bind: `ipc://${folder}/pub`, curve: {keys: server, allow: list}}));
    const sub = kept(await openSub({connect: pub.address, topics: [''], curve: {keys: carol, serverKey: server.publicKey}}));
    const heard: string[] = [];
    void (async () => { for await (const [octets] of sub.socket) heard.push(String(octets)); })().catch(() => undefined);
    const beat = setInterval(() => { void pub.socket.send('tick').catch(() => undefined); }, 20);
    try {
      await sleep(400);
      expect(heard).toEqual([]);
      writeFileSync(list.file, `${carol.publicKey} carol and more\n`);
      expect(list.nameOf(carol.publicKey)).toBeNull();
      expect(list.fault).toMatch(/^line 1: /);
      expect(list.nameOf(bob.publicKey)).toBe('bob');
      writeFileSync(`${list.file}.new`, `${carol.publicKey} carol\n${keysOf('carol-next').publicKey} carol\n`);
      renameSync(`${list.file}.new`, list.file);
      expect(list.nameOf(carol.publicKey)).toBe('carol');
      expect(list.nameOf(bob.publicKey)).toBeNull();
      // libzmq does not dial again after a refusal of its key, so carol comes anew
      const again = kept(await openSub({connect: pub.address, topics: [''], curve: {keys: carol, serverKey: server.publicKey}}));
      expect(String((await again.socket.receive())[0])).toBe('tick');
    } finally {
      clearInterval(beat);
    }
  });

  it('may be bound where other hosts reach it; one without keys may not', async () => {
    const server = keysOf('server');
    await expect(openPull({bind: 'tcp://0.0.0.0:*'})).rejects.toMatchObject({detail: {id: 'TDM-E202', seen: expect.stringContaining('no CURVE keys') as string}});
    await expect(openRouter({bind: 'tcp://0.0.0.0:*', curve: {keys: server, serverKey: server.publicKey}})).rejects.toMatchObject({detail: {id: 'TDM-E202'}});
    const bound = kept(await openPull({bind: 'tcp://127.0.0.1:*', curve: {keys: server, allow: listOf(`${server.publicKey} myself`)}}));
    expect(bound.socket).toMatchObject({curveServer: true, zapEnforceDomain: true, zapDomain: expect.stringMatching(/^tandem\.curve\./) as string, maxMessageSize: 1_048_576, handshakeInterval: 2000});
    await expect(openPull({bind: 'tcp://127.0.0.1:*', curve: {keys: {...server, secretKey: null}, allow: listOf(`${server.publicKey} myself`)}})).rejects.toMatchObject({detail: {id: 'TDM-E212'}});
  });
});

describe('key files', () => {
  it.skipIf(!existsSync(python))('are those of ZeroMQ itself: pyzmq reads them; the secret is readable for its owner alone and never overwritten', () => {
    const {publicFile, secretFile, publicKey} = generateKeys(folder, 'gateway');
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
    expect(readCertificate(publicFile, 'public')).toEqual({publicKey, secretKey: null});
    expect(readFileSync(publicFile, 'utf8')).not.toContain(readCertificate(secretFile, 'secret').secretKey);
    expect(() => generateKeys(folder, 'gateway')).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E215'}) as unknown}) as Error);
    expect(() => generateKeys(folder, '../gateway')).toThrow(/name of the keys/);
    const out = execFileSync(python, ['-c', 'import sys, zmq.auth; p, s = zmq.auth.load_certificate(sys.argv[1]); print(p.decode(), s.decode())', secretFile], {encoding: 'utf8'});
    expect(out.trim()).toBe(`${publicKey} ${readCertificate(secretFile, 'secret').secretKey ?? ''}`);
  });

  it('that cannot be used say why, without the key', () => {
    const {publicFile, secretFile} = generateKeys(folder, 'x');
    const detail = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return (error as {detail: unknown}).detail;
      }
    };
    expect(detail(() => readCertificate(publicFile, 'secret'))).toMatchObject({id: 'TDM-E213', seen: expect.stringContaining('public half') as string});
    expect(detail(() => readCertificate(join(folder, 'none'), 'public'))).toMatchObject({id: 'TDM-E213', seen: 'ENOENT'});
    chmodSync(secretFile, 0o644);
    expect(detail(() => readCertificate(secretFile, 'secret'))).toMatchObject({id: 'TDM-E209', fix: `chmod 600 ${secretFile}`});
    expect(detail(() => listOf('too-short alice'))).toMatchObject({id: 'TDM-E214', seen: expect.stringContaining('line 3') as string});
    const {publicKey} = readCertificate(publicFile, 'public');
    expect(detail(() => listOf(`${publicKey} a`, `${publicKey} b`))).toMatchObject({id: 'TDM-E214', seen: expect.stringContaining('stands there twice') as string});
    expect(detail(() => new AllowList(join(folder, 'missing')))).toMatchObject({id: 'TDM-E214', seen: 'there is no such file'});
  });
});
