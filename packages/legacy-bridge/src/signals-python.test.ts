import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {ensureSignalsPython, signalsVenv} from './signals-python.ts';

const repo = fileURLToPath(new URL('../../../', import.meta.url));
const pytest = join(repo, '.venv/lib/python3.11/site-packages');
const deep = process.env['TANDEM_DEEP'] !== undefined;

describe('the Python of the signal legacies', () => {
  it('is not made by looking for it', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'tandem-no-signals-'));
    try {
      await expect(ensureSignalsPython({repo: empty, surroundings: process.env, create: false})).rejects.toMatchObject({detail: {id: 'TDM-E294', fix: 'npm run tandem -- signals setup'}});
      expect(existsSync(signalsVenv(empty).folder)).toBe(false);
    } finally {
      rmSync(empty, {recursive: true, force: true});
    }
  });

  // installs some 500 MB on first use, so only where heavy suites are asked for
  it.runIf(deep)('holds pandas and numpy against each other', async ({skip}) => {
    // the runner is that of the Python suite, which may not have run yet
    const made = spawnSync(process.execPath, [join(repo, 'scripts/python.mjs'), '--dev'], {encoding: 'utf8'});
    skip(made.status === 0 && !existsSync(pytest), 'the Python suite has another Python than 3.11, which the signal legacies need');
    expect(existsSync(join(pytest, 'pytest')), made.stderr).toBe(true);
    const {path} = await ensureSignalsPython({repo, surroundings: process.env});
    const run = spawnSync(path, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests/test_signal_features.py', 'tests/test_signal_service.py'], {
      cwd: join(repo, 'packages/legacy-bridge/python'), encoding: 'utf8', env: {PATH: '/usr/bin:/bin', PYTHONPATH: pytest, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1'},
    });
    expect(run.stdout, run.stderr).toMatch(/\d+ passed/);
    expect(run.status).toBe(0);
  }, 600_000);
});
