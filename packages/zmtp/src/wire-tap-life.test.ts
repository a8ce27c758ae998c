import {spawn, type ChildProcess} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {Dealer, Pull, Push, Router} from 'zeromq';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LinkWorld, sendAllByLibzmq, StreamDigest, until} from './fixtures/link-world.ts';
import {tapLink, type LinkKind} from './fixtures/tapped-link.ts';

const isDeep = process.env['TANDEM_DEEP'] === '1';
const program = fileURLToPath(new URL('./fixtures/libzmq-peer.ts', import.meta.url));
const BIG_BYTES = (isDeep ? 64 : 8) * 1024 * 1024;
const KILLS = isDeep ? 100 : 1;
const COUNT = isDeep ? 300_000 : 30_000;
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

interface Peer extends ChildProcess {
  said(): string;
}

function peer(...args: readonly string[]): Peer {
  const child = spawn(process.execPath, [program, ...args], {stdio: ['pipe', 'pipe', 'inherit']});
  world.later(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  return Object.assign(child, {said: () => said});
}

describe.each<LinkKind>(['ipc', 'tcp'])('%s', (kind) => {
  test('libzmq finishes and closes behind a slow reader: not one message is lost, and the observer has the same ones', async () => {
    const {real, front, record, tap} = await tapLink(world, kind);
    const pull = world.keep(new Pull({receiveHighWaterMark: 100}));
    await pull.bind(real);
    // what lingers longer libzmq itself throws away, and the deep run's slow reader takes eight seconds on an idle machine
    const push = new Push({linger: isDeep ? 90_000 : 10_000, sendHighWaterMark: 1_000_000});
    push.connect(front);
    const [sent, heard] = [new StreamDigest(), new StreamDigest()];
    await sendAllByLibzmq(push, COUNT, sent);
    push.close();
    for (let n = 0; n < COUNT; n++) {
      heard.add((await pull.receive())[0]!);
      if (n % 5000 === 0) await new Promise((resolve) => { setTimeout(resolve, 30); });
    }
    await until('the end', () => tap.counts.open === 0);
    expect([heard.hex, record.digests.get('1 up')?.hex, record.faults]).toEqual([sent.hex, sent.hex, []]);
    expect(record.of('closed')[0]).toMatchObject({how: 'ended', by: 'peer', up: {messages: COUNT, observed: COUNT, unsentBytes: 0}});
  }, 120_000);

  test('heartbeats every 100 ms, while nothing is said and while a great frame is on its way', async () => {
    // libzmq takes only a whole frame for a sign of life, so the timeout has to be longer than the great one needs beside other work
    const beats = {heartbeatInterval: 100, heartbeatTimeout: isDeep ? 3000 : 300, linger: 0};
    const {real, front, record, tap} = await tapLink(world, kind);
    const router = world.keep(new Router(beats));
    await router.bind(real);
    const dealer = world.keep(new Dealer(beats));
    dealer.connect(front);
    await dealer.send('first');
    const [id] = await router.receive();
    const before = tap.counts;
    await new Promise((resolve) => { setTimeout(resolve, 700); });
    expect(Math.min(tap.counts.up.commands - before.up.commands, tap.counts.down.commands - before.down.commands)).toBeGreaterThan(3);
    const big = Buffer.alloc(BIG_BYTES, 3);
    void dealer.send([big, 'end']);
    const [, got, end] = await router.receive();
    expect([got!.equals(big), String(end)]).toEqual([true, 'end']);
    await router.send([id!, 'back']);
    expect(String((await dealer.receive())[0])).toBe('back');
    expect([tap.counts.opened, tap.counts.closed, tap.counts.up.truncated, record.of('desync')]).toEqual([1, 0, 1, []]);
  }, 60_000);

  // each kind in the deep battery, one of them always
  test.skipIf(!isDeep && kind === 'tcp')(`killed ${KILLS} times under load, either side: the other hears of it, comes back, and what is told has no hole`, async () => {
    const {real, front, record, tap} = await tapLink(world, kind);
    for (let n = 0; n < KILLS; n++) {
      for (const victim of ['peer', 'upstream']) {
        const bound = peer('pull', real, '0', 'bind');
        await until('it listens', () => bound.said().includes('ready'));
        const connected = peer('push', front, '0');
        await until('messages', () => bound.said().split('\n').length > 50);
        const closed = tap.counts.closed;
        (victim === 'peer' ? connected : bound).kill('SIGKILL');
        await until('the end of it', () => tap.counts.closed > closed);
        (victim === 'peer' ? bound : connected).kill('SIGKILL');
        await until('nobody', () => tap.counts.open === 0 && bound.signalCode !== null && connected.signalCode !== null);
      }
    }
    expect(record.faults).toEqual([]);
    expect(record.of('desync')).toEqual([]);
  }, 300_000);
});

test('a libzmq reader that is stopped: its sender waits, memory stays, and it gets every message when it goes on', async () => {
  const {real, front, tap, record} = await tapLink(world, 'ipc');
  const child = peer('pull', real, '0', 'bind');
  await until('it listens', () => child.said().includes('ready'));
  const push = world.keep(new Push({linger: 0, sendHighWaterMark: 10, sendTimeout: 300}));
  push.connect(front);
  await push.send('m0');
  await until('the first', () => child.said().includes('m0\n'));
  child.kill('SIGSTOP');
  const rest = 'x'.repeat(1000);
  let sent = 1;
  for (; sent < 100_000; sent++) {
    const isTaken = await push.send(`m${sent} ${rest}`).then(() => true, () => false);
    if (!isTaken) break;
  }
  expect(sent).toBeLessThan(100_000);
  expect(tap.counts.up.unsentBytes).toBeLessThanOrEqual(128 * 1024);
  child.kill('SIGCONT');
  await until('the last', () => child.said().includes(`m${sent - 1} `));
  expect(child.said().match(/^m\d+/gm)).toEqual(Array.from({length: sent}, (_, n) => `m${n}`));
  expect([tap.counts.up.observed, record.faults]).toEqual([sent, []]);
}, 60_000);
