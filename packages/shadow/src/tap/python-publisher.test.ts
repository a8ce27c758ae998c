import {spawn, spawnSync} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {sequenceAtPointer} from './source-sequence.ts';
import {startSubscribeTap} from './subscribe-tap.ts';

const python = process.env['TANDEM_PYTHON'] ?? '';
const hasPyzmq = python !== '' && spawnSync(python, ['-c', 'import zmq']).status === 0;

const PUBLISHER = `
import sys, time, zmq
socket = zmq.Context().socket(zmq.PUB)
socket.setsockopt(zmq.SNDHWM, 200000)
socket.bind(sys.argv[1])
n = 0
deadline = time.monotonic() + 10
while time.monotonic() < deadline and n < 60000:
    for _ in range(50):
        n += 1
        socket.send_multipart([b"orders.", b'{"n":%d,"sent":%d}' % (n, time.monotonic_ns())])
    time.sleep(0.002)
time.sleep(0.5)
socket.close(linger=1000)
`;

it.skipIf(!hasPyzmq)('captures a pyzmq publisher without loss, on one clock (needs TANDEM_PYTHON with pyzmq)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tdm-py-'));
  const endpoint = `ipc://${folder}/pub`;
  const delaysNs: number[] = [];
  let gaps = 0;
  const tap = await startSubscribeTap({
    endpoint, topics: ['orders.'], stream: 'orders', sourceSeq: sequenceAtPointer('/n'), limits: {reconnectMs: 5, reconnectMaxMs: 20},
    onMessages: (messages) => {
      for (const {frames, tMonoNs} of messages) delaysNs.push(tMonoNs - (JSON.parse(String(Buffer.from(frames[1] ?? []))) as {sent: number}).sent);
    },
    onGap: () => (gaps += 1),
  });
  const child = spawn(python, ['-c', PUBLISHER, endpoint], {stdio: 'inherit'});
  await new Promise((resolve) => child.once('exit', resolve));
  const stats = await tap.stop();
  await rm(folder, {recursive: true, force: true});
  const first = (await tap.ready).sourceSeq ?? 0;
  expect(gaps).toBe(0);
  expect(stats.lastSourceSeq).toBe(60_000);
  expect(stats.messages).toBe(60_000 - first + 1);
  // Both read CLOCK_MONOTONIC: nothing arrives before it was sent.
  expect(Math.min(...delaysNs.slice(0, 1000))).toBeGreaterThan(-5000);
}, 30_000);
