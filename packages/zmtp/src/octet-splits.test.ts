import {connect} from 'node:net';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {readyCommand} from './command.ts';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {FLAG_LONG, FLAG_MORE} from './frame-header.ts';
import {greeting} from './greeting.ts';
import {bindPull} from './index.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

/** A whole life of a PUSH: greeting, READY, PING, messages of one and of several parts, small ones in the long form too. */
const life = Buffer.concat([
  greeting(), readyCommand('PUSH'), Buffer.from([0, 5]), Buffer.from('first'),
  Buffer.from([FLAG_MORE, 1, 65, FLAG_MORE, 0]), Buffer.from([4, 7]), Buffer.from('\u0004PING\u0000\u0000'), Buffer.from([0, 1, 66]),
  Buffer.from([FLAG_LONG, 0, 0, 0, 0, 0, 0, 0, 4]), Buffer.from('long'), Buffer.from([0, 0]), Buffer.from([0, 4]), Buffer.from('last'),
]);
const expected = ['first', 'A||B', 'long', '', 'last'];

test('wherever the stream is cut, the same messages come out', async () => {
  const heard = new Map<number, string[]>();
  let current: string[] = [];
  const pull = world.keep(await bindPull({
    endpoint: world.ipc('in'),
    onMessage: (payload, frames) => current.push((frames ?? [payload]).map((part) => Buffer.from(part).toString()).join('|')),
  }));
  for (let cut = 0; cut <= life.length; cut++) {
    current = [];
    heard.set(cut, current);
    await play([life.subarray(0, cut), life.subarray(cut)]);
  }
  current = [];
  heard.set(-1, current);
  await play(Array.from(life, (octet) => Buffer.from([octet])));
  expect([...heard].filter(([, texts]) => texts.join() !== expected.join())).toEqual([]);
  expect(pull.counts).toMatchObject({joined: life.length + 2, faulty: 0, refused: 0});
});

/** Sends the pieces one turn apart, half-closes and waits for the answer to PING and the end. */
async function play(pieces: readonly Buffer[]): Promise<void> {
  const answers: Buffer[] = [];
  let isOver = false;
  const socket = connect({path: world.path('in'), allowHalfOpen: true});
  socket.on('data', (chunk: Buffer) => answers.push(chunk));
  socket.on('close', () => { isOver = true; });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    await new Promise<void>((resolve) => socket.write(piece, () => setImmediate(resolve)));
  }
  await until('PONG', () => Buffer.concat(answers).includes('\u0004PONG'));
  socket.end();
  await until('the end', () => isOver);
}
