import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {startTandem} from '../bad-input/fixtures/tandem-process.ts';
import {loadConfig} from '../config/load-config.ts';
import {packageRoot, repositoryRoot} from '../package-root.ts';
import {findPython, inputCodec} from '../session-plan.ts';

/** What the player sent, or what the log holds. */
type Traffic = Record<'pub' | 'req' | 'rep', number> & Record<'pubSha' | 'reqSha' | 'repSha', string>;

/** Messages in the log so far. */
const logged = async (folder: string): Promise<number> => {
  let count = 0;
  for await (const batch of (await openLogReader(folder)).batches()) count += batch.length;
  return count;
};

const own = join(packageRoot(), 'fixtures/zmq-frames/own-rpc.jsonl');
const recorded = join(process.env['TANDEM_SHARED'] ?? join(repositoryRoot(), '../shared'), 'data/zmq-frames/vnpy_rpc_ethusdt.jsonl.gz');

describe('a recording of frames that a live system sent', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    bench.remove();
  });

  const check = async (name: string, file: string): Promise<void> => {
    const folder = bench.at(name);
    mkdirSync(folder, {mode: 0o700});
    const [publish, front, real, out] = [`ipc://${folder}/pub`, `ipc://${folder}/front`, `ipc://${folder}/real`, join(folder, 'capture')];
    const migration = bench.migration({edit: (text) => text.replace("{orders: sub('tcp://127.0.0.1:1')}", `{ticks: sub('${publish}', {}), calls: req('${real}', {listen: '${front}'})}`)
      .replace('python, sub}', 'pickle, python, req, sub}').replace("  match:", "  codec: pickle(),\n  match:").replace(/cause: \{[^}]*\}/, "by: '/1/seq'").replace(/compare: [^\n]*\n/, '')});
    const tap = startTandem(['record', '-c', migration, '--out', out, '--detach', '1s'], {temporary: bench.temporary});
    await tap.until(/live peers connect to/);
    const {path} = await findPython(() => undefined);
    const {stdout} = await promisify(execFile)(path, [join(import.meta.dirname, 'frames_replay.py'), file, publish, front, real]);
    const sent = JSON.parse(stdout) as Traffic;
    // a stop ends the recording where it is: what is still in the socket of a passive subscriber then is not part of it
    for (let round = 0; round < 100 && await logged(out) < sent.pub + sent.req + sent.rep; round++) await sleep(100);
    tap.child.kill('SIGINT');
    const {out: said} = await tap.ended;
    expect(said).toMatch(/recorded \d+ messages/);

    const codec = inputCodec((await loadConfig(migration)).config.codec);
    const counts = {ticks: 0, calls: 0, 'out/live/calls': 0}, hashes = {ticks: createHash('sha256'), calls: createHash('sha256'), 'out/live/calls': createHash('sha256')};
    let unread = 0;
    for await (const batch of (await openLogReader(out)).batches()) {
      for (const {stream, frames} of batch) {
        const place = stream as keyof typeof counts;
        counts[place] += 1;
        for (const frame of frames) hashes[place].update(frame);
        if (codec?.decode(frames).text == null) unread += 1;
      }
    }
    expect(counts).toEqual({ticks: sent.pub, calls: sent.req, 'out/live/calls': sent.rep});
    expect([hashes.ticks, hashes.calls, hashes['out/live/calls']].map((hash) => hash.digest('hex'))).toEqual([sent.pubSha, sent.reqSha, sent.repSha]);
    expect(unread).toBe(0);
  };

  it.concurrent('our own: publications and calls are complete, octet for octet, and can be read', async () => { await check('own', own); });
  it.skipIf(!existsSync(recorded))(`those of vn.py too${existsSync(recorded) ? '' : ' (skipped: the shared data is not there)'}`, async () => { await check('vnpy', recorded); });
});
