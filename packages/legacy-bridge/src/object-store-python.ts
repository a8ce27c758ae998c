import {existsSync, readFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {reasonOf} from './output-tail.ts';
import {installEnvironment} from './python-environment.ts';
import {findProgram} from './python-probe.ts';
import {runCommand} from './run-command.ts';

const REQUIREMENTS = fileURLToPath(new URL('../python/requirements-object-store.txt', import.meta.url));
const NAMES = ['/usr/bin/python3.11', 'python3.11', '/usr/bin/python3', 'python3'];
const TIMEOUT_MS = 300_000;

/**
 * A Python with an S3-compatible server for this machine, against which the signal log's object storage is tested. Made in the clone, apart
 * from every other environment, because its packages and those of the legacies want different versions.
 * @returns path of the interpreter; null with `create: false` when it was not made yet
 * @throws TandemError TDM-E295 when it cannot be made
 */
export const objectStorePython = async (options: {repo: string; surroundings: Readonly<Record<string, string | undefined>>; create: boolean; onProgress?: (text: string) => void}): Promise<string | null> => {
  const folder = join(options.repo, '.tandem', 'object-store-venv');
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'tandem-stamp');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  if (!options.create) return null;
  const base = NAMES.map((name) => findProgram(name, options.surroundings['PATH'])).find((path) => path !== null);
  const env = installEnvironment(options.surroundings);
  options.onProgress?.('installing a local S3-compatible server for tests; this happens once');
  const steps: [string, ...string[]][] = [[base ?? 'python3', '-I', '-m', 'venv', folder], [python, '-I', '-m', 'pip', 'install', '--quiet', '--require-hashes', '--no-input', '-r', REQUIREMENTS]];
  for (const step of steps) {
    const run = await runCommand(step, {env, timeoutMs: TIMEOUT_MS});
    if (!run.ok) throw new TandemError({id: 'TDM-E295', kind: 'environment', what: 'the local object store for tests cannot be made', where: folder, seen: `${run.ended}: ${reasonOf(run.tail)}`, fix: 'make the package index reachable, then run it again'});
  }
  await writeFile(stamp, wanted);
  return python;
};

/** Runs a user's Python features over columns: `python <script> <module>`, one request a line on stdin. */
export const featureTrialScript = (): string => fileURLToPath(new URL('../python/reference/feature_trial.py', import.meta.url));
