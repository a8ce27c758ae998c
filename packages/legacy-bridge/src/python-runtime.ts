import {existsSync, readFileSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {noPython, notUsable} from './python-advice.ts';
import {findProgram, isNewEnough, probePython, PYTHON_MIN, type PythonFacts} from './python-probe.ts';
import {makeVenv, projectVenv, stampedVenv, stampVenv, type ProjectVenv} from './project-venv.ts';
import {withSetupLock} from './setup-lock.ts';

/** A failed set-up is not tried again within this time while another Python does. */
const RETRY_AFTER_MS = 60 * 60 * 1000;
const LOCK_TIMEOUT_MS = 10 * 60 * 1000;

/** An interpreter that can run the legacy: at least Python 3.9, with pyzmq. */
export interface PythonRuntime {
  readonly path: string;
  /** `3.11.7` */
  readonly version: string;
  readonly zmqVersion: string;
  readonly origin: 'TANDEM_PYTHON' | 'venv' | 'system';
}

export interface PythonOptions {
  /** folder that holds, or gets, `.venv` and `.tandem` */
  readonly repo: string;
  /** environment to look into: TANDEM_PYTHON, PATH, how pip reaches its index */
  readonly surroundings: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (text: string) => void;
  /** false: look only, make nothing */
  readonly create?: boolean;
  /** locked requirements with hashes; default those of this package */
  readonly requirements?: string;
  /** other places to look than `python3`, `/usr/bin/python3` and `python` */
  readonly systemNames?: readonly string[];
}

export const BRIDGE_REQUIREMENTS = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));

/**
 * Finds or makes a Python for the legacy, in this order: $TANDEM_PYTHON (then nothing else counts), `<repo>/.venv`, a new
 * `<repo>/.venv` from the locked requirements, a system Python that has pyzmq. When the stamp of `.venv` matches, no process is
 * started. Throws an environment error that names the one thing to install, and what was tried.
 */
export async function ensurePython(options: PythonOptions): Promise<PythonRuntime> {
  const {surroundings} = options;
  const asked = surroundings['TANDEM_PYTHON'];
  if (asked !== undefined && asked !== '') return await askedFor(asked, options);
  const venv = projectVenv(options.repo, options.requirements ?? BRIDGE_REQUIREMENTS);
  const stamped = stampedVenv(venv);
  if (stamped !== null) return runtimeOf(stamped, 'venv');
  const tried: string[] = [];
  const found = await existingVenv(venv, options, tried);
  if (found !== null) return runtimeOf(found, 'venv');
  const system = new SystemPythons(options, tried);
  const mayCreate = options.create !== false && venv.requirementsHash !== null;
  if (venv.requirementsHash === null) tried.push(`${venv.requirements}: not there, so no environment can be made`);
  if (mayCreate && failedLately(options.repo, venv)) {
    const facts = await system.withZmq();
    if (facts !== null) return runtimeOf(facts, 'system');
  }
  if (mayCreate) {
    const facts = await createVenv(venv, system, options, tried);
    if (facts !== null) return runtimeOf(facts, 'venv');
  }
  const facts = await system.withZmq();
  if (facts !== null) return runtimeOf(facts, 'system');
  throw noPython({tried, anyPython: system.newest, wantsVenv: mayCreate});
}

function runtimeOf(facts: PythonFacts, origin: PythonRuntime['origin']): PythonRuntime {
  return {path: facts.path, version: facts.version, zmqVersion: facts.zmq ?? '', origin};
}

async function askedFor(asked: string, options: PythonOptions): Promise<PythonRuntime> {
  const path = findProgram(asked, options.surroundings['PATH']);
  if (path === null) throw notUsable(asked, 'there is no such program');
  const probe = await probePython(path, options.surroundings);
  if (!probe.ok) throw notUsable(asked, probe.reason);
  if (!isNewEnough(probe.facts.version)) throw notUsable(asked, `it is Python ${probe.facts.version}, needed is ${PYTHON_MIN.join('.')}`);
  if (probe.facts.zmq === null) throw notUsable(asked, 'it cannot import zmq', `${asked} -m pip install pyzmq`);
  // A virtual environment is entered by its own path: the real one behind the link would not find its packages.
  return runtimeOf({...probe.facts, path}, 'TANDEM_PYTHON');
}

/** An environment that is there and works but was not stamped for these requirements: one that somebody made by hand. */
async function existingVenv(venv: ProjectVenv, options: PythonOptions, tried: string[]): Promise<PythonFacts | null> {
  if (!existsSync(venv.python)) return null;
  const probe = await probePython(venv.python, options.surroundings);
  if (!probe.ok) tried.push(`${venv.python}: ${probe.reason}`);
  else if (!isNewEnough(probe.facts.version)) tried.push(`${venv.python}: Python ${probe.facts.version} is too old`);
  else if (probe.facts.zmq === null) tried.push(`${venv.python}: cannot import zmq`);
  else if (!existsSync(join(venv.folder, 'tandem-stamp.json'))) {
    const facts = {...probe.facts, path: venv.python};
    await stampVenv(venv, facts).catch(() => undefined); // a read-only clone is asked again next time
    return facts;
  }
  return null;
}

async function createVenv(venv: ProjectVenv, system: SystemPythons, options: PythonOptions, tried: string[]): Promise<PythonFacts | null> {
  const onProgress = options.onProgress ?? (() => undefined);
  const onWait = (pid: number | null): void => onProgress(`waiting for another set-up${pid === null ? '' : ` (process ${pid})`}`);
  try {
    return await withSetupLock(join(options.repo, '.tandem', 'python-setup.lock'), {timeoutMs: LOCK_TIMEOUT_MS, onWait}, async () => {
      const meanwhile = stampedVenv(venv);
      if (meanwhile !== null) return meanwhile;
      const base = await system.forVenv();
      if (base === null) {
        tried.push('no Python that can make a virtual environment');
        return null;
      }
      const made = await makeVenv(venv, base.path, {surroundings: options.surroundings, onProgress});
      await noteFailure(options.repo, venv, made.ok ? null : made.reason);
      if (made.ok) return made.facts;
      onProgress(`no environment could be made: ${made.reason}`);
      tried.push(`${venv.folder}: ${made.reason}`, ...made.tail.slice(-5).map((line) => `  ${line}`));
      return null;
    });
  } catch (error) {
    if (error instanceof TandemError) throw error;
    tried.push(`${venv.folder}: ${(error as Error).message}`);
    return null;
  }
}

/** Pythons of the machine, each asked at most once. */
class SystemPythons {
  readonly #options: PythonOptions;
  readonly #tried: string[];
  #asked: Promise<readonly PythonFacts[]> | null = null;
  newest: PythonFacts | null = null;

  constructor(options: PythonOptions, tried: string[]) {
    this.#options = options;
    this.#tried = tried;
  }

  async withZmq(): Promise<PythonFacts | null> {
    return (await this.#all()).find(({zmq}) => zmq !== null) ?? null;
  }

  async forVenv(): Promise<PythonFacts | null> {
    const able = (await this.#all()).filter(({canVenv}) => canVenv);
    // a legacy on a slower build than the machine has would be a straw man; the first one wins among equals
    const fastestMs = Math.min(...able.map(({loopMs}) => loopMs ?? Infinity));
    return able.find(({loopMs}) => (loopMs ?? Infinity) <= fastestMs * 1.05) ?? able[0] ?? null;
  }

  #all(): Promise<readonly PythonFacts[]> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  async #ask(): Promise<readonly PythonFacts[]> {
    const {surroundings, systemNames = ['python3', '/usr/bin/python3', 'python']} = this.#options;
    const found: PythonFacts[] = [];
    const seen = new Set<string>();
    for (const name of systemNames) {
      const path = findProgram(name, surroundings['PATH']);
      if (path === null || seen.has(path)) {
        if (path === null) this.#tried.push(`${name}: not found`);
        continue;
      }
      seen.add(path);
      const probe = await probePython(path, surroundings);
      if (!probe.ok) {
        this.#tried.push(`${path}: ${probe.reason}`);
      } else if (!isNewEnough(probe.facts.version)) {
        this.#tried.push(`${path}: Python ${probe.facts.version} is older than ${PYTHON_MIN.join('.')}`);
      } else {
        if (probe.facts.zmq === null) this.#tried.push(`${path}: Python ${probe.facts.version} without pyzmq${probe.facts.canVenv ? '' : ', without venv'}`);
        this.newest ??= probe.facts;
        found.push(probe.facts);
      }
    }
    return found;
  }
}

// ---- memory of a set-up that failed, so that every run does not wait for an unreachable index again

const failureFile = (repo: string): string => join(repo, '.tandem', 'python-setup.json');

function failedLately(repo: string, venv: ProjectVenv): boolean {
  try {
    const {requirementsHash, atMs} = JSON.parse(readFileSync(failureFile(repo), 'utf8')) as {requirementsHash?: unknown; atMs?: unknown};
    const ageMs = Date.now() - Number(atMs);
    return requirementsHash === venv.requirementsHash && ageMs >= 0 && ageMs < RETRY_AFTER_MS;
  } catch {
    return false;
  }
}

async function noteFailure(repo: string, venv: ProjectVenv, reason: string | null): Promise<void> {
  const file = failureFile(repo);
  if (reason === null) return await rm(file, {force: true});
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, `${JSON.stringify({requirementsHash: venv.requirementsHash, atMs: Date.now(), reason})}\n`);
}
