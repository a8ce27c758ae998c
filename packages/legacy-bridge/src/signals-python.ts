import {existsSync, readFileSync} from 'node:fs';
import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {findProgram, probePython} from './python-probe.ts';
import {makeVenv, stampedVenv, type ProjectVenv} from './project-venv.ts';
import type {PythonOptions, PythonRuntime} from './python-runtime.ts';
import {withSetupLock} from './setup-lock.ts';

/** pandas, numpy, numba, scikit-learn and LightGBM in the versions that the signal legacies are stated for. */
export const SIGNAL_REQUIREMENTS = fileURLToPath(new URL('../python/requirements-signals.txt', import.meta.url));
/** the packages are locked for this version alone: numpy 1.24 and pandas 1.5 have wheels for it, and later ones give other bits */
const WANTED = /^3\.11\./;
const NAMES = ['/usr/bin/python3.11', 'python3.11', '/usr/bin/python3', 'python3'];
const LOCK_TIMEOUT_MS = 10 * 60 * 1000;

const runtime = (facts: {path: string; version: string; zmq: string | null}): PythonRuntime => ({path: facts.path, version: facts.version, zmqVersion: facts.zmq ?? '', origin: 'venv'});

/** Where it lies in a clone; made by {@link ensureSignalsPython} alone, which only what asks for signals calls. */
export const signalsVenv = (repo: string): ProjectVenv => {
  const folder = join(repo, '.tandem', 'signals-venv');
  const requirementsHash = existsSync(SIGNAL_REQUIREMENTS) ? createHash('sha256').update(readFileSync(SIGNAL_REQUIREMENTS)).digest('hex') : null;
  return {folder, python: join(folder, 'bin', 'python'), requirements: SIGNAL_REQUIREMENTS, requirementsHash};
};

/**
 * The Python of the signal legacies, made on first use: about 600 MB on disk, a minute or two. With `create: false` it is only looked for.
 * @throws TandemError TDM-E294 when there is no CPython 3.11, or the packages cannot be had
 */
export const ensureSignalsPython = async (options: Pick<PythonOptions, 'repo' | 'surroundings' | 'onProgress' | 'create'>): Promise<PythonRuntime> => {
  const venv = signalsVenv(options.repo);
  const onProgress = options.onProgress ?? (() => undefined);
  const stamped = stampedVenv(venv);
  if (stamped !== null) return runtime(stamped);
  const fail = (seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E294', kind: 'environment', what: 'the Python of the signal legacies is not there', where: venv.folder, seen, fix});
  if (options.create === false) throw fail('it was not made yet', 'npm run tandem -- signals setup');
  const base = await findBase(options.surroundings);
  if (base === null) throw fail(`none of ${NAMES.join(', ')} is a CPython 3.11 that can make a virtual environment`, 'install Python 3.11 with its venv module');
  return await withSetupLock(join(options.repo, '.tandem', 'signals-setup.lock'), {timeoutMs: LOCK_TIMEOUT_MS, onWait: () => { onProgress('waiting for another set-up'); }}, async () => {
    const meanwhile = stampedVenv(venv);
    if (meanwhile !== null) return runtime(meanwhile);
    onProgress('installing numpy, pandas, numba, scikit-learn and LightGBM for the signal legacies; this happens once');
    const made = await makeVenv(venv, base, {surroundings: options.surroundings, onProgress});
    if (!made.ok) throw fail(made.reason, 'make the package index reachable, then run it again');
    return runtime(made.facts);
  });
};

const findBase = async (surroundings: PythonOptions['surroundings']): Promise<string | null> => {
  for (const name of NAMES) {
    const path = findProgram(name, surroundings['PATH']);
    if (path === null) continue;
    const probe = await probePython(path, surroundings);
    if (probe.ok && WANTED.test(probe.facts.version) && probe.facts.canVenv) return path;
  }
  return null;
};
