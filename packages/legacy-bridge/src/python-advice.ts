import {existsSync} from 'node:fs';
import {TandemError} from '@tandem/contract';
import {PYTHON_MIN, type PythonFacts} from './python-probe.ts';

/** The one command that gives this machine what is missing. */
export function installAdvice(missing: 'python' | 'venv' | 'zmq', platform: NodeJS.Platform = process.platform, has: (path: string) => boolean = existsSync): string {
  if (platform === 'darwin') return missing === 'python' ? 'brew install python' : 'python3 -m pip install --user pyzmq';
  if (platform === 'win32') return missing === 'python' ? 'winget install Python.Python.3.12' : 'py -m pip install pyzmq';
  const packages = {python: 'python3 python3-zmq', venv: 'python3-venv', zmq: 'python3-zmq'};
  if (has('/usr/bin/apt-get')) return `apt-get install ${packages[missing]}`;
  if (has('/usr/bin/dnf')) return `dnf install ${missing === 'python' ? 'python3 python3-zmq' : 'python3-zmq'}`;
  if (has('/sbin/apk')) return `apk add ${missing === 'python' ? 'python3 py3-pyzmq' : 'py3-pyzmq'}`;
  return missing === 'python' ? `install Python ${PYTHON_MIN.join('.')} or newer` : 'python3 -m pip install pyzmq';
}

/** $TANDEM_PYTHON was set and does not do; nothing else is tried, because somebody chose it. */
export function notUsable(asked: string, seen: string, fix?: string): TandemError {
  return new TandemError({
    id: 'TDM-E290', kind: 'environment', what: 'The Python that TANDEM_PYTHON names cannot be used.', where: `TANDEM_PYTHON=${asked}`, seen,
    fix: fix ?? `let it name a Python ${PYTHON_MIN.join('.')} or newer that has pyzmq, or unset it`,
  });
}

/** Nothing on this machine does. */
export function noPython(found: {readonly tried: readonly string[]; readonly anyPython: PythonFacts | null; readonly wantsVenv: boolean}): TandemError {
  const {anyPython, tried} = found;
  const missing = anyPython === null ? 'python' : found.wantsVenv && !anyPython.canVenv ? 'venv' : 'zmq';
  return new TandemError({
    id: 'TDM-E291', kind: 'environment',
    what: anyPython === null ? `No Python ${PYTHON_MIN.join('.')} or newer was found.` : 'No Python that can import zmq was found, and none could be set up.',
    seen: tried.join('; ').slice(0, 2000),
    likely: missing === 'venv' ? `Python ${anyPython?.version} has no venv module: the distribution packs it apart` : undefined,
    fix: installAdvice(missing),
  });
}
