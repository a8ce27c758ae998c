import {spawn, type ChildProcess} from 'node:child_process';
import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {Pull, Push} from 'zeromq';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readyCommand} from './command.ts';
import {LinkWorld, messageOf, until} from './fixtures/link-world.ts';
import {greeting} from './greeting.ts';
import {bindPull, bindPush, connectPull, connectPush, type Ending} from './index.ts';

const program = fileURLToPath(new URL('./fixtures/libzmq-peer.ts', import.meta.url));
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

function peer(...args: readonly string[]): ChildProcess & {readonly said: () => string} {
  const child = spawn(process.execPath, [program, ...args], {stdio: ['pipe', 'pipe', 'inherit']});
  let said = '';
  child.stdout!.on('data', (chunk) => { said += String(chunk); });
  world.later(() => child.kill('SIGKILL'));
  return Object.assign(child, {said: () => said});
}

test('a libzmq process that is killed and started again is heard again, as a new epoch', async () => {
  const heard: string[] = [];
  const epochs: number[] = [];
  const endings: Ending[] = [];
  const pull = world.keep(await bindPull({
    endpoint: world.ipc('in'), onMessage: (payload) => heard.push(Buffer.from(payload).toString()), onPeer: (epoch) => epochs.push(epoch), onPeerGone: (_epoch, ending) => endings.push(ending),
  }));
  for (let round = 1; round <= 2; round++) {
    const child = peer('push', pull.endpoint);
    await until('its messages', () => heard.filter((text) => text.startsWith(`${child.pid} `)).length >= 5);
    child.kill('SIGKILL');
    await until('its end', () => pull.peers === 0);
  }
  expect([epochs, endings.map(({kind}) => kind), pull.counts.gone]).toEqual([[1, 2], ['gone', 'gone'], 2]);
});

test('our server restarts: libzmq and our own clients come back by themselves', async () => {
  const heard: string[] = [];
  const open = (): ReturnType<typeof bindPull> => bindPull({endpoint: world.ipc('in'), onMessage: (payload) => heard.push(Buffer.from(payload).toString())});
  const first = await open();
  peer('push', first.endpoint);
  const ours = world.keep(connectPush({endpoint: first.endpoint}));
  await until('both', () => first.peers === 2 && heard.length > 3);
  first.close();
  await until('the end', () => ours.peers === 0);
  ours.send(Buffer.from('kept for the next'));
  const second = world.keep(await open());
  await until('both again', () => second.peers === 2);
  await until('the kept one', () => heard.includes('kept for the next'));
  expect(ours.counts).toMatchObject({joined: 2, queued: 1, lostBytes: 0});
});

test('heartbeats of libzmq every 100 ms are answered: idle links stay, both ways', async () => {
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), onMessage: () => undefined}));
  const push = world.keep(await bindPush({endpoint: 'tcp://127.0.0.1:*'}));
  const heartbeats = {heartbeatInterval: 100, heartbeatTimeout: 200, linger: 0};
  const lost: string[] = [];
  const sender = world.keep(new Push(heartbeats));
  const receiver = world.keep(new Pull(heartbeats));
  for (const socket of [sender, receiver]) socket.events.on('disconnect', () => lost.push('lost'));
  sender.connect(pull.endpoint);
  receiver.connect(push.endpoint);
  await until('both', () => pull.peers === 1 && push.peers === 1);
  await sleep(800);
  expect([lost, pull.counts.joined, push.counts.joined]).toEqual([[], 1, 1]);
});

test('our own heartbeats keep idle peers, ours and libzmq, and cut one that is stopped', async () => {
  const limits = {heartbeatMs: 100, silenceMs: 400};
  const endings: Ending[] = [];
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), limits, onMessage: () => undefined, onPeerGone: (_epoch, ending) => endings.push(ending)}));
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), limits, onPeerGone: (_epoch, ending) => endings.push(ending)}));
  world.keep(connectPush({endpoint: pull.endpoint, limits}));
  world.keep(connectPull({endpoint: push.endpoint, limits, onMessage: () => undefined}));
  const children = [peer('push', pull.endpoint, '100000'), peer('pull', push.endpoint)];
  await until('all', () => pull.peers === 2 && push.peers === 2);
  await sleep(900);
  expect(endings).toEqual([]);
  for (const child of children) child.kill('SIGSTOP');
  await until('the cut', () => endings.length === 2);
  expect(endings.map(({kind}) => kind)).toEqual(['silent', 'silent']);
  expect([pull.peers, push.peers, pull.counts.silent]).toEqual([1, 1, 1]);
  for (const child of children) child.kill('SIGCONT');
  await until('they come back', () => pull.peers === 2 && push.peers === 2);
});

test('a stopped peer with messages on their way is waited for, and gets every one of them when it goes on', async () => {
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), limits: {heartbeatMs: 50, silenceMs: 150}}));
  const child = peer('pull', push.endpoint);
  await until('it', () => push.peers === 1);
  child.kill('SIGSTOP');
  for (let n = 0; n < 100; n++) push.send(Buffer.from(`m${n}`));
  await sleep(500);
  expect(push.counts).toMatchObject({silent: 0, gone: 0});
  child.kill('SIGCONT');
  await until('all', () => child.said().includes('m99\n'));
  expect(child.said()).toBe(`ready\n${Array.from({length: 100}, (_, n) => `m${n}\n`).join('')}`);
});

test('a peer that half-closes still gets all that was given to it, and nothing more is given to it', async () => {
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), backlogBytesMax: 8 * 1024 * 1024}));
  let heardBytes = 0;
  let isOver = false;
  const socket = connect({path: world.path('out'), allowHalfOpen: true}, () => socket.write(Buffer.concat([greeting(), readyCommand('PULL')])));
  world.later(() => socket.destroy());
  await until('it', () => push.peers === 1);
  socket.pause();
  for (let n = 0; n < 2000; n++) push.send(Buffer.alloc(1000));
  push.flush();
  push.send(Buffer.alloc(200)); // still in our own hands
  socket.end();
  socket.on('data', (chunk) => { heardBytes += chunk.length; });
  socket.on('end', () => { isOver = true; });
  socket.pause();
  await sleep(50);
  push.send(Buffer.from('for somebody else'));
  expect(push.counts.queued).toBe(1);
  socket.resume();
  await until('all of it', () => isOver);
  expect(heardBytes - greeting().length - readyCommand('PUSH').length).toBe(2000 * (1000 + 9) + 200 + 2);
  expect(push.counts.lostBytes).toBe(0);
});

test('a peer that is killed with messages on their way is counted', async () => {
  const push = world.keep(await bindPush({endpoint: world.ipc('out'), backlogBytesMax: 1024 * 1024}));
  const child = peer('pull', push.endpoint);
  await until('it', () => push.peers === 1);
  child.kill('SIGSTOP');
  for (let n = 0; n < 1000; n++) push.send(messageOf(n, 2000));
  push.flush();
  child.kill('SIGKILL');
  await until('its end', () => push.peers === 0);
  expect(push.counts.goneUnsettled).toBe(1);
  expect(push.counts.lostBytes).toBeGreaterThan(100_000);
});
