import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {repositoryRoot} from '../package-root.ts';

const root = repositoryRoot();
const folder = mkdtempSync(join(tmpdir(), 'tandem-own-signals-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

const guide = readFileSync(join(root, 'docs/your-own-signals.md'), 'utf8');
const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text).join('').replaceAll('runs/own', folder);
const why = existsSync(join(root, '.tandem/signals-venv/bin/python')) ? '' : ' (skipped: the Python of the signals is not here; tandem signals setup makes it)';

describe('the guide to signals of one\'s own', {timeout: 120_000}, () => {
  it.skipIf(why !== '')(`runs as it is written${why}`, () => {
    expect(commands.match(/^(tandem|node|\.tandem)/gm)?.length).toBeGreaterThan(8);
    const {status, stdout, stderr} = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {encoding: 'utf8', cwd: root, env: {...process.env, NO_COLOR: '1', LANG: 'C.UTF-8'}});
    expect(status, stderr).toBe(0);
    for (const said of [/^no feature looks ahead {2}2 features, 3,000 ticks/m, /^3,000 ticks, 2,998 signals, \d+ orders/m, /^12 of 12 jobs/m, /^pass {2}2,998 records in 1 logs/m]) expect(stdout).toMatch(said);
    expect(stdout.indexOf('known until')).toBeGreaterThan(0);
    const [, until] = /known until (\d+)/.exec(stdout) ?? [];
    expect(guide).toContain(`"trainEndUs": ${until}`);
  });
});
