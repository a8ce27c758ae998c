import {join} from 'node:path';
import type {CauseSelector, Migration} from '@tandem/contract';
import {memoryInputs, type SessionOutcome} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {tandem} from '../bad-input/fixtures/tandem-process.ts';
import {loadConfig} from '../config/load-config.ts';
import {findPython, planMigration} from '../session-plan.ts';
import {migrationOfRun} from './default-migration.ts';
import {refuseExampleTraffic} from './example-traffic.ts';
import {refuseUnpairable, unpairedOutputs} from './pairing-check.ts';

const program = join(import.meta.dirname, 'fixtures/quoting_service.py');
const COUNT = 60;

/** What a team meets whose service was written before it knew of Tandem. */
describe('a system of its own', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });
  const request = (at: number): Buffer => Buffer.from(JSON.stringify({correlation_id: `c-${at}`, desk: ['fx', 'rates'][at % 2], qty: at}));
  const migration = (name: string, python: string, more = ''): string => bench.write(`${name}.ts`, `import {defineMigration, epsilon, ignore, push, python} from '@tandem/cli';
const args = ['--requests', '{in}', '--answers', '{out}'];
const lane = {interpreter: '${python}', ready: 'listening', env: {DESK_MODE: 'shadow'}};
export default defineMigration({
  name: 'quotes', input: {requests: push('tcp://127.0.0.1:1')},
  legacy: python('${program}', {...lane, args}), candidate: python('${program}', {...lane, args: [...args, '--wrong-desk', 'rates']}),
  match: {by: {input: '/correlation_id', output: '/reply_to'}, partition: '/desk', kind: '/part'},
  compare: {'/price': epsilon({absolute: 1e-9, relative: 1e-9}), '/answered_at': ignore({reason: 'wall clock', owner: 'desk', expires: '2999-01-01'})},
  gates: {minMessages: 10, parity: {maxIgnoredShare: 0.5}},${more}
});
`);

  it('is replayed as it is: no ready line, its own Python and environment, ids that each side calls otherwise, two answers a request', async () => {
    const {path} = await findPython(() => undefined);
    const capture = await bench.capture('capture', Array.from({length: COUNT}, (_, at) => request(at)));
    const {code, err, json} = await tandem(['replay', capture, '-c', migration('quotes', path), '--runs', bench.at('runs'), '--no-twin', '--json'], {temporary: bench.temporary, cwd: bench.path});
    const {parity} = json<{parity: {outputs: number; matched: number; byClass: object; groups: readonly {path: string; rootCount: number; count: number}[]}}>();
    expect(parity, err).toMatchObject({outputs: 2 * COUNT, matched: 1.5 * COUNT, byClass: {value: COUNT / 2}});
    // answers do not repeat the desk: it is that of the request, and its first difference is the only root
    expect(parity.groups.map(({path: field, rootCount, count}) => [field, rootCount, count])).toEqual([['/price', 1, COUNT / 2]]);
    expect(code).toBe(10);
    const gate = await tandem(['gate', '--runs', bench.at('runs'), '--json'], {temporary: bench.temporary, cwd: bench.path});
    expect(gate.json().error, gate.err).toMatchObject({id: 'TDM-E115', fix: expect.stringMatching(/^add: -c .*quotes\.ts$/) as string});
  });

  it('is told when its interpreter cannot be used', async () => {
    const loaded = await loadConfig(migration('no-python', '.venv/bin/none'));
    await expect(planMigration(loaded, {twin: false, say: () => undefined})).rejects.toMatchObject({detail: {id: 'TDM-E296', kind: 'usage', what: expect.stringContaining('.venv/bin/none') as string}});
  });

  it('gets no orders of the example, and no run of it is judged by another migration', async () => {
    const loaded = await loadConfig(migration('other', 'python3'));
    expect(() => { refuseExampleTraffic(loaded, null); }).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E117'}) as unknown}));
    refuseExampleTraffic(loaded, 'captures/day');
    await expect(migrationOfRun(loaded.file, {command: ['tandem', 'demo'], migration: 'order-path', runId: 'r'})).rejects.toMatchObject({detail: {id: 'TDM-E116', seen: expect.stringContaining("'quotes'") as string}});
    expect((await migrationOfRun(null, {command: ['tandem', 'demo'], migration: 'order-path', runId: 'r'})).config.name).toBe('order-path');
  });

  const cause = (selector: Pick<CauseSelector, 'kind' | 'input' | 'output'>): Migration => ({cause: {...selector, partition: '/desk'}, codec: 'json', configFile: 'x.ts'}) as unknown as Migration;
  const look = (selector: Parameters<typeof cause>[0], first: Uint8Array = request(1)): Promise<void> => refuseUnpairable(cause(selector), memoryInputs([{inputSeq: 1, recordedNs: 0, payload: first, frames: null}]), new AbortController().signal);

  it.each([
    [{kind: 'sequence', input: '/correlation_id', output: '/x'}, /holds "c-1"/, /match\.cause counts/, /by: \{input/],
    [{kind: 'key', input: '/correlationId', output: '/x'}, /\/correlation_id \/desk \/qty/, /\/correlation_id is meant/, /pointer/],
  ] as const)('is told before a replay that inputs cannot be paired: %o', async (selector, seen, likely, fix) => {
    await expect(look(selector)).rejects.toMatchObject({detail: {id: 'TDM-E118', seen: expect.stringMatching(seen) as string, likely: expect.stringMatching(likely) as string, fix: expect.stringMatching(fix) as string}});
  });

  it('is left alone when inputs can be paired, or are too odd to say', async () => {
    await look({kind: 'key', input: '/correlation_id', output: '/x'});
    await look({kind: 'sequence', input: '/qty', output: '/x'});
    await look({kind: 'sequence', input: '/qty', output: '/x'}, Buffer.from('{"half":'));
  });

  it('is told after a run that no output named an input', () => {
    const after = (output: string, {matched = 0, path = ''} = {}): unknown => unpairedOutputs(cause({kind: 'key', input: '/correlation_id', output}), {evidence: {parity: {outputs: 2, matched, groups: [{path, examples: [{expected: null, actual: '{"reply_to":"c-1","ok":true}'}]}]}}} as unknown as SessionOutcome);
    expect(after('/replyTo')).toMatchObject({id: 'TDM-E119', seen: 'its fields are /reply_to /ok', likely: '/reply_to is meant'});
    expect(after('/reply_to')).toBeNull();
    expect(after('/replyTo', {matched: 1})).toBeNull();
    expect(after('/replyTo', {path: '/price'})).toBeNull();
  });
});
