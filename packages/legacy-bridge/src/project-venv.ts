import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {installEnvironment} from './python-environment.ts';
import {probePython, type PythonFacts} from './python-probe.ts';
import {reasonOf} from './output-tail.ts';
import {runCommand} from './run-command.ts';

const VENV_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 300_000;
const STAMP = 'tandem-stamp.json';

/** What was true when the environment was last checked. */
interface Stamp {
  readonly requirementsHash: string;
  readonly version: string;
  readonly zmq: string;
}

/** The virtual environment of a clone: `<repo>/.venv`. */
export interface ProjectVenv {
  readonly folder: string;
  readonly python: string;
  readonly requirements: string;
  /** SHA-256 of the locked requirements; null when there are none */
  readonly requirementsHash: string | null;
}

export function projectVenv(repo: string, requirements: string): ProjectVenv {
  const folder = join(repo, '.venv');
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const text = readText(requirements);
  return {folder, python, requirements, requirementsHash: text === null ? null : createHash('sha256').update(text).digest('hex')};
}

/** The environment as its stamp states it, without starting Python; null when anything changed since. */
export function stampedVenv(venv: ProjectVenv): PythonFacts | null {
  const text = readText(join(venv.folder, STAMP));
  if (text === null || !existsSync(venv.python)) return null; // also false when the interpreter behind the link is gone
  try {
    const stamp = JSON.parse(text) as Stamp;
    const config = readText(join(venv.folder, 'pyvenv.cfg')) ?? '';
    const version = /^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m.exec(config)?.[1];
    const isCurrent = stamp.requirementsHash === venv.requirementsHash && stamp.version === version && typeof stamp.zmq === 'string';
    return isCurrent ? {path: venv.python, version: stamp.version, zmq: stamp.zmq, canVenv: true, loopMs: null} : null;
  } catch {
    return null;
  }
}

/** Written last, so that a half-made environment has none. */
export async function stampVenv(venv: ProjectVenv, facts: PythonFacts): Promise<void> {
  if (venv.requirementsHash === null || facts.zmq === null) return;
  const stamp: Stamp = {requirementsHash: venv.requirementsHash, version: facts.version, zmq: facts.zmq};
  const file = join(venv.folder, STAMP);
  await writeFile(`${file}.part-${process.pid}`, `${JSON.stringify(stamp)}\n`);
  await rename(`${file}.part-${process.pid}`, file);
}

export type VenvResult = {readonly ok: true; readonly facts: PythonFacts} | {readonly ok: false; readonly reason: string; readonly tail: readonly string[]};

export interface VenvOptions {
  readonly surroundings: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (text: string) => void;
}

/** Makes the environment with `base` (or keeps a working one) and installs exactly the locked packages into it. */
export async function makeVenv(venv: ProjectVenv, base: string, options: VenvOptions): Promise<VenvResult> {
  const {surroundings, onProgress} = options;
  const env = installEnvironment(surroundings);
  await rm(join(venv.folder, STAMP), {force: true});
  const existing = existsSync(venv.python) ? await probePython(venv.python, surroundings) : null;
  if (existing?.ok !== true) {
    onProgress(`making ${venv.folder} with ${base}`);
    // --clear only ever empties a folder that is a virtual environment, or is not there
    const isVenv = existsSync(join(venv.folder, 'pyvenv.cfg'));
    if (existsSync(venv.folder) && !isVenv) return {ok: false, reason: `${venv.folder} is there and is not a virtual environment`, tail: []};
    const made = await runCommand([base, '-I', '-m', 'venv', ...(isVenv ? ['--clear'] : []), venv.folder], {env, timeoutMs: VENV_TIMEOUT_MS});
    if (!made.ok) return {ok: false, reason: `python -m venv: ${made.ended}: ${reasonOf(made.tail)}`, tail: made.tail};
  }
  onProgress('installing the locked packages (pyzmq)');
  const install = ['-I', '-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-input', '-r', venv.requirements];
  const installed = await runCommand([venv.python, ...install], {env, timeoutMs: INSTALL_TIMEOUT_MS});
  if (!installed.ok) return {ok: false, reason: `pip install: ${installed.ended}: ${reasonOf(installed.tail)}`, tail: installed.tail};
  const probe = await probePython(venv.python, surroundings);
  if (!probe.ok) return {ok: false, reason: probe.reason, tail: []};
  if (probe.facts.zmq === null) return {ok: false, reason: 'pyzmq was installed and cannot be imported', tail: installed.tail};
  const facts = {...probe.facts, path: venv.python};
  await stampVenv(venv, facts);
  return {ok: true, facts};
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
