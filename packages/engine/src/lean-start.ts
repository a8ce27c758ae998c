import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** `lean` in a process that has been replaced; `plain` from outside: run as started. */
const MARK = 'TANDEM_LANE_START';

/**
 * A lane is one thread with nothing to collect. Helper threads of V8 would keep some 8 MB of their own malloc arenas after the code is hot, a large
 * young generation would only be filled by what is never used again.
 */
const FLAGS = ['--single-threaded', '--max-semi-space-size=1'];
/** glibc: one arena; what a compilation took goes back to the system instead of staying in the heap */
const ALLOCATOR = {MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536'};

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** What build.mjs writes beside the bundle: the sources that are in it, by path from this package. */
export interface BundleInputs {
  readonly inputs: Readonly<Record<string, {readonly bytes: number; readonly mtimeMs: number}>>;
}

/**
 * The lane as one file of JavaScript, if it was built from the sources as they are now: nothing is stripped of its types then, which alone takes 25 MB.
 * @param root folder of the package
 */
export const freshBundle = (root: string = packageRoot): string | null => {
  try {
    const {inputs} = JSON.parse(readFileSync(join(root, 'dist/lane/inputs.json'), 'utf8')) as BundleInputs;
    for (const [path, {bytes, mtimeMs}] of Object.entries(inputs)) {
      const now = statSync(join(root, path));
      if (now.size !== bytes || now.mtimeMs !== mtimeMs) return null;
    }
    return join(root, 'dist/lane/main.mjs');
  } catch {
    return null;
  }
};

/**
 * Replaces this process by one that needs less memory: same id, same streams, same arguments, flags of the caller kept. Comes back when that was
 * done already, is not wanted (`TANDEM_LANE_START=plain`), is not for this hot path, or cannot be done here.
 */
export const startLean = (args: readonly string[]): void => {
  const {env, execArgv, execPath} = process;
  if (args[0] !== 'order' || env[MARK] !== undefined || typeof process.execve !== 'function' || process.platform === 'win32') return;
  const program = freshBundle() ?? fileURLToPath(new URL('./main.ts', import.meta.url));
  try {
    process.execve(execPath, [execPath, ...FLAGS, ...execArgv, program, ...args], {...ALLOCATOR, ...env, [MARK]: 'lean'} as NodeJS.Dict<string>);
  } catch {
    // not permitted here: it runs as it is
  }
};
