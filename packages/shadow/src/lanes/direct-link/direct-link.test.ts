import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {Pull, Push} from 'zeromq';
import {afterEach, describe, expect, test, vi} from 'vitest';
import type {LaneLink, LaneLinkOptions} from '../lane-link.ts';
import {openZeromqLink} from '../zeromq-link.ts';
import {openDirectLink} from './direct-link.ts';

vi.setConfig({testTimeout: 30_000});
const folders: string[] = [];
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
});

function endpoints(): {inEndpoint: string; outEndpoint: string} {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-dl-'));
  folders.push(folder);
  return {inEndpoint: `ipc://${folder}/in`, outEndpoint: `ipc://${folder}/out`};
}

interface Heard {
  readonly payloads: string[];
  readonly parts: number[];
  readonly closed: (string | null)[];
}

async function link(open: (options: LaneLinkOptions) => Promise<LaneLink>, places: {inEndpoint: string; outEndpoint: string}, more: Partial<LaneLinkOptions> = {}): Promise<{link: LaneLink; heard: Heard}> {
  const heard: Heard = {payloads: [], parts: [], closed: []};
  const opened = await open({
    ...places, messageBytesMax: 300_000, sendTimeoutMs: 100,
    onMessage: (payload, frames) => {
      heard.payloads.push(Buffer.from(payload).toString('latin1'));
      heard.parts.push(frames?.length ?? 1);
    },
    onClosed: (side, fault) => heard.closed.push(side === 'output' ? fault : side), ...more,
  });
  closers.push(() => opened.close());
  return {link: opened, heard};
}

/** A libzmq lane that sends everything back, with its own heartbeats on. */
async function echo(places: {inEndpoint: string; outEndpoint: string}, heartbeats: Record<string, number> = {}): Promise<{output: Push}> {
  const input = new Pull(heartbeats);
  const output = new Push({linger: 0, ...heartbeats});
  await input.bind(places.inEndpoint);
  await output.bind(places.outEndpoint);
  closers.push(() => input.close(), () => output.close());
  void (async () => {
    for await (const frames of input) await output.send(frames);
  })().catch(() => undefined);
  return {output};
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !condition(); round++) await sleep(5);
}

describe('against libzmq', () => {
  test('both links carry the same messages: every size class, several parts, more than a slab', async () => {
    const sizes = [0, 1, 100, 254, 255, 256, 257, 8191, 65_526, 65_527, 65_535, 65_536, 65_537, 200_000];
    const heards: Heard[] = [];
    for (const open of [openDirectLink, openZeromqLink]) {
      const places = endpoints();
      await echo(places);
      const {link: opened, heard} = await link(open, places);
      for (let round = 0; round < 3; round++) {
        for (const size of sizes) expect(await opened.send(Buffer.alloc(size, 0x61 + size % 26))).toBe(true);
        expect(await opened.send([Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300, 0x62)])).toBe(true);
        opened.flush();
      }
      await until(() => heard.payloads.length >= 3 * (sizes.length + 1));
      heards.push(heard);
    }
    expect(heards[0]?.parts).toEqual(Array.from({length: 3}, () => [...sizes.map(() => 1), 3]).flat());
    expect(heards[0]?.payloads).toEqual(heards[1]?.payloads);
    expect(heards[0]?.payloads.slice(0, sizes.length).map((payload) => payload.length)).toEqual(sizes);
  });

  test('keeps order and loses nothing at speed; holds back when the lane does not read', async () => {
    const places = endpoints();
    const input = new Pull({receiveHighWaterMark: 10});
    const output = new Push({linger: 0});
    await input.bind(places.inEndpoint);
    await output.bind(places.outEndpoint);
    closers.push(() => input.close(), () => output.close());
    const {link: opened} = await link(openDirectLink, places);
    let taken = 0;
    for (let refusals = 0; refusals < 2;) {
      const answer = opened.send(Buffer.from(`${taken} ${'x'.repeat(1000)}`));
      if (answer === true || await answer) taken += 1;
      else refusals += 1;
    }
    opened.flush();
    expect(taken * 1000).toBeGreaterThan(1024 * 1024);
    expect(taken * 1000).toBeLessThan(8 * 1024 * 1024);
    for (let next = 0; next < taken; next++) expect(String((await input.receive())[0]).split(' ', 1)[0]).toBe(String(next));
    expect(opened.send(Buffer.from('again'))).toBe(true);
  });

  test('answers heartbeats, so a lane that wants them stays connected', async () => {
    const places = endpoints();
    const {output} = await echo(places, {heartbeatInterval: 50, heartbeatTimeout: 150});
    const lost: string[] = [];
    output.events.on('disconnect', () => lost.push('out'));
    const {link: opened, heard} = await link(openDirectLink, places);
    await sleep(600);
    await opened.send(Buffer.from('still here'));
    opened.flush();
    await until(() => heard.payloads.length > 0);
    expect([heard.payloads, lost, heard.closed]).toEqual([['still here'], [], []]);
  });

  test('a lane that closes its output is told, one that sends too much too', async () => {
    const places = endpoints();
    const {output} = await echo(places);
    const {heard} = await link(openDirectLink, places);
    output.close();
    await until(() => heard.closed.length > 0);
    expect(heard.closed).toEqual([null]);
    const others = endpoints();
    const {output: big} = await echo(others);
    const {heard: told} = await link(openDirectLink, others, {messageBytesMax: 1000});
    await big.send(Buffer.alloc(1001));
    await until(() => told.closed.length > 0);
    expect(told.closed).toEqual(['a message above 1000 bytes']);
  });

  test('the wrong kind of socket is refused by name', async () => {
    const places = endpoints();
    const input = new Pull();
    const output = new Pull();
    await input.bind(places.inEndpoint);
    await output.bind(places.outEndpoint);
    closers.push(() => input.close(), () => output.close());
    await expect(link(openDirectLink, places)).rejects.toThrow(/needed is a PUSH|closed before the handshake/);
  });
});

describe('against strangers', () => {
  const stranger = async (path: string, speak: Buffer): Promise<Server> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(speak);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    closers.push(() => server.close());
    return server;
  };

  test.each([
    ['HTTP', Buffer.from(`HTTP/1.1 400 Bad Request\r\n${'x'.repeat(80)}`), /does not speak ZMTP/],
    ['ZMTP 2', Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1]), Buffer.alloc(60)]), /speaks ZMTP 1/],
    ['CURVE', Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]), Buffer.from('CURVE'), Buffer.alloc(60)]), /another mechanism/],
  ])('%s is not a lane', async (_name, speak, reason) => {
    const places = endpoints();
    await stranger(places.outEndpoint.slice(6), speak);
    await expect(link(openDirectLink, places)).rejects.toThrow(reason);
  });

  test('nobody there', async () => {
    await expect(link(openDirectLink, endpoints())).rejects.toThrow(/ENOENT/);
  });
});
