import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {readGoldenRows} from '../src/signal/model/golden.ts';
import {loadModel} from '../src/signal/model/load-model.ts';
import {walkForest} from '../src/signal/model/plain-walk.ts';
import {deep, seed} from './seed.ts';

const root = join(import.meta.dirname, '../../..');
const maker = join(import.meta.dirname, 'make_random_models.py');
/** TANDEM_MODELS_PYTHON names a Python of other versions than those of the signal legacies */
const python = [process.env['TANDEM_MODELS_PYTHON'], join(root, '.tandem/signals-venv/bin/python')].find((path) => path !== undefined && existsSync(path));
const why = deep ? python === undefined ? ' (skipped: no Python with LightGBM, XGBoost or scikit-learn; npm run tandem -- signals setup, or TANDEM_MODELS_PYTHON)' : '' : ' (skipped: runs with TANDEM_DEEP=1)';
const COUNT_PER_SECOND = 5;
const count = Math.max(20, Math.min(2000, Math.floor(Number(process.env['TANDEM_BUDGET_MS'] ?? 60_000) / 1000 * COUNT_PER_SECOND)));
/** what a library itself leaves unusable: training has diverged */
const DIVERGED = /a leaf is NaN/;

const folder = mkdtempSync(join(tmpdir(), 'tandem-models-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

describe.skipIf(why !== '')(`random models of the libraries that are here${why}`, () => {
  it(`${count} of each are repeated bit for bit before the link, seed ${seed}`, {timeout: 1_800_000}, () => {
    const {status, stdout, stderr} = spawnSync(python ?? '', [maker, folder, String(count), String(seed)], {encoding: 'utf8', env: {...process.env, OMP_NUM_THREADS: '1'}, maxBuffer: 1 << 28});
    expect(status, stderr.slice(-2000)).toBe(0);
    process.stdout.write(stdout.replace(/^(?!\{).*\n/gm, ''));
    const files = readdirSync(folder).filter((file) => !file.endsWith('.golden.json'));
    expect(files.length).toBeGreaterThan(count / 2);
    const wrong: string[] = [];
    for (const file of files) {
      const golden = readFileSync(join(folder, `${file}.golden.json`), 'utf8');
      try {
        const {forest} = loadModel({name: file, model: readFileSync(join(folder, file)), golden});
        const rows = readGoldenRows(file, golden);
        expect(rows.rows.map((row) => walkForest(forest, row)), file).toEqual(rows.raw);
      } catch (error) {
        if (!(error instanceof TandemError)) throw error;
        if (!DIVERGED.test(error.detail.seen ?? '')) wrong.push(`${file}: ${error.detail.id} ${error.detail.where ?? ''}: ${error.detail.seen ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
