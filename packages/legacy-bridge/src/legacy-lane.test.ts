import {spawn} from 'node:child_process';
import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {afterAll, expect, test} from 'vitest';
import {pythonLane, referenceScript} from './legacy-lane.ts';
import {findProgram, probePython} from './python-probe.ts';
import type {PythonRuntime} from './python-runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-lane-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));
for (const file of ['sibling_lane.py', 'sibling_part.py']) cpSync(fileURLToPath(new URL(`fixtures/${file}`, import.meta.url)), join(folder, file));
writeFileSync(join(folder, 'json.py'), 'raise SystemExit("the wrong json")\n');
const script = join(folder, 'sibling_lane.py');

/** Every Python of this machine from 3.9 on that can be found cheaply. */
const names = ['python3', '/usr/bin/python3', 'python3.9', 'python3.10', 'python3.12', 'python3.13'];
const pythons: PythonRuntime[] = [];
for (const name of names) {
  const path = findProgram(name, process.env['PATH']);
  const probe = path === null ? null : await probePython(path, process.env);
  if (probe?.ok === true && !pythons.some((one) => one.path === probe.facts.path)) {
    pythons.push({path: probe.facts.path, version: probe.facts.version, zmqVersion: '', origin: 'system'});
  }
}

test.skipIf(pythons.length === 0).each(pythons)('runs under Python $version with siblings, without impostors, in a clean environment', async (python) => {
  const lane = pythonLane({name: 'legacy', script, rules: null, python, extraArgs: ['--x', 'a b']});
  expect(lane.label).toBe(`python ${python.version.split('.').slice(0, 2).join('.')}`);
  const child = spawn(lane.command, lane.args, {env: lane.env, cwd: lane.cwd, stdio: ['pipe', 'pipe', 'inherit']});
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
  child.stdin.end();
  const told = JSON.parse(line) as {argv: string[]; name: string; file: string; part: string; json: string; env: Record<string, string>; last: string};
  expect(told).toMatchObject({name: '__main__', file: script, part: 'beside', last: folder});
  expect(told.argv).toEqual([script, '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}', '--x', 'a b']);
  expect(told.json).not.toContain(folder);
  const {LC_CTYPE: _set, ...env} = told.env; // Python itself may coerce the locale
  expect(Object.keys(env).sort()).toEqual(['LC_ALL', 'MKL_NUM_THREADS', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH', 'PYTHONHASHSEED', 'PYTHONUNBUFFERED', 'TZ']);
});

test('the reference is known by name, a missing file is a usage error', () => {
  expect(basename(referenceScript('order_path_tuned'))).toBe('order_path_tuned.py');
  const python: PythonRuntime = {path: '/usr/bin/python3', version: '3.11.2', zmqVersion: '', origin: 'system'};
  const lane = pythonLane({name: 'twin', script, rules: script, python});
  expect(lane).toMatchObject({name: 'twin', command: '/usr/bin/python3', watermark: {kind: 'barrier', everyMessages: 1000}});
  expect(lane.args.slice(0, 2)).toEqual(['-P', '-c']);
  expect(lane.args.slice(3, 6)).toEqual([script, '--rules', script]);
  expect(lane.byHand?.slice(0, 3)).toEqual([script, '--rules', script]);
  for (const bad of ['/nowhere/x.py', 'relative.py']) {
    expect(() => pythonLane({name: 'legacy', script: bad, rules: null, python})).toThrow(TandemError);
  }
});
