import {execFileSync, spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findProgram, probePython} from './python-probe.ts';
import {ensurePython, type PythonRuntime} from './python-runtime.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-python-'));
const empty = join(root, 'empty');
const surroundings = {PATH: process.env['PATH'], HOME: process.env['HOME']};
const python = findProgram('python3', process.env['PATH']);
const facts = python === null ? null : await probePython(python, process.env);
const canVenv = facts?.ok === true && facts.facts.canVenv;

/** A wheel that pip takes for pyzmq, so that the set-up runs without any index. */
function makeWheel(folder: string): string {
  const file = join(folder, 'pyzmq-0.0.1-py3-none-any.whl');
  execFileSync(python ?? '', ['-c', [
    'import sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1], "w")',
    'z.writestr("zmq/__init__.py", "__version__ = \'0.0.1\'\\n")',
    'z.writestr("pyzmq-0.0.1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: pyzmq\\nVersion: 0.0.1\\n")',
    'z.writestr("pyzmq-0.0.1.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
    'z.writestr("pyzmq-0.0.1.dist-info/RECORD", "")',
    'z.close()',
  ].join('\n'), file]);
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const makeRepo = (): string => mkdtempSync(join(root, 'repo-'));
const requirementsWith = (hash: string): string => {
  const file = join(mkdtempSync(join(root, 'req-')), 'requirements.txt');
  writeFileSync(file, `pyzmq==0.0.1 --hash=sha256:${hash}\n`);
  return file;
};
const offline = (): Record<string, string | undefined> => ({...surroundings, PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(root, 'wheels')});

/** A program that answers like an interpreter. */
function fakePython(folder: string, name: string, answer: {version: string; zmq: string | null; canVenv: boolean} | null): string {
  const file = join(folder, name);
  writeFileSync(file, answer === null ? '#!/bin/sh\necho "fatal: \u001b[31mbroken\u001b[0m https://me:secret@index/ " >&2\nexit 4\n'
    : `#!/bin/sh\necho started >> ${join(folder, 'starts')}\necho 'tandem:${JSON.stringify({path: file, ...answer})}'\n`);
  chmodSync(file, 0o755);
  return file;
}

async function refused(promise: Promise<PythonRuntime>): Promise<TandemError['detail']> {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TandemError);
  return (error as TandemError).detail;
}

beforeAll(() => {
  mkdirSync(empty);
  mkdirSync(join(root, 'wheels'));
});
afterAll(() => rmSync(root, {recursive: true, force: true}));

describe('finding', () => {
  test('no Python at all: one thing to install', async () => {
    const detail = await refused(ensurePython({repo: makeRepo(), surroundings: {PATH: empty}, systemNames: ['python3', 'python'], requirements: requirementsWith('0')}));
    expect(detail).toMatchObject({id: 'TDM-E291', kind: 'environment', what: 'No Python 3.9 or newer was found.'});
    expect(detail.fix).toMatch(/^(apt-get|dnf|brew|apk|winget|install) .*[Pp]ython/);
    expect(detail.seen).toContain('python3: not found');
  });

  test('one without zmq, one too old, one broken: each is named, the missing package is advised', async () => {
    const folder = mkdtempSync(join(root, 'bin-'));
    fakePython(folder, 'python3', {version: '3.12.1', zmq: null, canVenv: true});
    fakePython(folder, 'old', {version: '3.8.18', zmq: '25.0', canVenv: true});
    fakePython(folder, 'broken', null);
    const detail = await refused(ensurePython({repo: makeRepo(), surroundings: {PATH: folder}, systemNames: ['python3', 'old', 'broken'], create: false, requirements: requirementsWith('0')}));
    expect(detail.seen).toContain('Python 3.12.1 without pyzmq');
    expect(detail.seen).toContain('3.8.18 is older than 3.9');
    expect(detail.seen).toContain('exit code 4: fatal: [31mbroken[0m https://***@index/');
    expect(detail.fix).toMatch(/zmq/);
  });

  test('a machine whose Python lacks venv is told so', async () => {
    const folder = mkdtempSync(join(root, 'bin-'));
    fakePython(folder, 'python3', {version: '3.11.2', zmq: null, canVenv: false});
    const detail = await refused(ensurePython({repo: makeRepo(), surroundings: {PATH: folder}, systemNames: ['python3'], requirements: requirementsWith('0')}));
    expect(detail.seen).toContain('no Python that can make a virtual environment');
    expect(detail.likely).toContain('no venv module');
  });

  test('TANDEM_PYTHON alone counts when it is set', async () => {
    const folder = mkdtempSync(join(root, 'bin-'));
    const good = fakePython(folder, 'mine', {version: '3.10.1', zmq: '26.0', canVenv: false});
    const bad = fakePython(folder, 'bad', {version: '3.10.1', zmq: null, canVenv: false});
    const old = fakePython(folder, 'old', {version: '3.8.0', zmq: '26.0', canVenv: false});
    const ensure = (asked: string): Promise<PythonRuntime> => ensurePython({repo: makeRepo(), surroundings: {PATH: folder, TANDEM_PYTHON: asked}, requirements: requirementsWith('0')});
    expect(await ensure(good)).toEqual({path: good, version: '3.10.1', zmqVersion: '26.0', origin: 'TANDEM_PYTHON'});
    expect(await ensure('mine')).toMatchObject({path: good});
    expect(await refused(ensure(bad))).toMatchObject({id: 'TDM-E290', seen: 'it cannot import zmq'});
    expect(await refused(ensure(old))).toMatchObject({id: 'TDM-E290', seen: 'it is Python 3.8.0, needed is 3.9'});
    expect(await refused(ensure('/nowhere/python'))).toMatchObject({id: 'TDM-E290', seen: 'there is no such program'});
  });

  test('a folder that is no environment is never emptied; the system Python is used', async () => {
    const folder = mkdtempSync(join(root, 'bin-'));
    fakePython(folder, 'python3', {version: '3.11.2', zmq: '27.0', canVenv: true});
    const repo = makeRepo();
    mkdirSync(join(repo, '.venv'));
    writeFileSync(join(repo, '.venv', 'precious'), 'x');
    const progress: string[] = [];
    const options = {repo, surroundings: {PATH: folder}, systemNames: ['python3'], requirements: requirementsWith('0'), onProgress: (text: string) => progress.push(text)};
    expect(await ensurePython(options)).toMatchObject({origin: 'system', zmqVersion: '27.0'});
    expect(existsSync(join(repo, '.venv', 'precious'))).toBe(true);
    expect(progress.join()).toContain('is not a virtual environment');
    // known to fail: not tried again while the system has one, so nothing is said
    progress.length = 0;
    expect(await ensurePython(options)).toMatchObject({origin: 'system'});
    expect(progress).toEqual([]);
  });
});

describe.skipIf(!canVenv)('making an environment', () => {
  const fixture = fileURLToPath(new URL('fixtures/ensure-python.ts', import.meta.url));
  interface Told { result: PythonRuntime; progress: string[]; tookMs: number }
  const inProcess = (repo: string, requirements: string, env: Record<string, string | undefined>): Promise<Told> => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fixture, repo, requirements], {env: {...env, NODE_NO_WARNINGS: '1'}, stdio: ['ignore', 'pipe', 'inherit']});
    let text = '';
    child.stdout.on('data', (chunk) => { text += String(chunk); });
    child.on('close', () => { try { resolve(JSON.parse(text) as Told); } catch (error) { reject(error as Error); } });
  });

  test('a wrong hash installs nothing; two at once set it up once; the next is instant; changes are noticed', {timeout: 90_000}, async () => {
    const hash = makeWheel(join(root, 'wheels'));
    const repo = makeRepo();
    const detail = await refused(ensurePython({repo, requirements: requirementsWith('a'.repeat(64)), surroundings: offline(), systemNames: [python ?? '']}));
    expect(detail.seen).toMatch(/pip install: exit code 1: ERROR: .*(DO NOT MATCH|HASH)/i);
    expect(existsSync(join(repo, '.venv', 'tandem-stamp.json'))).toBe(false);

    const requirements = requirementsWith(hash);
    // a lock left by a process that is gone must not stop anybody
    const lock = join(repo, '.tandem', 'python-setup.lock');
    mkdirSync(lock, {recursive: true});
    writeFileSync(join(lock, 'owner.json'), JSON.stringify({pid: 2 ** 22 + 12_345, started: '1'}));
    const both = await Promise.all([inProcess(repo, requirements, offline()), inProcess(repo, requirements, offline())]);
    for (const {result} of both) expect(result).toMatchObject({path: join(repo, '.venv', 'bin', 'python'), zmqVersion: '0.0.1', origin: 'venv'});
    expect(both.filter(({progress}) => progress.some((text) => text.startsWith('installing ')))).toHaveLength(1);
    expect(existsSync(lock)).toBe(false);

    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const startedMs = performance.now();
      expect(await ensurePython({repo, requirements, surroundings: {PATH: empty}})).toMatchObject({origin: 'venv', version: facts?.ok === true ? facts.facts.version : ''});
      times.push(performance.now() - startedMs);
    }
    expect(Math.min(...times)).toBeLessThan(50);

    writeFileSync(requirements, `# changed\n${readFileSync(requirements, 'utf8')}`);
    const progress: string[] = [];
    expect(await ensurePython({repo, requirements, surroundings: offline(), onProgress: (text) => progress.push(text)})).toMatchObject({origin: 'venv'});
    expect(progress).toEqual(['installing the locked packages (pyzmq)']);

    // the interpreter behind the link disappears
    rmSync(join(repo, '.venv', 'bin', 'python'));
    expect(await refused(ensurePython({repo, requirements, surroundings: {PATH: empty}, systemNames: []}))).toMatchObject({id: 'TDM-E291'});
  });
});

test('a lock whose owner never wrote its name is taken over after a while', async () => {
  const folder = mkdtempSync(join(root, 'bin-'));
  fakePython(folder, 'python3', {version: '3.11.2', zmq: '27.0', canVenv: false});
  const repo = makeRepo();
  const lock = join(repo, '.tandem', 'python-setup.lock');
  mkdirSync(lock, {recursive: true});
  utimesSync(lock, new Date(0), new Date(0));
  expect(await ensurePython({repo, surroundings: {PATH: folder}, systemNames: ['python3'], requirements: requirementsWith('0')})).toMatchObject({origin: 'system'});
});
