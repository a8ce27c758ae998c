import {spawn} from 'node:child_process';
import {appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {walk} from '../simulation/fixtures/small-world.ts';
import {smallGrid, smallGround} from './fixtures/small-sweep.ts';
import {readJournal} from './journal-backend.ts';
import {runSweep} from './run-sweep.ts';
import {jobsOf} from './sweep-job.ts';
import {openSweepFolder, type SweepFolder} from './sweep-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-sweep-'));
afterAll(() => { rmSync(root, {recursive: true, force: true}); });

const jobs = jobsOf(smallGround, smallGrid);
const columns = walk(6000, 5);
const sweep = async (name: string, workers: number, stopAfter = Infinity): Promise<{folder: SweepFolder; done: number; hash: string | null}> => {
  const folder = openSweepFolder(join(root, name), smallGround, jobs);
  const stop = new AbortController();
  const done = await runSweep({columns, ground: smallGround, backend: folder.backend, leaseCount: stopAfter === Infinity ? 100 : 3, workers, worldModule: new URL('./fixtures/small-sweep.ts', import.meta.url).href, worldOptions: null, signal: stop.signal,
    onProgress: ({jobsDone}) => { if (jobsDone >= stopAfter) stop.abort(); }});
  return {folder, done, hash: folder.finish()};
};

describe('a sweep', () => {
  it('names jobs by their content', () => {
    expect(jobs).toHaveLength(8);
    expect(jobsOf(smallGround, {...smallGrid, size: [1, 1]})).toEqual(jobs);
    expect(jobsOf({...smallGround, dataHash: 'c'.repeat(64)}, smallGrid).some(({id}) => jobs.some((job) => job.id === id))).toBe(false);
  });

  it('gives the same bits for any number of workers', async () => {
    const [one, two, three] = [await sweep('one', 1), await sweep('two', 2), await sweep('three', 3)];
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect([two.hash, three.hash]).toEqual([one.hash, one.hash]);
    expect(readFileSync(join(root, 'two/result.json'))).toEqual(readFileSync(join(root, 'one/result.json')));
    expect(new Set([...one.folder.backend.results.values()].map(({hash}) => hash)).size).toBeGreaterThan(4);
  });

  it('stops between jobs and goes on where it was', async () => {
    const first = await sweep('stopped', 2, 3);
    expect(first.hash).toBeNull();
    const second = await sweep('stopped', 2);
    expect(second.folder.resumed).toBe(first.done);
    expect(first.done + second.done).toBe(8);
    expect(readFileSync(join(root, 'stopped/result.json'))).toEqual(readFileSync(join(root, 'one/result.json')));
  });

  it('does not believe a journal line that was cut or changed', async () => {
    const folder = join(root, 'cut');
    await sweep('cut', 2);
    const lines = readFileSync(join(folder, 'journal.jsonl'), 'utf8').trim().split('\n');
    writeFileSync(join(folder, 'journal.jsonl'), `${lines[0]}\n${lines[1]?.replace(/"pnl":[-\d.e]+/, '"pnl":1e9')}\n${lines[2]?.slice(0, 60)}`);
    expect(readJournal(join(folder, 'journal.jsonl')).size).toBe(1);
    const again = await sweep('cut', 2);
    expect(again.done).toBe(7);
    expect(readFileSync(join(folder, 'result.json'))).toEqual(readFileSync(join(root, 'one/result.json')));
  });

  it('refuses another sweep in the same folder, and a second result of a job', async () => {
    expect(() => openSweepFolder(join(root, 'one'), {...smallGround, codeHash: 'b'.repeat(64)}, jobs)).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E428', seen: 'changed since: codeHash'}) as object}) as Error);
    const {backend} = openSweepFolder(join(root, 'one'), smallGround, jobs);
    const known = backend.results.get(jobs[0]!.id)!;
    await expect(backend.complete(jobs[0]!, 'f'.repeat(64), {...known, pnl: 1})).rejects.toThrow(/two results/);
    appendFileSync(join(root, 'one/journal.jsonl'), '');
  });

  it.each(['sweep.json', 'journal.jsonl', 'result.json'])('names %s when it is a folder', (name) => {
    const place = join(root, `folder-${name}`, name);
    mkdirSync(place, {recursive: true});
    expect(() => openSweepFolder(join(root, `folder-${name}`), smallGround, jobs)).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E428', where: place}) as object}) as Error);
  });

  it('fails when a worker does, and says why', async () => {
    const folder = openSweepFolder(join(root, 'bad'), smallGround, jobs);
    const run = runSweep({columns, ground: smallGround, backend: folder.backend, leaseCount: 3, workers: 1, worldModule: 'file:///nowhere.ts', worldOptions: null, signal: new AbortController().signal, onProgress: () => undefined});
    await expect(run).rejects.toMatchObject({detail: {id: 'TDM-E438', seen: expect.stringContaining('nowhere') as string}, cause: {message: expect.stringContaining('nowhere') as string}});
  });

  it.each([['featureHash', /features f{12}, not 0{12}/], ['modelHash', /model e{12}, not 0{12}/]] as const)('does nothing when a worker loads another %s than the jobs are named by', async (key, seen) => {
    const ground = {...smallGround, [key]: '0'.repeat(64)};
    const folder = openSweepFolder(join(root, `other-${key}`), ground, jobsOf(ground, smallGrid));
    const run = runSweep({columns, ground, backend: folder.backend, leaseCount: 100, workers: 2, worldModule: new URL('./fixtures/small-sweep.ts', import.meta.url).href, worldOptions: null, signal: new AbortController().signal, onProgress: () => undefined});
    await expect(run).rejects.toMatchObject({detail: {id: 'TDM-E446', seen: expect.stringMatching(seen) as string}});
    expect(folder.backend.results.size).toBe(0);
  });

  it('killed in the middle, it goes on and ends with the same result', async () => {
    const program = fileURLToPath(new URL('./fixtures/killed-sweep.ts', import.meta.url));
    const start = (folder: string, kill: boolean): Promise<number | null> => new Promise((resolve) => {
      const child = spawn(process.execPath, [program, folder], {stdio: ['ignore', 'pipe', 'inherit']});
      if (kill) child.stdout.on('data', () => { child.kill('SIGKILL'); });
      else child.stdout.resume();
      child.on('close', (code) => { resolve(code); });
    });
    const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
    expect(await start(whole, false)).toBe(0);
    expect(await start(killed, true)).toBeNull();
    const done = readJournal(join(killed, 'journal.jsonl')).size;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(8);
    expect(await start(killed, false)).toBe(0);
    expect(readFileSync(join(killed, 'result.json'))).toEqual(readFileSync(join(whole, 'result.json')));
  });
});
