import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {tandem} from './fixtures/tandem-process.ts';

const nowhere = {PATH: '/nonexistent', TANDEM_PYTHON: '/nonexistent/python'};

describe('a machine without Python', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });

  it.concurrent('is an error of the surroundings that names the one thing to put right, before anything starts', async () => {
    const capture = await bench.capture('capture', orders(5));
    const {code, json, err} = await tandem(['replay', capture, '-c', bench.migration(), '--runs', bench.at('runs'), '--json'], {temporary: bench.temporary, env: nowhere});
    expect(code).toBe(3);
    expect(json().error).toMatchObject({id: 'TDM-E290', kind: 'environment', where: 'TANDEM_PYTHON=/nonexistent/python', seen: 'there is no such program', fix: expect.stringMatching(/Python 3\.9 or newer that has pyzmq/) as string});
    expect(err).toMatch(/TDM-E290[\s\S]*fix/);
    expect(bench.runFolders('runs')).toEqual([]);
  });

  it.concurrent('is what doctor says too, with the same repair', async () => {
    const {code, out} = await tandem(['doctor'], {env: nowhere});
    expect(code).toBe(3);
    expect(out).toMatch(/✗ Python with pyzmq .*no such program\n.*fix .*Python 3\.9 or newer/);
  });

  it.concurrent('does not matter where neither lane is Python', async () => {
    const engine = "engine('order', {args: ['--rules', 'packages/cli/fixtures/order-path/rulebook.json', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof']}),\n";
    const migration = bench.migration({minMessages: 5, edit: (text) => text.replace(/legacy: python\(.*\n/, `legacy: ${engine}`).replace(/candidate: python\(.*\n/, `candidate: ${engine}`).replace('{command,', '{command, engine,')});
    const {code, err} = await tandem(['replay', await bench.capture('five', orders(5)), '-c', migration, '--runs', bench.at('engines'), '--no-twin'], {temporary: bench.temporary, env: nowhere});
    expect(code, err).toBe(0);
  });
});
