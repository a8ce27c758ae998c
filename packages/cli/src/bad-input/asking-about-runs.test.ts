import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

describe('questions about runs that cannot be answered', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  let migration = '', whole = '';
  beforeAll(async () => {
    migration = bench.migration({candidate: {behaviour: 'wrong'}});
    const {code, err} = await tandem(['replay', await bench.capture('capture', orders(300)), '-c', migration, '--runs', bench.at('runs'), '--no-twin', '-q'], {temporary: bench.temporary});
    expect(code, err).toBe(10);
    whole = bench.onlyRun('runs');
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

  it.concurrent.each([
    ['cut', (path: string) => { rewrite(path, 'evidence.json', (text) => text.slice(0, 200)); }, 3, 'TDM-E245', /evidence\.json/],
    ['missing', (path: string) => { rmSync(join(path, 'evidence.json')); }, 11, 'TDM-E133', /missing/],
    ['of another format', (path: string) => { rewrite(path, 'manifest.json', () => '{"formatVersion":"7.0"}'); }, 2, 'TDM-E244', /7\.0/],
  ] as const)('gate on evidence or manifest that is %s says which file', async (name, edit, expected, id, words) => {
    const {code, json} = await ask('gate', '--run', edited(name.replaceAll(' ', '-'), edit), '-c', migration);
    expect(code).toBe(expected);
    expect(json().error).toMatchObject({id, fix: expect.stringMatching(/\S/) as string});
    expect(JSON.stringify(json().error)).toMatch(words);
  });

  it.concurrent.each([
    ['150', 0, /150/], ['1', 2, /equal/], ['999999', 2, /no input has this position/], ['no-such-fingerprint', 2, /neither a position nor the fingerprint/], ['../../etc/passwd', 2, /neither/],
  ] as const)('explain %s', async (what, expected, words) => {
    const {code, json, out} = await ask('explain', what, '--run', whole, '-c', migration);
    expect(code, out).toBe(expected);
    if (expected !== 0) expect(json().error).toMatchObject({id: 'TDM-E135', where: whole, seen: expect.stringContaining('1 groups') as string});
    expect(out).toMatch(words);
  });

  it.concurrent('every question where there is no run says how to make one; the kill switch says where to look', async () => {
    for (const args of [['diff'], ['gate', '-c', migration]]) {
      const {code, json} = await ask(...args, '--runs', bench.at('none'));
      expect(code, args[0]).toBe(2);
      expect(json().error).toMatchObject({id: 'TDM-E121', where: bench.at('none'), fix: expect.stringMatching(/tandem replay|--runs/) as string});
    }
    for (const args of [['kill'], ['canary', 'status']]) {
      const {code, json} = await ask(...args, '--runs', bench.at('runs'));
      expect(code, args.join(' ')).toBe(2);
      expect(json().error).toMatchObject({id: 'TDM-E144', seen: '1 runs, no canary among them', fix: expect.stringContaining('--run') as string});
    }
    const named = await ask('kill', '--run', whole);
    expect(named.code).toBe(2);
    expect(named.json().error.id).toBe('TDM-E262');
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
    const none = await tandem(['runs', '--runs', bench.at('none')]);
    expect(none).toMatchObject({code: 0, out: expect.stringContaining('tandem replay') as string});
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
