import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {CanaryEvent, ErrorDetail} from '@tandem/contract';
import {auditReleases, sinkProgram, type SunkEffect} from '@tandem/shadow';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder, orders, type LaneBehaviour} from './fixtures/bench-folder.ts';
import {startTandem, tandem, type Ended, type TandemOptions} from './fixtures/tandem-process.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const COUNT = 1200;
const AT = 900;
const RATE = '500';
const CANARY = "canary: {stages: ['50%', '100%'], bake: '200ms', minMessages: 50},\n  gates:";

interface Document {
  readonly exitCode: number;
  readonly stage: string;
  readonly complete: boolean;
  readonly released: number;
  readonly faults: readonly string[];
  readonly laneFaults: readonly ErrorDetail[];
  readonly halted: readonly {readonly partition: string; readonly reason: string}[];
  readonly untagged: Readonly<Record<'legacy' | 'candidate', number>>;
  readonly endedBy: string | null;
  readonly verdict: string;
  readonly restarts: Readonly<Record<string, number>>;
}

describe('a canary', {timeout: 180_000}, () => {
  const bench = new BenchFolder();
  let capture = '', tests = 0;
  beforeAll(async () => { capture = await bench.capture('capture', orders(COUNT)); });
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  const migration = (lanes: {legacy?: LaneBehaviour; candidate?: LaneBehaviour}): string => bench.migration({...lanes, edit: (text) => text.replace('gates:', CANARY)});
  const start = async (file: string, more: readonly string[] = [], options: TandemOptions = {}): Promise<Ended & {runs: string}> => {
    tests += 1;
    const runs = `runs-${tests}`;
    return {...await tandem(['canary', 'start', '-c', file, '--runs', bench.at(runs), '--capture', capture, '--rate', RATE, '--json', ...more], {temporary: bench.temporary, ...options}), runs};
  };
  const timeline = (runs: string): CanaryEvent[] => readFileSync(join(bench.onlyRun(runs), 'canary/timeline.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as CanaryEvent);
  const notes = (runs: string): {complete: boolean; notes: string[]} => JSON.parse(readFileSync(join(bench.onlyRun(runs), 'manifest.json'), 'utf8')) as {complete: boolean; notes: string[]};

  /** The candidate is at fault, however far the canary had come: legacy has answered everything that it did not, and each effect came once. */
  const expectLegacyWentOn = ({code, err, json, runs}: Ended & {runs: string}, id: string | null, verdicts: readonly string[]): void => {
    const document = json<Document>();
    const returned = timeline(runs).some(({kind}) => kind === 'rollback');
    expect(document).toMatchObject({stage: 'SHADOW', complete: true, released: COUNT, faults: [], halted: [], endedBy: null, exitCode: code});
    expect(verdicts).toContain(document.verdict);
    expect(code).toBe(returned ? 12 : document.verdict === 'fail' ? 10 : 11);
    if (id === null) return;
    expect(document.laneFaults).toMatchObject([{id, kind: 'lane', where: expect.stringContaining('candidate') as string, fix: expect.stringMatching(/\S/) as string}]);
    expect(err).toContain(id);
    expect(notes(runs).notes.join('\n')).toContain(id);
  };

  it.concurrent.each([
    ['raise', 'TDM-E225', ['error']], ['garbage-alone', 'TDM-E258', ['fail', 'error']],
    ...(deep ? [
      ['exit-zero', 'TDM-E225', ['error']], ['killed', 'TDM-E225', ['error']], ['hang', 'TDM-E226', ['error']],
      ['closes-output', 'TDM-E227', ['error']], ['oversized', 'TDM-E228', ['error']], ['above-limit', 'TDM-E228', ['error', 'fail']], ['garbage', 'TDM-E258', ['fail', 'error']],
      ['past-number', 'TDM-E258', ['fail', 'error']], ['future-number', 'TDM-E258', ['fail', 'error']], ['other-number', null, ['fail']],
    ] as const : []),
  ] as const)('whose candidate goes wrong (%s) says so, and every effect comes once', async (behaviour, id, verdicts) => {
    expectLegacyWentOn(await start(migration({candidate: {behaviour, at: AT, within: '2s'}})), id, verdicts);
  });

  it.runIf(deep)('whose candidate answers twice from the first input on is never promoted', async () => {
    const {code, json} = await start(migration({candidate: {behaviour: 'twice'}}));
    expect(code).toBe(10);
    expect(json<Document>()).toMatchObject({stage: 'SHADOW', complete: true, released: COUNT, faults: [], verdict: 'fail'});
  });

  it.concurrent.each([
    ['candidate', 'import-error', 'TDM-E221'], ...(deep ? [['legacy', 'import-error', 'TDM-E221'], ['candidate', 'never-connects', 'TDM-E223'], ['legacy', 'never-connects', 'TDM-E223'],
      ['candidate', 'never-ready', 'TDM-E222'], ['candidate', 'stubborn', 'TDM-E222']] as const : []),
  ] as const)('whose %s does not start (%s) begins nothing, and its folder says why', async (side, behaviour, id) => {
    const {code, json, err, runs} = await start(migration({[side]: {behaviour, within: '2s'}}));
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id, kind: 'lane', where: expect.stringContaining(side) as string});
    expect(err).toContain(id);
    expect(notes(runs)).toMatchObject({complete: false, notes: [expect.stringContaining(id) as string]});
  });

  it.concurrent('whose downstream is not there says which, before a lane is started', async () => {
    const {code, json, runs} = await start(migration({}), ['--downstream', `ipc://${bench.at('nobody')}`]);
    expect(code).toBe(3);
    expect(json().error).toMatchObject({id: 'TDM-E263', where: expect.stringContaining('nobody') as string, seen: expect.stringMatching(/TDM-E252 The downstream does not answer/) as string});
    expect(notes(runs)).toMatchObject({complete: false, notes: [expect.stringContaining('TDM-E263') as string]});
  });

  it.runIf(deep).each([['raise', 'TDM-E225'], ['killed', 'TDM-E225'], ['hang', 'TDM-E226'], ['oversized', 'TDM-E228'], ['closes-output', 'TDM-E227']])(
    'whose legacy goes wrong for good (%s) ends and says why; nothing came twice or out of order', async (behaviour, id) => {
      const {code, json, runs} = await start(migration({legacy: {behaviour, at: AT, within: '2s'}}));
      const document = json<Document>();
      expect([10, 11, 12]).toContain(code);
      expect(document).toMatchObject({complete: false, faults: [], endedBy: expect.stringMatching(/^legacy ends again and again/) as string, laneFaults: [{id}]});
      expect(notes(runs).complete).toBe(false);
    });

  it.runIf(deep)('whose legacy answers what nobody can release has failed', async () => {
    const {code, json} = await start(migration({legacy: {behaviour: 'garbage-alone', at: AT}}));
    expect(code).toBe(10);
    expect(json<Document>()).toMatchObject({stage: 'SHADOW', faults: [], untagged: {legacy: 1, candidate: 0}, laneFaults: [{id: 'TDM-E258'}]});
  });

  it.runIf(deep)('whose legacy answers under a number that it was not given halts that partition, whoever owned it, and gives the others back', async () => {
    const {code, json, runs} = await start(migration({legacy: {behaviour: 'future-number', at: AT}}));
    const partition = `A${AT % 7}`;
    expect(code).toBe(10);
    // I4: legacy owned it, and what it sent answers no input; I3: the candidate did, and it cannot be given back to one that has lost its order
    expect(json<Document>()).toMatchObject({stage: 'SHADOW', complete: true, faults: [], halted: [{partition, reason: expect.stringMatching(/^I[34] /) as string}], laneFaults: [{id: 'TDM-E258'}]});
    expect(notes(runs).notes.join('\n')).toContain(`partition ${partition} is halted`);
  });

  it.runIf(deep)('names the program that does not exist', async () => {
    const {code, json} = await start(bench.migration({edit: (text) => text.replace('gates:', CANARY).replace(/candidate: python\('[^']+'/, "candidate: python('nowhere.py'")}));
    expect(code).toBe(2);
    expect(json().error).toMatchObject({id: 'TDM-E105', kind: 'usage'});
  });

  it.runIf(deep)('on a wall clock that is set back by an hour in the middle goes on', async () => {
    const shift = bench.write('clock.mjs', 'const now = Date.now.bind(Date), begun = performance.now(); Date.now = () => now() - (performance.now() - begun > 2000 ? 3_600_000 : 0);\n');
    const {code, json} = await start(migration({}), [], {env: {NODE_OPTIONS: `--import ${shift}`}});
    expect(code).toBe(0);
    expect(json<Document>()).toMatchObject({stage: 'PRIMARY', complete: true, released: COUNT, faults: []});
  });

  describe('into a downstream of its own', () => {
    interface Downstream {readonly child: ChildProcess; readonly endpoint: string; readonly file: string; effects(): SunkEffect[]; end(): Promise<void>}
    const downstream = async (name: string): Promise<Downstream> => {
      const [endpoint, file] = [`ipc://${bench.path}/${name}`, bench.at(`${name}.jsonl`)];
      const child = spawn(process.execPath, [sinkProgram(), endpoint, file], {stdio: ['pipe', 'pipe', 'inherit']});
      await new Promise((resolve) => child.stdout.once('data', resolve));
      return {
        child, endpoint, file,
        effects: () => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as {p: string; c: number; o: number; l: SunkEffect['lane']}).map(({p, c, o, l}) => ({partition: p, causeSeq: c, ordinal: o, lane: l})),
        end: async () => {
          const gone = new Promise((resolve) => child.once('exit', resolve));
          child.stdin.end();
          if (child.exitCode === null && child.signalCode === null) await gone;
        },
      };
    };
    it.each(['alone', ...(deep ? ['with its gate'] : [])])('goes on where it stood when its own process is killed, %s, and it is taken up again: nothing is lost, doubled or out of order', async (how) => {
      const runs = how === 'alone' ? 'resumed-runs' : 'resumed-gate-runs';
      const sink = await downstream(`sink-${runs}`);
      const place = ['--runs', bench.at(runs)];
      const first = startTandem(['canary', 'start', '-c', migration({}), ...place, '--capture', capture, '--rate', '300', '--downstream', sink.endpoint], {temporary: bench.temporary});
      await first.until(/CANARY 50 %/);
      const gates = bench.processes().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('gate-process'));
      first.child.kill('SIGKILL');
      if (how !== 'alone') for (const pid of gates) process.kill(pid, 'SIGKILL');
      await first.ended;
      // nothing lives on without it: the gate drains and says goodbye, lanes and controller see the end of their input
      const left = (): number[] => bench.processes().filter((pid) => pid !== sink.child.pid);
      await expect.poll(left, {timeout: 15_000}).toEqual([]);
      const before = sink.effects();
      expect(before.length).toBeGreaterThan(0);
      expect(before.length).toBeLessThan(COUNT);
      const {code, json, err} = await tandem(['canary', 'resume', ...place, '--json'], {temporary: bench.temporary});
      expect(code, `${err}${timeline(runs).map((event) => `${event.kind} ${event.stage} ${event.action} ${event.reason}`).join('\n')}`).toBe(0);
      expect(json<Document>()).toMatchObject({stage: 'PRIMARY', complete: true, faults: [], endedBy: null});
      const again = await tandem(['canary', 'resume', ...place, '--json'], {temporary: bench.temporary});
      expect([again.code, again.json().error.id]).toEqual([2, 'TDM-E269']);
      await sink.end();
      const {faults, halted} = await auditReleases(journalOf(runs), sink.effects());
      expect([faults, halted, sink.effects().length]).toEqual([[], [], COUNT]);
      expect(new Set(sink.effects().map(({lane}) => lane))).toEqual(new Set(['legacy', 'candidate']));
    });

    const journalOf = (runs: string): string => join(bench.onlyRun(runs), 'canary/journal.jsonl');

    it.runIf(deep)('that another canary releases to: the second one does not start', async () => {
      const sink = await downstream('shared');
      const file = migration({});
      const first = startTandem(['canary', 'start', '-c', file, '--runs', bench.at('shared-runs'), '--capture', capture, '--rate', '100', '--downstream', sink.endpoint], {temporary: bench.temporary});
      await first.until(/candidate up/);
      const second = await start(file, ['--downstream', sink.endpoint]);
      expect(second.code).toBe(3);
      expect(second.json().error).toMatchObject({id: 'TDM-E263', seen: expect.stringMatching(/TDM-E256/) as string});
      expect((await first.ended).code).toBe(0);
      await sink.end();
      const {faults} = await auditReleases(journalOf('shared-runs'), sink.effects());
      expect([faults, sink.effects().length]).toEqual([[], COUNT]);
    });

    it.runIf(deep)('that dies and comes back: nothing is lost, nothing comes twice', async () => {
      const sink = await downstream('dying');
      const running = startTandem(['canary', 'start', '-c', migration({}), '--runs', bench.at('dying-runs'), '--capture', capture, '--rate', RATE, '--downstream', sink.endpoint], {temporary: bench.temporary});
      await running.until(/CANARY 50 %/);
      sink.child.kill('SIGKILL');
      await new Promise((resolve) => sink.child.once('exit', resolve));
      const next = await downstream('dying');
      const {code, err} = await running.ended;
      expect(err).toMatch(/gate ended.*TDM-E257/);
      expect([0, 11, 12]).toContain(code);
      await next.end();
      const {faults, halted} = await auditReleases(journalOf('dying-runs'), next.effects());
      expect([faults, halted, next.effects().length]).toEqual([[], [], COUNT]);
    });

    it.runIf(deep)('on a disk that takes no more: nothing is released that is not journaled, and the canary ends and says why', async () => {
      const sink = await downstream('full');
      const {out, err, code, runs} = await start(migration({}), ['--downstream', sink.endpoint], {fileKiBMax: 64});
      await sink.end();
      expect([3, 11, 12]).toContain(code);
      expect(`${out}${err}`).toMatch(/EFBIG|journal/);
      const effects = sink.effects();
      expect(effects.length).toBeLessThan(COUNT);
      const {faults} = await auditReleases(journalOf(runs), effects);
      expect(faults).toEqual([]);
    });
  });

  it.runIf(deep)('is killed by tandem kill: everything with legacy, exit 12 or 11, and it stays so', async () => {
    const running = startTandem(['canary', 'start', '-c', migration({}), '--runs', bench.at('kill-runs'), '--capture', capture, '--rate', '80', '--json'], {temporary: bench.temporary});
    let hasEnded = false;
    void running.ended.then(() => { hasEnded = true; });
    const control = (): boolean => bench.runFolders('kill-runs').some((folder) => existsSync(join(folder, 'canary/control.json')) && readFileSync(join(folder, 'canary/timeline.jsonl'), 'utf8').includes('"promote"'));
    // slow enough that traffic is left when the switch is thrown, also on a busy machine
    while (!control()) {
      expect(hasEnded).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const killed = await tandem(['kill', '--runs', bench.at('kill-runs'), '--json'], {temporary: bench.temporary});
    expect(killed.code).toBe(0);
    expect(killed.json<{gate: string; mode: string}>()).toMatchObject({gate: 'acknowledged', mode: 'legacy'});
    const {code, json} = await running.ended;
    expect([11, 12]).toContain(code);
    expect(json<Document>()).toMatchObject({share: 0, complete: true, released: COUNT, faults: []});
  });
});
