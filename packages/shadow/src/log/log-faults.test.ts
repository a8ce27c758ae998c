import {spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {existsSync, statSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {readAll, scratch} from './fixtures/capture.ts';
import {openLogReader} from './log-reader.ts';
import {openLogWriter} from './log-writer.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

const CHILD = join(import.meta.dirname, 'fixtures', 'writing-program.ts');

interface Outcome {
  readonly kept: number;
  readonly counts: {readonly messages: number; readonly dropped: number};
  readonly told: string | null;
  readonly seal: number | null;
  readonly error: {readonly id: string; readonly kind: string; readonly seen: string; readonly likely?: string; readonly where: string} | null;
  readonly flushed: string;
  readonly after: boolean;
}

/** Runs a shell line with a time limit and gives the last line of its output as JSON. */
async function outcomeOf(shell: string): Promise<Outcome> {
  const child = spawn('bash', ['-c', shell], {stdio: ['ignore', 'pipe', 'pipe']});
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const last = output.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no outcome: ${output.slice(-300)} ${errors.slice(-500)}`);
  return JSON.parse(last) as Outcome;
}

async function expectStopped(folder: string, outcome: Outcome, likely: string): Promise<void> {
  expect(outcome).toMatchObject({told: 'TDM-E272', seal: null, flushed: 'TDM-E272', after: false});
  expect(outcome.error).toMatchObject({id: 'TDM-E272', kind: 'environment', likely});
  const back = await readAll(folder);
  // Whole, in order, without a hole, and the error named exactly the last one.
  expect(back.lines.length).toBeGreaterThan(1000);
  expect(back.lines.map((line) => Number(line.split('|')[2]))).toEqual(Array.from({length: back.lines.length}, (_, index) => index + 1));
  expect(outcome.error?.seen).toContain(`kept: orders up to ${back.lines.length}`);
  expect(outcome.kept).toBeGreaterThanOrEqual(back.lines.length);
  expect((await (await openLogReader(folder)).summary()).whole).toBe(false);
}

const mayMount = spawnSync('unshare', ['-m', 'bash', '-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d; s=$?; umount $d; rmdir $d; exit $s']).status === 0;

describe('a log that cannot go on', () => {
  it('keeps everything whole when a file may not grow any more', async () => {
    const folder = join(place.folder, 'log');
    // 1.5 MB in units of 1024 octets; the signal that goes with it is ignored, so that write() fails with EFBIG.
    const outcome = await outcomeOf(`trap '' XFSZ; ulimit -f 1500; exec ${process.execPath} ${CHILD} ${folder} max 200000`);
    await expectStopped(folder, outcome, 'the file size limit of the process is reached');
  }, 30_000);

  it.skipIf(!mayMount)('keeps everything whole when the disk is full (needs the right to mount)', async () => {
    const disk = join(place.folder, 'disk');
    const folder = join(place.folder, 'log');
    await mkdir(disk);
    const line = `mount -t tmpfs -o size=6m tmpfs ${disk} && ${process.execPath} ${CHILD} ${disk}/log max 200000 && cp -r ${disk}/log ${folder} 1>&2; umount ${disk}`;
    const outcome = await outcomeOf(`unshare -m bash -c '${line}'`);
    await expectStopped(folder, outcome, 'the disk is full');
    expect(outcome.error?.seen).toContain('ENOSPC');
  }, 30_000);

  it('tells at the start that the folder cannot be made', async () => {
    const file = join(place.folder, 'file');
    await writeFile(file, '');
    await expect(openLogWriter(join(file, 'log'))).rejects.toSatisfy((error) => error instanceof TandemError && error.detail.id === 'TDM-E271');
  });
});

describe('a writer that is killed', () => {
  async function running(folder: string, options = {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, [CHILD, folder, '40000', '10000000', JSON.stringify(options)], {stdio: ['ignore', 'pipe', 'inherit']});
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  }

  it.each([40, 90, 170])('leaves a log that is whole up to its end (after %i ms)', async (afterMs) => {
    const folder = join(place.folder, 'log');
    const child = await running(folder);
    // on a busy machine the program may not have had a turn yet
    await expect.poll(() => statSync(join(folder, '000001.mcap')).size, {interval: 2, timeout: 10_000}).toBeGreaterThan(40_000);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const back = await readAll(folder);
    expect(back.lines.length).toBeGreaterThan(100);
    expect(back.lines.map((line) => Number(line.split('|')[2]))).toEqual(Array.from({length: back.lines.length}, (_, index) => index + 1));
    expect(back.damage.length).toBe(1);
    const summary = await (await openLogReader(folder)).summary();
    expect(summary).toMatchObject({sealed: false, whole: false, messages: back.lines.length});
  });

  const KILLS = process.env['TANDEM_DEEP'] === '1' ? 300 : 3;
  it(`between its segments and its retention, ${KILLS} times: what is gone is stated, what is there is whole`, async () => {
    let removals = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const folder = join(place.folder, `kill-${round}`);
      const child = await running(folder, {segmentBytes: 30_000, chunkRecords: 20, retention: {bytesMax: 200_000}});
      await expect.poll(() => existsSync(join(folder, '000012.mcap')), {interval: 2, timeout: 10_000}).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, (round * 37) % 160));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      const back = await readAll(folder);
      const seqs = back.lines.map((line) => Number(line.split('|')[2]));
      const gone = back.gaps.reduce((count, gap) => count + (gap.count ?? 0), 0);
      expect(seqs).toEqual(Array.from({length: seqs.length}, (_, index) => gone + index + 1));
      for (const {reason} of back.damage) expect(reason).toMatch(/^(unfinished segment|cut off)$/);
      expect(back.damage.length).toBeLessThan(2);
      removals += gone > 0 ? 1 : 0;
    }
    expect(removals).toBeGreaterThan(0);
  }, KILLS * 4000);

  it('feeds a reader that follows, until that is told to stop', async () => {
    const folder = join(place.folder, 'log');
    const child = await running(folder);
    const stop = new AbortController();
    const reader = await openLogReader(folder);
    let next = 1;
    let disorder = 0;
    const reading = (async () => {
      for await (const batch of reader.batches({follow: true, signal: stop.signal})) {
        for (const item of batch) disorder += item.seq === next++ ? 0 : 1;
      }
    })();
    // More than one segment of 4 MB goes by.
    await expect.poll(() => next, {timeout: 10_000}).toBeGreaterThan(40_000);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const total = (await readAll(folder)).lines.length;
    await expect.poll(() => next - 1, {timeout: 3000}).toBe(total);
    stop.abort();
    await reading;
    expect(disorder).toBe(0);
  }, 20_000);
});
