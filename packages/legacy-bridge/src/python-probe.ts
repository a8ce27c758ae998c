import {accessSync, constants, statSync} from 'node:fs';
import {delimiter, isAbsolute, join} from 'node:path';
import {probeEnvironment} from './python-environment.ts';
import {reasonOf} from './output-tail.ts';
import {runCommand} from './run-command.ts';

export const PYTHON_MIN = [3, 9] as const;
const PROBE_TIMEOUT_MS = 15_000;

/** What an interpreter says of itself. */
export interface PythonFacts {
  /** its real path, not that of a shim */
  readonly path: string;
  /** `3.11.7` */
  readonly version: string;
  /** version of pyzmq; null when it cannot be imported */
  readonly zmq: string | null;
  /** it can make virtual environments with pip in them */
  readonly canVenv: boolean;
  /** milliseconds for a fixed loop, the least of three: builds differ by 10 to 20 %; null when it was not asked */
  readonly loopMs: number | null;
}

export type ProbeResult = {readonly ok: true; readonly facts: PythonFacts} | {readonly ok: false; readonly reason: string};

// Reads on Python 2 too, so that an old interpreter is named instead of failing on syntax.
const QUESTION = [
  'import json, sys',
  'facts = {"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "zmq": None, "canVenv": False, "loopMs": None}',
  'try:',
  '    import zmq',
  '    facts["zmq"] = zmq.__version__',
  'except Exception: pass',
  'try:',
  '    import venv, ensurepip',
  '    facts["canVenv"] = True',
  'except Exception: pass',
  'try:',
  '    import time',
  '    def loop():',
  '        began = time.perf_counter()',
  '        sum([len(str(i)) for i in range(60000)])',
  '        return (time.perf_counter() - began) * 1000',
  '    facts["loopMs"] = min(loop(), loop(), loop())',
  'except Exception: pass',
  'print("tandem:" + json.dumps(facts))',
].join('\n');

/** Starts the interpreter once and asks. */
export async function probePython(path: string, surroundings: Readonly<Record<string, string | undefined>>): Promise<ProbeResult> {
  // -I: neither the working folder nor PYTHONPATH may answer for it
  const run = await runCommand([path, '-I', '-c', QUESTION], {env: probeEnvironment(surroundings), timeoutMs: PROBE_TIMEOUT_MS});
  const line = run.stdout.split('\n').find((text) => text.startsWith('tandem:'));
  if (!run.ok || line === undefined) {
    const old = run.tail.some((text) => text.includes('Unknown option: -I')) ? 'older than Python 3.4' : `${run.ended}: ${reasonOf(run.tail)}`;
    return {ok: false, reason: old};
  }
  try {
    const facts = JSON.parse(line.slice(7)) as PythonFacts;
    if (typeof facts.version !== 'string' || typeof facts.path !== 'string') return {ok: false, reason: 'it gave no version'};
    return {ok: true, facts: {...facts, path: isAbsolute(facts.path) ? facts.path : path}};
  } catch {
    return {ok: false, reason: 'its answer could not be read'};
  }
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > PYTHON_MIN[0] || (major === PYTHON_MIN[0] && minor >= PYTHON_MIN[1]);
}

/** Absolute path of a program by the given PATH; null when it is not there. */
export function findProgram(name: string, searchPath: string | undefined): string | null {
  const places = isAbsolute(name) ? [name] : (searchPath ?? '').split(delimiter).filter((folder) => isAbsolute(folder)).map((folder) => join(folder, name));
  return places.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
