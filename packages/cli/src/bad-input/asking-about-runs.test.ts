import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import type {Migration, TandemError} from '@tandem/contract';
import {explainRun, judgeAgain, killGate} from '@tandem/shadow';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {loadConfig} from '../config/load-config.ts';
import {planMigration} from '../session-plan.ts';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

describe('questions about runs that cannot be answered', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  let migration = '', whole = '', plan: Migration;
  beforeAll(async () => {
    migration = bench.migration({candidate: {behaviour: 'wrong'}});
    const {code, err} = await tandem(['replay', await bench.capture('capture', orders(300)), '-c', migration, '--runs', bench.at('runs'), '--no-twin', '-q'], {temporary: bench.temporary});
    expect(code, err).toBe(10);
    whole = bench.onlyRun('runs');
    plan = await planMigration(await loadConfig(migration), {twin: false, say: () => undefined});
  }, 60_000);
  afterAll(() => { bench.remove(); });

  const ask = (...args: string[]): Promise<Ended> => tandem([...args, '--json'], {temporary: bench.temporary});
  const edited = (name: string, edit: (folder: string) => void): string => {
    const folder = bench.at(name);
    cpSync(whole, folder, {recursive: true});
    edit(folder);
    return folder;
  };
  const rewrite = (folder: string, name: string, change: (text: string) => string): void => { writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8'))); };

  it.concurrent('gate refuses evidence that was edited after it was judged, by its hash', async () => {
    const folder = edited('better', (path) => { rewrite(path, 'evidence.json', (text) => text.replace(/"value": ?1\b/, '"value": 0')); });
    expect(readFileSync(join(folder, 'evidence.json'), 'utf8')).not.toBe(readFileSync(join(whole, 'evidence.json'), 'utf8'));
    const {code, json} = await ask('gate', '--run', folder, '-c', migration);
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id: 'TDM-E134', kind: 'lane', where: expect.stringContaining('evidence.json') as string, seen: expect.stringMatching(/SHA-256 \w+, judged was \w+/) as string, fix: 'run it again'});
  });

  it.each([
    ['cut', (path: string) => { rewrite(path, 'evidence.json', (text) => text.slice(0, 200)); }, 'TDM-E245', /evidence\.json/],
    ['missing', (path: string) => { rmSync(join(path, 'evidence.json')); }, 'TDM-E133', /missing/],
    ['of another format', (path: string) => { rewrite(path, 'manifest.json', () => '{"formatVersion":"7.0"}'); }, 'TDM-E244', /7\.0/],
  ] as const)('judging a run whose evidence or manifest is %s says which file', async (name, edit, id, words) => {
    const refused = await judgeAgain(edited(name.replaceAll(' ', '-'), edit), plan, '2026-11-20').then(() => null, (error: unknown) => (error as TandemError).detail);
    expect(refused).toMatchObject({id, fix: expect.stringMatching(/\S/) as string});
    expect(JSON.stringify(refused)).toMatch(words);
  });

  it('explaining what the run does not hold says what it is not', async () => {
    for (const [what, likely] of [['1', /answers were equal/], ['999999', /no input has this position/], ['no-such-fingerprint', /neither a position nor the fingerprint/], ['', /neither/], ['../../etc/passwd', /neither/]] as const) {
      const refused = await explainRun(whole, plan, what, '2026-11-20').then(() => null, (error: unknown) => (error as TandemError).detail);
      expect(refused, what).toMatchObject({id: 'TDM-E135', kind: 'usage', where: whole, seen: expect.stringContaining('300 inputs, 1 groups of differences: ') as string, likely: expect.stringMatching(likely) as string, fix: expect.stringMatching(/tandem diff|--keep all/) as string});
    }
    const {code, err} = await ask('explain', 'no-such-fingerprint', '--run', whole, '-c', migration);
    expect(code).toBe(2);
    expect(err).toContain('TDM-E135');
  });

  it.concurrent('every question where there is no run says how to make one; the kill switch says where to look', async () => {
    const diff = await ask('diff', '--runs', bench.at('none'));
    expect(diff.code).toBe(2);
    expect(diff.json().error).toMatchObject({id: 'TDM-E121', where: bench.at('none'), fix: expect.stringMatching(/tandem replay.*--runs/) as string});
    const kill = await ask('kill', '--runs', bench.at('runs'));
    expect(kill.code).toBe(2);
    expect(kill.json().error).toMatchObject({id: 'TDM-E144', seen: '1 runs, no canary among them', fix: expect.stringContaining('--run') as string});
    await expect(killGate(whole, 'legacy', 'test')).rejects.toMatchObject({detail: {id: 'TDM-E262'}});
  });

  it.concurrent('runs lists all of them, also those that cannot be read', async () => {
    const root = bench.at('listed');
    for (const [name, edit] of [['2026-01-01T00-00-00-a-000001', () => undefined], ['2026-01-02T00-00-00-b-000002', (path: string) => { writeFileSync(join(path, 'manifest.json'), '{'); }]] as const) {
      cpSync(whole, join(root, name), {recursive: true});
      edit(join(root, name));
    }
    const {code, json} = await ask('runs', '--runs', root);
    expect(code).toBe(0);
    expect(json()).toMatchObject({count: 2, runs: [{runId: '2026-01-02T00-00-00-b-000002', outcome: null, notes: [expect.stringContaining('cannot be read') as string]}, {runId: '2026-01-01T00-00-00-a-000001', outcome: 'fail', compared: 300}]});
  });

  it.concurrent('canary start without a plan says what to add', async () => {
    const {code, json} = await ask('canary', 'start', '-c', migration, '--runs', bench.at('runs'));
    expect(code).toBe(2);
    expect(json().error).toMatchObject({id: 'TDM-E108', where: expect.stringContaining('migration') as string, fix: expect.stringContaining("canary: {stages: ['1%'") as string});
  });

  it.concurrent('kill finds the latest canary although another run came after it, and lays the kill file down where the gate is silent', async () => {
    const [root, canary] = [bench.at('mixed'), bench.at('mixed/2026-01-01T00-00-00-a-000001')];
    mkdirSync(join(canary, 'canary'), {recursive: true});
    cpSync(whole, bench.at('mixed/2026-01-02T00-00-00-b-000002'), {recursive: true});
    cpSync(join(whole, 'manifest.json'), join(canary, 'manifest.json'));
    const control = {controlSocket: bench.at('control'), killFile: join(canary, 'canary/kill')};
    writeFileSync(join(canary, 'canary/control.json'), JSON.stringify(control));
    const gone = await ask('kill', '--runs', root);
    expect(gone.code).toBe(3);
    expect(gone.json()).toMatchObject({runId: '2026-01-01T00-00-00-a-000001', acknowledged: false, gate: 'ended'});
    // a gate that hangs: it accepts and never answers
    const hanging = await new Promise<Server>((done) => { const server = createServer().listen(control.controlSocket, () => { done(server); }); });
    const silent = await ask('kill', '--runs', root, '--halt');
    hanging.close();
    expect(silent.code).toBe(3);
    expect(silent.json()).toMatchObject({acknowledged: false, gate: 'silent', mode: 'halt'});
    expect(readFileSync(control.killFile, 'utf8')).toBe('halt');
  });

  it.concurrent('a reader that stops reading is no defect', async () => {
    const {startTandem} = await import('./fixtures/tandem-process.ts');
    const running = startTandem(['report', '--run', edited('piped', () => undefined), '--json']);
    running.child.stdout?.destroy();
    const {code, err} = await running.ended;
    expect(err).toBe('');
    expect(code).toBe(0);
  });
});
