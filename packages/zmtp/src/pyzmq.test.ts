import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, messageOf, StreamDigest, until} from './fixtures/link-world.ts';
import {bindPull, bindPush, connectSub} from './index.ts';

const python = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const program = fileURLToPath(new URL('./fixtures/pyzmq_peer.py', import.meta.url));
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

const start = (...args: readonly string[]): Promise<number | null> => {
  const child = spawn(python, [program, ...args], {stdio: 'inherit'});
  world.later(() => child.kill('SIGKILL'));
  return new Promise((resolve) => child.once('exit', resolve));
};

test.skipIf(!existsSync(python))('pyzmq sends everything back, several parts too, and ends in good order', async () => {
  const sent = new StreamDigest();
  const heard = new StreamDigest();
  const pull = world.keep(await bindPull({endpoint: 'tcp://127.0.0.1:*', onMessage: (payload, frames) => heard.add(payload, frames)}));
  const push = world.keep(await bindPush({endpoint: world.ipc('out')}));
  const exited = start('echo', push.endpoint, pull.endpoint);
  for (let n = 0; n < 20_000; n++) {
    const message = messageOf(n);
    const frames = n % 10 === 0 ? [message, Buffer.alloc(0), message] : null;
    sent.add(message, frames);
    while (!push.send(frames ?? message)) await push.whenRoom(5000);
  }
  await until('all of it', () => heard.count === sent.count, 20_000);
  expect(heard.hex).toBe(sent.hex);
  push.send(Buffer.from('end'));
  expect(await exited).toBe(0);
});

test.skipIf(!existsSync(python))('pyzmq publishes, we hear our prefix and nothing else', async () => {
  const heard: string[] = [];
  world.keep(connectSub({endpoint: world.ipc('pub'), topics: ['b.'], onMessage: (payload) => heard.push(Buffer.from(payload).toString())}));
  await start('pub', world.ipc('pub'), '500');
  expect(heard).toEqual(Array.from({length: 500}, (_, n) => `b.${n}`));
});
