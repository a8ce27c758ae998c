import {spawnSync} from 'node:child_process';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {repositoryRoot} from '../package-root.ts';
import {findPython} from '../session-plan.ts';

const server = createServer();
let busy = '', python = '';
beforeAll(async () => {
  python = (await findPython(() => undefined)).path;
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  busy = `tcp://127.0.0.1:${(server.address() as {port: number}).port}`;
});
afterAll(() => { server.close(); });

const start = (program: readonly string[], inbound: string, outbound: string): {code: number | null; err: string; out: string} => {
  const [command = '', ...args] = program;
  const {status, stderr, stdout} = spawnSync(command, [...args, '--rules', 'packages/cli/fixtures/order-path/rulebook.json', '--in', inbound, '--out', outbound],
    {cwd: repositoryRoot(), encoding: 'utf8', timeout: 60_000});
  return {code: status, err: stderr, out: stdout};
};

describe('a port that another program holds', {timeout: 120_000}, () => {
  it.each(['in', 'out'])('the engine says which one (--%s), how to free it, and is never ready', (side) => {
    const {code, err, out} = start([process.execPath, join(repositoryRoot(), 'packages/engine/src/main.ts'), 'order'], side === 'in' ? busy : 'tcp://127.0.0.1:*', side === 'in' ? 'tcp://127.0.0.1:*' : busy);
    expect(code).toBe(3);
    expect(err).toMatch(/^TDM-E402/);
    expect(err).toContain(busy);
    expect(err).toMatch(/seen: .*in use[\s\S]*fix: /);
    expect(out).toBe('');
  });

  it('the Python program ends with a line that names it', () => {
    const {code, err, out} = start([python, join(repositoryRoot(), 'packages/legacy-bridge/python/reference/order_path.py')], busy, 'tcp://127.0.0.1:*');
    expect(code).toBe(3);
    expect(err.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^${busy} cannot be bound: Address already in use`));
    expect(out).toBe('');
  });
});
