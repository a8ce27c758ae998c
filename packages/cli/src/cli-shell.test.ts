import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {COMMANDS} from './command-index.ts';
import {packageRoot, repositoryRoot} from './package-root.ts';
import {COMMAND_GROUPS} from './root-help.ts';

const bin = join(packageRoot(), 'bin/tandem.cjs');
const tandem = (...args: string[]): {code: number | null; out: string; err: string} => {
  const {status, stdout, stderr} = spawnSync(process.execPath, [bin, ...args], {encoding: 'utf8', cwd: repositoryRoot(), env: {...process.env, NO_COLOR: '1', LANG: 'C.UTF-8'}});
  return {code: status, out: stdout, err: stderr};
};

describe('the shell of the CLI', () => {
  beforeAll(() => {
    if (!existsSync(join(packageRoot(), 'dist/main.js'))) spawnSync('npm', ['run', 'build', '-w', '@tandem/cli'], {cwd: repositoryRoot(), stdio: 'ignore'});
  });

  it('names every command in its help, and no other', () => {
    const named = COMMAND_GROUPS.flatMap(({commands}) => commands.map(([name]) => name.replace(' ', ':')));
    expect([...named].sort()).toEqual(Object.keys(COMMANDS).sort());
    const {code, out} = tandem('--help');
    expect(code).toBe(0);
    for (const name of named) expect(out).toContain(name.replace(':', ' '));
  });
  it('gives every command a summary and an own help', () => {
    for (const [id, command] of Object.entries(COMMANDS)) expect(command.summary, id).toMatch(/^\S.{10,}/);
    expect(tandem('replay', '--help')).toMatchObject({code: 0, out: expect.stringContaining('--speed') as string});
  });
  it('says what was meant, exits 2 on usage, and prints one JSON document on demand', () => {
    expect(tandem('replya')).toMatchObject({code: 2, err: expect.stringContaining('tandem replay') as string});
    expect(tandem('replay')).toMatchObject({code: 2, err: expect.stringContaining('TDM-E100') as string});
    const {code, out} = tandem('replay', 'nowhere', '--json', '--speed', 'fast');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({error: {id: 'TDM-E104', kind: 'usage'}});
  });
  it('says what a unit is missing', () => {
    expect(tandem('shadow', '--for', '10')).toMatchObject({code: 2, err: expect.stringMatching(/--for needs a text with a unit[\s\S]*10m/) as string});
  });
  it('answers version and exit codes without loading commands', () => {
    expect(tandem('--version').out).toMatch(/^tandem \d+\.\d+\.\d+\n$/);
    expect(tandem('help', 'exit-codes').out).toContain('11  inconclusive');
  });
  it('says where there is no run', () => {
    expect(tandem('diff', '--runs', 'no-such-folder')).toMatchObject({code: 2, err: expect.stringMatching(/TDM-E121[\s\S]*tandem demo/) as string});
  });
});
