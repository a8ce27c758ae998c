import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {tapLink} from './fixtures/tapped-link.ts';

const python = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const program = fileURLToPath(new URL('./fixtures/beating_end.py', import.meta.url));
const [COUNT, A_SECOND, BODY_BYTES] = [6000, 4000, 400];
/** longer than the sender's time-out */
const STOP_MS = 700;
/** libzmq takes what it sends out of its queue in batches of so many octets, and forgets the batch that it could not write */
const BATCH_BYTES = 8192;
let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

interface End {
  readonly child: ChildProcess;
  readonly said: () => string;
}

const start = async (...args: readonly (string | number)[]): Promise<End> => {
  const child = spawn(python, [program, ...args.map(String)], {stdio: ['pipe', 'pipe', 'inherit']});
  world.later(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  await until('it is there', () => said.startsWith('ready'));
  return {child, said: () => said};
};

const isDeep = process.env['TANDEM_DEEP'] === '1';
/** What none of the runs covers, of 0 to COUNT - 1. */
const missing = (runs: readonly (readonly [number, number])[]): number => COUNT - runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);

test.skipIf(!existsSync(python))('ends that cut each other over late PONGs: whatever reached the tap is delivered; only the senders lose, one batch a cut', async () => {
  const {real, front, tap, record} = await tapLink(world, 'ipc');
  const pull = await start('pull', real, COUNT, A_SECOND, BODY_BYTES, 100, 5000);
  const push = await start('push', front, COUNT, A_SECOND, BODY_BYTES, 100, 300);
  push.child.stdin?.write('go\n');
  await until('messages', () => tap.counts.up.messages > 500);
  for (const stopped of [[pull], [push], [pull, push]]) {
    for (const {child} of stopped) child.kill('SIGSTOP');
    await sleep(STOP_MS);
    for (const {child} of stopped) child.kill('SIGCONT');
    await sleep(150);
  }
  await until('what came', () => pull.said().includes(']'), 20_000);
  const runs = JSON.parse(pull.said().replace('ready\n', '')) as [number, number][];
  const {opened, up} = tap.counts;
  // it is not a test of cuts unless there was one
  expect(opened).toBeGreaterThan(1);
  const came = COUNT - missing(runs);
  expect({came, unsentBytes: up.unsentBytes, faults: record.faults}).toEqual({came: up.messages, unsentBytes: 0, faults: []});
  expect(missing(runs) / (opened - 1)).toBeLessThanOrEqual(Math.ceil(BATCH_BYTES / BODY_BYTES) + 1);
}, 60_000);

test.skipIf(!isDeep || !existsSync(python)).each(['ipc', 'tcp'] as const)('what libzmq loses over %s when a reader stops for longer than the time-out: without a tap, and behind one', async (kind) => {
  for (const way of ['direct', 'tap']) {
    const {real, front, tap} = await tapLink(world, kind, {}, way);
    const pull = await start('pull', real, COUNT, A_SECOND / 2, BODY_BYTES, 100, 300);
    const push = await start('push', way === 'direct' ? real : front, COUNT, A_SECOND / 2, BODY_BYTES, 100, 300);
    push.child.stdin?.write('go\n');
    await sleep(500);
    pull.child.kill('SIGSTOP');
    await sleep(STOP_MS);
    pull.child.kill('SIGCONT');
    await until('what came', () => pull.said().includes(']'), 20_000);
    const lost = missing(JSON.parse(pull.said().replace('ready\n', '')) as [number, number][]);
    console.log(`${kind} ${way}: ${lost} of ${COUNT} lost`);
    if (way === 'tap') expect(tap.counts.opened).toBeGreaterThan(0);
    expect(lost).toBeLessThan(COUNT);
  }
}, 60_000);
