import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError, type Evidence, type Verdict} from '@tandem/contract';
import {afterAll, describe, expect, test} from 'vitest';
import {readRunFolder} from './run-folder-reader.ts';
import {createRunFolder, evidenceBytes, type RunFolderWriter, type RunStart} from './run-folder-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-record-'));
afterAll(() => rmSync(root, {recursive: true, force: true}));

const evidence: Evidence = {
  messages: 3, durationMs: 1.5, pacing: {mode: 'max', ratePerSecond: null, latePlannedShare: 0}, parity: null, floor: null,
  latency: [], resources: [], lanes: [], noise: null, coverage: null, gaps: {messages: 0, records: 0, unknown: 0}, harnessStallNsMax: 7,
};
const verdictFor = (evidenceHash: string): Verdict => ({
  outcome: 'no-data', summary: 'nothing was compared', gates: [], proven: {messages: 0, mismatchRateBelow: null}, evidenceHash,
});
const startOf = (random: string): RunStart => ({
  kind: 'shadow', migration: 'Order path / läuft', configHash: 'c0ffee', seed: 7, command: ['tandem', 'shadow'],
  rules: {default: 'exact', ignores: []}, startedAt: new Date(Date.UTC(2026, 10, 20, 18, 4, 5)), random, versions: {zeromq: '6.8.0'},
});
const make = (random: string): Promise<RunFolderWriter> => createRunFolder(root, startOf(random));

async function refused(promise: Promise<unknown>): Promise<TandemError> {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TandemError);
  return error as TandemError;
}

describe('run folder', () => {
  test('is there, and incomplete, from the first moment; whole at the end', async () => {
    const writer = await make('ab12');
    expect(writer.runId).toBe('2026-11-20T18-04-05-order-path-la-uft-ab12');
    const before = await readRunFolder(writer.path);
    expect(before).toMatchObject({evidence: null, result: null, problems: ['the run is incomplete'], manifest: {complete: false, finishedAt: null, seed: 7}});
    const hash = await writer.writeEvidence(evidence);
    await writer.writeResult({exitCode: 11, verdict: verdictFor(hash)});
    await writer.writeLaneStderr('legacy', ['one', 'two']);
    await writer.writeLaneStats('legacy', {gcPauses: 2});
    await writer.finish({finishedAt: new Date(Date.UTC(2026, 10, 20, 18, 5)), capture: {'log/000000.mcap': 'aa'}, complete: true, notes: ['n']});
    const after = await readRunFolder(writer.path);
    expect(after).toMatchObject({evidence, evidenceHash: hash, problems: [], result: {exitCode: 11, runId: writer.runId}});
    expect(after.manifest).toMatchObject({complete: true, finishedAt: '2026-11-20T18:05:00.000Z', notes: ['n'], capture: {'log/000000.mcap': 'aa'}});
    expect(after.manifest.host.cores).toBeGreaterThan(0);
    expect(after.manifest.versions).toMatchObject({zeromq: '6.8.0', node: process.versions.node});
    expect(readFileSync(join(writer.path, 'lanes/legacy.stderr.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(writer.path).sort()).toEqual(['evidence.json', 'lanes', 'manifest.json', 'result.json']);
    expect(statSync(writer.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(writer.path, 'evidence.json')).mode & 0o777).toBe(0o600);
  });

  test('the hash is that of the bytes on disk, as sha256sum sees them, and known before writing', async () => {
    const writer = await make('cd34');
    const hash = await writer.writeEvidence(evidence);
    expect(hash).toBe(evidenceBytes(evidence).hash);
    expect(execFileSync('sha256sum', [join(writer.path, 'evidence.json')], {encoding: 'utf8'}).split(' ')[0]).toBe(hash);
  });

  test('an edited evidence file and a result of another run are noticed', async () => {
    const writer = await make('ef56');
    const hash = await writer.writeEvidence(evidence);
    await writer.writeResult({exitCode: 0, verdict: verdictFor(hash)});
    await writer.finish({finishedAt: new Date(0), capture: {}, complete: true});
    const file = join(writer.path, 'evidence.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"messages": 3', '"messages": 4'));
    expect((await readRunFolder(writer.path)).problems).toEqual(['evidence.json is not the one that was judged']);
    rmSync(file);
    expect((await readRunFolder(writer.path)).problems).toEqual(['evidence.json is missing']);
    const result = join(writer.path, 'result.json');
    writeFileSync(result, readFileSync(result, 'utf8').replace('ef56', 'xx99'));
    expect((await readRunFolder(writer.path)).problems[0]).toMatch(/belongs to run .*xx99/);
  });

  test('two runs never share a folder', async () => {
    await make('gh78');
    expect((await refused(make('gh78'))).detail).toMatchObject({id: 'TDM-E241', seen: 'EEXIST', kind: 'environment'});
  });

  test('what is no run folder, is newer, or is cut, is refused by name', async () => {
    expect((await refused(readRunFolder(root))).detail).toMatchObject({id: 'TDM-E243', kind: 'usage'});
    const writer = await make('ij90');
    const manifest = join(writer.path, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"formatVersion": "1.0"', '"formatVersion": "2.0"'));
    expect((await refused(readRunFolder(writer.path))).detail).toMatchObject({id: 'TDM-E244', where: manifest});
    for (const cut of [0, 1, 20, text.length - 3]) {
      writeFileSync(manifest, text.slice(0, cut));
      expect((await refused(readRunFolder(writer.path))).detail).toMatchObject({id: 'TDM-E245', where: manifest});
    }
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is named', async () => {
    const locked = mkdtempSync(join(root, 'locked-'));
    chmodSync(locked, 0o500);
    expect((await refused(createRunFolder(join(locked, 'x'), startOf('q')))).detail).toMatchObject({id: 'TDM-E241', seen: 'EACCES'});
  });

  const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root]).status === 0;
  test.skipIf(!canMount)('a full disk is said clearly; what was written is kept, nothing half-written stays', () => {
    const disk = mkdtempSync(join(root, 'disk-'));
    const fixture = fileURLToPath(new URL('fixtures/fill-disk.ts', import.meta.url));
    const script = 'mount -t tmpfs -o size=256k tmpfs "$1" && "$2" "$3" "$1" && echo && cd "$1"/*full-abc && ls && cat manifest.json';
    const run = spawnSync('unshare', ['-rm', 'sh', '-c', script, 'sh', disk, process.execPath, fixture], {encoding: 'utf8'});
    const [first = '', ...rest] = run.stdout.split('\n');
    expect((JSON.parse(first) as {detail: unknown}).detail).toMatchObject({id: 'TDM-E242', kind: 'environment', seen: 'ENOSPC'});
    expect(rest.slice(0, 2)).toEqual(['lanes', 'manifest.json']);
    expect(JSON.parse(rest.slice(2).join('\n'))).toMatchObject({complete: false});
  });
});
