import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CapturedMessage, GapRecord, TandemError} from '@tandem/contract';
import {bindPull, connectPush} from '@tandem/zmtp';
import {afterEach, expect, it} from 'vitest';
import {RingReader, ringMemory, RingWriter, RING_BYTES_MIN} from './observation-ring.ts';
import {RingTap} from './ring-tap.ts';
import {TappedInput} from './tapped-input.ts';
import {whoListens} from './who-listens.ts';
import {wireProof} from './wire-proof.ts';

const folder = mkdtempSync(join(tmpdir(), 'tdm-tapped-'));
const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  rmSync(folder, {recursive: true, force: true});
});

it('a log that takes nothing costs live nothing: every message arrives, and what is not in the log is stated to the message', async () => {
  const count = 20_000;
  const memory = ringMemory(RING_BYTES_MIN);
  const input = await TappedInput.start({stream: 'orders', pattern: 'push-pull', topics: [], listen: `ipc://${folder}/front`, endpoint: `ipc://${folder}/real`},
    {ring: new RingWriter(memory), streams: {input: 0, replies: 1}, mode: 'observe', onNotice: () => undefined});
  ending.push(() => input.close(0));
  let came = 0, isInOrder = true;
  const pull = await bindPull({endpoint: `ipc://${folder}/real`, onMessage: (octets) => {
    isInOrder &&= Buffer.from(octets).readUInt32LE(0) === came;
    came += 1;
  }});
  ending.push(() => pull.close());
  const push = connectPush({endpoint: `ipc://${folder}/front`});
  ending.push(() => push.close(0));
  const sink = {messages: [] as CapturedMessage[], gaps: [] as GapRecord[]};
  for (let number = 0; number < count; number += 1) {
    const body = Buffer.alloc(100);
    body.writeUInt32LE(number, 0);
    while (!push.send(body)) await push.whenRoom(5000);
  }
  await expect.poll(() => came, {timeout: 15_000}).toBe(count);
  expect(isInOrder).toBe(true);

  const lost = input.recorder.counts().lost;
  expect(lost).toBeGreaterThan(count / 2);
  // no room even for the gap until somebody reads
  const first = input.finish(5);
  const ring = new RingReader(memory);
  const tap = new RingTap({ring, streams: ['orders', 'out/live/orders'], onMessages: (messages) => { sink.messages.push(...messages); }, onGap: (gap) => { sink.gaps.push(gap); }, wallMs: () => -1e9});
  await expect.poll(() => ring.usedBytes).toBe(0);
  expect(first || input.finish(6)).toBe(true);
  const stats = await tap.stop();
  expect(sink.messages.length + lost).toBe(count);
  expect(sink.gaps.reduce((sum, {count: missing}) => sum + (missing ?? Number.NaN), 0)).toBe(lost);
  expect(stats).toMatchObject({messages: sink.messages.length, gapMessages: lost, gapUnknown: 0});
  // a wall clock that stands before 1970 changes no interval
  expect(sink.messages.every(({tMonoNs}, at) => tMonoNs >= (sink.messages[at - 1]?.tMonoNs ?? 0))).toBe(true);
  const proof = wireProof([input.end()], {logged: sink.messages.length, limit: null, subscriptions: false});
  expect(proof).toMatchObject({complete: false, text: expect.stringContaining(`${lost.toLocaleString('en-US')} messages are not in the log`) as string});

  input.leaveFront();
  expect(readlinkSync(join(folder, 'front'))).toBe(join(folder, 'real'));
}, 30_000);

it.runIf(process.platform === 'linux').each(['ipc', 'tcp'])('a place that is taken: over %s the process is named, and for a tap that was left behind how to end it', async (kind) => {
  const there = mkdtempSync(join(tmpdir(), 'tdm-taken-'));
  ending.push(() => { rmSync(there, {recursive: true, force: true}); });
  for (const name of ['wire-program', 'live']) {
    const program = join(there, `${name}.ts`);
    writeFileSync(program, `require('node:net').createServer().listen(process.argv[2] === '' ? {host: '127.0.0.1', port: 0} : process.argv[2], function () { console.log(this.address().port ?? 0); })`);
    const path = kind === 'ipc' ? join(there, `.${name}.tap`) : '';
    const child = spawn(process.execPath, [program, path], {stdio: ['ignore', 'pipe', 'inherit']});
    const [port] = (await once(child.stdout, 'data')).map((text: Buffer) => Number(text.toString()));
    const listen = kind === 'ipc' ? `ipc://${there}/${name}` : `tcp://127.0.0.1:${port}`;
    const isTap = name === 'wire-program';
    try {
      expect(whoListens(kind === 'ipc' ? `ipc://${path}` : listen)).toEqual({pid: child.pid, isTap});
      const options = {ring: new RingWriter(ringMemory(RING_BYTES_MIN)), streams: {input: 0, replies: 1}, mode: 'observe' as const, onNotice: () => undefined};
      const detail = await TappedInput.start({stream: 'orders', pattern: 'push-pull', topics: [], listen, endpoint: `ipc://${there}/real`}, options).then(() => null, (error: unknown) => (error as TandemError).detail);
      expect(detail).toMatchObject({id: 'TDM-E286', seen: expect.stringContaining(`(pid ${child.pid})`) as string,
        fix: (isTap ? expect.stringContaining(`"kill ${child.pid}"`) : expect.stringContaining('end that process')) as string});
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
  expect(whoListens(`ipc://${there}/nobody`)).toBe(null);
}, 30_000);
