import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {tandem} from '../bad-input/fixtures/tandem-process.ts';

describe('tandem keys and doctor --strict', {timeout: 60_000}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-keys-'));
  afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
  const run = (...args: string[]) => tandem(args, {temporary: folder});

  it('makes a pair, allows it, and never shows the secret', async () => {
    const keys = join(folder, 'keys'), list = join(folder, 'allowed');
    const made = await run('keys', 'generate', '--name', 'gateway', '--out', keys);
    expect(made.code).toBe(0);
    const secret = /secret-key = "(.{40})"/.exec(readFileSync(join(keys, 'gateway.key_secret'), 'utf8'))?.[1] ?? '';
    expect(secret).toHaveLength(40);
    expect(statSync(join(keys, 'gateway.key_secret')).mode & 0o777).toBe(0o600);
    const again = await run('keys', 'generate', '--name', 'gateway', '--out', keys);
    expect(again.code).toBe(2);
    expect(again.err).toContain('TDM-E215');
    const allowed = await run('keys', 'allow', join(keys, 'gateway.key'), '--list', list, '--json');
    expect(allowed.code).toBe(0);
    expect(allowed.json<{keys: number; name: string}>()).toMatchObject({keys: 1, name: 'gateway'});
    const twice = await run('keys', 'allow', join(keys, 'gateway.key'), '--list', list);
    expect(twice.code).toBe(2);
    expect(twice.err).toContain('stands there twice');
    expect(readFileSync(list, 'utf8').split('\n').filter((line) => line.endsWith(' gateway'))).toHaveLength(1);
    for (const {out, err} of [made, again, allowed, twice]) expect(out + err).not.toContain(secret);
    expect(readdirSync(folder).filter((name) => name.startsWith('allowed'))).toEqual(['allowed']);
  });

  it('reads every safe setting back from libzmq', async () => {
    const {code, json} = await run('doctor', '--strict', '--json');
    const {checks} = json<{checks: {id: string; state: string; seen: string}[]}>();
    const sockets = checks.filter(({id}) => id.startsWith('socket.'));
    expect(sockets.map(({id}) => id)).toEqual(expect.arrayContaining(['socket.maxMessageSize', 'socket.heartbeatInterval', 'socket.zapEnforceDomain', 'socket.linger']));
    expect(sockets.filter(({state}) => state !== 'ok')).toEqual([]);
    expect([0, 3]).toContain(code);
  });
});
