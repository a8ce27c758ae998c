import {connect} from 'node:net';
import * as zmq from 'zeromq';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {frame} from './fixtures/wire-record.ts';
import {serveZap} from './fixtures/zap-handler.ts';
import {greeting} from './greeting.ts';
import {bindPull, bindPush, connectPull, connectPush, connectSub, isSameCredentials, plainClient, plainServer} from './index.ts';

const good = {username: 'anna', password: 'geheim'};
const bad = {username: 'anna', password: 'geraten'};
const server = plainServer((seen) => isSameCredentials(seen, good));
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());
const text = (into: string[]) => (payload: Uint8Array): void => { into.push(Buffer.from(payload).toString()); };

test('both ends ours: the right password gets in, a wrong one and none do not', async () => {
  const heard: string[] = [];
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), mechanism: server, onMessage: text(heard)}));
  for (const [credentials, word] of [[good, 'good'], [bad, 'bad'], [null, 'none']] as const) {
    const push = world.keep(connectPush({endpoint: pull.endpoint, reconnect: null, ...(credentials === null ? {} : {mechanism: plainClient(credentials)})}));
    push.send(Buffer.from(word));
    if (word === 'good') await push.ready;
    else await expect(push.ready).rejects.toThrow(word === 'bad' ? 'it refused the connection: 400' : 'it wants another mechanism than NULL');
  }
  await until('the good one, and the others', () => heard.length === 1 && pull.counts.refused === 2);
  expect([heard, pull.peers]).toEqual([['good'], 1]);
});

test('libzmq comes with a password', async () => {
  const heard: string[] = [];
  const pull = world.keep(await bindPull({endpoint: 'tcp://127.0.0.1:*', mechanism: server, onMessage: text(heard)}));
  for (const {username, password} of [bad, good]) {
    const push = world.keep(new zmq.Push({linger: 0, plainUsername: username, plainPassword: password, reconnectInterval: 20}));
    push.connect(pull.endpoint);
    await push.send(password);
  }
  await until('the good one', () => heard.length === 1);
  await until('a refusal', () => pull.counts.refused > 0);
  expect([heard, pull.peers]).toEqual([['geheim'], 1]);
});

test('we come to libzmq with a password; its ERROR, which is misspelt, is understood', async () => {
  world.later(await serveZap(good));
  const pull = world.keep(new zmq.Pull({plainServer: true, zapDomain: 'test'}));
  await pull.bind(world.ipc('in'));
  const push = world.keep(connectPush({endpoint: world.ipc('in'), mechanism: plainClient(good)}));
  push.send(Buffer.from('good'));
  expect(String((await pull.receive())[0])).toBe('good');
  const wrong = world.keep(connectPush({endpoint: world.ipc('in'), mechanism: plainClient(bad), reconnect: null}));
  await expect(wrong.ready).rejects.toThrow('it refused the connection: 400');
  const heard: string[] = [];
  const pub = world.keep(new zmq.XPublisher({plainServer: true, zapDomain: 'test', linger: 0}));
  await pub.bind(world.ipc('pub'));
  world.keep(connectSub({endpoint: world.ipc('pub'), topics: ['a'], mechanism: plainClient(good), onMessage: text(heard)}));
  await pub.receive();
  await pub.send('a1');
  await until('it', () => heard.length === 1);
  const push2 = world.keep(await bindPush({endpoint: world.ipc('out'), mechanism: server}));
  push2.send(Buffer.from('back'));
  world.keep(connectPull({endpoint: world.ipc('out'), mechanism: plainClient(good), onMessage: text(heard)}));
  await until('that too', () => heard.length === 2);
});

test.each<[string, readonly Buffer[]]>([
  ['READY at once', [frame(4, '\u0005READY')]],
  ['INITIATE without HELLO', [frame(4, '\u0008INITIATE\u000bSocket-Type\0\0\0\u0004PUSH')]],
  ['a message without HELLO', [frame(0, 'order')]],
  ['a message between', [frame(4, '\u0005HELLO\u0004anna\u0006geheim'), frame(0, 'order')]],
  ['HELLO twice', [frame(4, '\u0005HELLO\u0004anna\u0006geheim'), frame(4, '\u0005HELLO\u0004anna\u0006geheim')]],
  ['HELLO with more behind', [frame(4, '\u0005HELLO\u0004anna\u0006geheimX')]],
  ['HELLO that is cut', [frame(4, '\u0005HELLO\u0004anna\u0009geheim')]],
  ['HELLO of nothing', [frame(4, '\u0005HELLO')]],
  ['the wrong type', [frame(4, '\u0005HELLO\u0004anna\u0006geheim'), frame(4, '\u0008INITIATE\u000bSocket-Type\0\0\0\u0003REP')]],
])('%s: nobody gets in', async (_name, frames) => {
  const heard: string[] = [];
  const pull = world.keep(await bindPull({endpoint: world.ipc('in'), mechanism: server, onMessage: text(heard)}));
  const socket = connect(world.path('in'), () => socket.write(Buffer.concat([greeting('PLAIN'), ...frames, frame(0, 'order')])));
  socket.resume().on('error', () => undefined);
  await until('the end', () => pull.counts.refused === 1);
  expect([heard, pull.peers, pull.counts.joined]).toEqual([[], 0, 0]);
});

test('credentials are compared whole', () => {
  expect([good, {...good, password: 'geheim\0'}, {...good, username: ''}, bad].map((one) => isSameCredentials(one, good))).toEqual([true, false, false, false]);
  expect(() => plainClient({username: 'x'.repeat(256), password: ''})).toThrow('at most 255');
});
