import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openPull, openPush, openDealer, openRouter, type Endpoint} from './open-socket.ts';
import {receiveBurst} from './receive-burst.ts';
import {createSender} from './sender.ts';

let folder = '';
let open: Endpoint[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tdm-fl-'));
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

describe('receiveBurst and createSender', () => {
  it('carries 50,000 messages in order, with rising times, and keeps timers alive', async () => {
    const pull = kept(await openPull({bind: `ipc://${folder}/in`}));
    const push = kept(await openPush({connect: pull.address}));
    let next = 0;
    let lastNs = 0;
    let largest = 0;
    let disorder = 0;
    const loop = receiveBurst(pull, (burst) => {
      largest = Math.max(largest, burst.messages.length);
      for (const [index, parts] of burst.messages.entries()) {
        const tMonoNs = burst.tMonoNs[index] ?? 0;
        if (parts[0]?.readUInt32LE(0) !== next || tMonoNs < lastNs) disorder += 1;
        next += 1;
        lastNs = tMonoNs;
      }
    });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const sender = createSender(push, {maxQueued: 500});
    for (let index = 0; index < 50_000; index += 1) {
      const body = Buffer.alloc(index % 3 === 0 ? 40 : 200);
      body.writeUInt32LE(index, 0);
      while (!sender.offer(body)) await sender.room();
    }
    await sender.flush();
    await expect.poll(() => next, {timeout: 10_000}).toBe(50_000);
    clearInterval(timer);
    expect(disorder).toBe(0);
    expect(largest).toBeLessThanOrEqual(128);
    expect(ticks).toBeGreaterThan(0);
    expect(sender.counts()).toMatchObject({sent: 50_000, queued: 0, unsent: 0});
    pull.close();
    await loop.done;
    expect(loop.counts()).toMatchObject({messages: 50_000, refused: 0});
  }, 20_000);

  it('holds back instead of dropping when nobody reads, and goes on when somebody does', async () => {
    const push = kept(await openPush({connect: `ipc://${folder}/late`, limits: {highWaterMark: 10, sendTimeoutMs: 30}}));
    const sender = createSender(push, {maxQueued: 100});
    let taken = 0;
    while (sender.offer(Buffer.from(String(taken)))) taken += 1;
    expect(taken).toBeGreaterThanOrEqual(100);
    expect(taken).toBeLessThanOrEqual(112);
    await expect.poll(() => sender.counts().timeouts, {timeout: 2000}).toBeGreaterThan(1);
    expect(sender.counts().unsent).toBe(0);
    const got: number[] = [];
    const pull = kept(await openPull({bind: `ipc://${folder}/late`}));
    receiveBurst(pull, (burst) => void got.push(...burst.messages.map((parts) => Number(String(parts[0])))));
    await sender.room();
    expect(sender.offer(Buffer.from(String(taken)))).toBe(true);
    await sender.flush();
    await expect.poll(() => got.length, {timeout: 5000}).toBe(taken + 1);
    expect(got).toEqual(Array.from({length: taken + 1}, (_, index) => index));
  });

  it('bounds the queue in bytes too, and counts what a close leaves behind', async () => {
    const push = kept(await openPush({connect: `ipc://${folder}/never`, limits: {highWaterMark: 1, sendTimeoutMs: 20}}));
    const sender = createSender(push, {maxQueued: 1000, maxQueuedBytes: 10_000});
    let taken = 0;
    while (sender.offer(Buffer.alloc(1000))) taken += 1;
    expect(taken).toBeLessThanOrEqual(13);
    const waiting = Promise.all([sender.flush(), sender.room()]);
    sender.close();
    await waiting;
    const counts = sender.counts();
    expect(counts.sent + counts.unsent).toBe(taken);
    expect(counts.unsent).toBeGreaterThanOrEqual(10);
    expect(sender.offer(Buffer.alloc(1))).toBe(false);
  });

  it('waits for a slow reader of bursts', async () => {
    const pull = kept(await openPull({bind: `ipc://${folder}/slow`, limits: {highWaterMark: 20}}));
    const push = kept(await openPush({connect: pull.address, limits: {highWaterMark: 20}}));
    let release: () => void = () => undefined;
    let seen = 0;
    receiveBurst(pull, async (burst) => {
      seen += burst.messages.length;
      await new Promise<void>((resolve) => (release = resolve));
    });
    const sender = createSender(push, {maxQueued: 5000});
    for (let index = 0; index < 5000; index += 1) expect(sender.offer(Buffer.alloc(2000))).toBe(true);
    await expect.poll(() => seen).toBeGreaterThan(0);
    const held = seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toBe(held);
    expect(sender.counts().queued).toBeGreaterThan(0);
    const timer = setInterval(() => release(), 0);
    await expect.poll(() => seen, {timeout: 10_000}).toBe(5000);
    clearInterval(timer);
    release();
  });

  it('drops and counts a message with more parts than allowed', async () => {
    const pull = kept(await openPull({bind: `ipc://${folder}/parts`}));
    const push = kept(await openPush({connect: pull.address}));
    const sizes: number[] = [];
    let refused = 0;
    receiveBurst(pull, (burst) => {
      sizes.push(...burst.messages.map((parts) => parts.length));
      refused += burst.refused;
    });
    const parts = (count: number): Buffer[] => Array.from({length: count}, () => Buffer.from('x'));
    for (const count of [1, 17, 16, 40, 2]) await push.socket.send(parts(count));
    await expect.poll(() => [sizes, refused]).toEqual([[1, 16, 2], 2]);
  });

  it('ends with what the reader threw', async () => {
    const pull = kept(await openPull({bind: `ipc://${folder}/throws`}));
    const push = kept(await openPush({connect: pull.address}));
    const loop = receiveBurst(pull, () => {
      throw new Error('reader broke');
    });
    await push.socket.send('x');
    await expect(loop.done).rejects.toThrow('reader broke');
  });

  it('counts a router message for a peer that is gone', async () => {
    const router = kept(await openRouter({bind: `ipc://${folder}/r`}));
    const dealer = kept(await openDealer({connect: router.address, routingId: 'd1'}));
    const got: string[] = [];
    receiveBurst(dealer, (burst) => void got.push(...burst.messages.map((parts) => String(parts[0]))));
    await expect.poll(() => router.links.counts().ready).toBe(1);
    const sender = createSender(router);
    sender.offer([Buffer.from('nobody'), Buffer.from('lost')]);
    sender.offer([Buffer.from('d1'), Buffer.from('here')]);
    await sender.flush();
    await expect.poll(() => got).toEqual(['here']);
    expect(sender.counts()).toMatchObject({sent: 1, unroutable: 1});
  });
});
