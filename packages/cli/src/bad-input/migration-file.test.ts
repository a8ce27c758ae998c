import type {TandemError} from '@tandem/contract';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {loadConfig} from '../config/load-config.ts';
import {planMigration} from '../session-plan.ts';
import {BenchFolder, orders} from './fixtures/bench-folder.ts';
import {unsafeFor} from './fixtures/reading-runs.ts';
import {tandem} from './fixtures/tandem-process.ts';

interface Refusal {
  readonly error: {readonly id: string; readonly kind: string; readonly what: string; readonly where: string; readonly seen?: string; readonly likely?: string; readonly fix: string};
}

describe('a migration file that cannot be used', {timeout: 60_000}, () => {
  const bench = new BenchFolder('.ts');
  let capture = '';
  beforeAll(async () => { capture = await bench.capture('capture', orders(5)); });
  afterAll(() => {
    // what never ran leaves nothing
    expect(bench.runFolders('runs')).toEqual([]);
    expect(bench.leftBehind()).toEqual([]);
    bench.remove();
  });

  const refusal = async (file: string): Promise<Refusal['error'] & {code: number | null; err: string}> => {
    const {code, err, json} = await tandem(['replay', capture, '-c', file, '--runs', bench.at('runs'), '--json'], {temporary: bench.temporary});
    return {...json<Refusal>().error, code, err};
  };
  const edited = (from: string | RegExp, to: string): string => bench.migration({edit: (text) => text.replace(from, to)});
  const CANDIDATE = /candidate: python\(.*\n/;

  it.concurrent.each([
    ['is not there', () => bench.at('nope.ts'), 'TDM-E101', /nope\.ts$/, /does not exist/],
    ['is broken TypeScript', () => edited('match: {', 'match: {{{'), 'TDM-E102', /\.ts:7$/, /Unexpected token/],
    ['throws', () => edited("name: 'bad-input'", "name: (() => { throw new Error('evil \\u001b[2J'); })()"), 'TDM-E102', /\.ts:3$/, /evil/],
    ['has an unknown key', () => edited('gates:', 'gate:'), 'TDM-E103', /\.ts:9 {2}gate: unknown key "gate", did you mean "gates"\?$/, /tandem help config/],
  ] as const)('%s', async (_name, file, id, where, words) => {
    const {code, err, ...error} = await refusal(file());
    expect(error).toMatchObject({id, kind: 'usage', where: expect.stringMatching(where) as string, fix: expect.stringMatching(/\S/) as string});
    expect(Object.values(error).join('\n')).toMatch(words);
    expect(code).toBe(2);
    expect(err).toContain(id);
    expect(unsafeFor(err)).toEqual([]);
  });

  it('is refused a canary when its outputs are not JSON', async () => {
    const file = bench.migration({edit: (text) => text.replace("name: 'bad-input',", "name: 'bad-input', codec: {kind: 'codec', name: 'raw'},")});
    const {code, json, err} = await tandem(['canary', 'plan', '-c', file, '--json'], {temporary: bench.temporary});
    expect(json<Refusal>().error, err).toMatchObject({id: 'TDM-E114', kind: 'usage', seen: 'codec raw'});
    expect(code).toBe(2);
  });

  it('names a program that is not there', async () => {
    const loaded = await loadConfig(edited(CANDIDATE, "candidate: node('nowhere.js'),\n"));
    await expect(planMigration(loaded, {twin: false, say: () => undefined})).rejects.toMatchObject({detail: {id: 'TDM-E105', kind: 'usage', where: expect.stringMatching(/\.ts:6$/) as string, seen: 'nowhere.js'}});
  });

  it.each([
    ['is a folder', () => bench.path, 'TDM-E101', /tandem-bad/, /does not exist/],
    ['has another extension', () => bench.write('oms.yaml', 'x'), 'TDM-E101', /oms\.yaml$/, /use one of \.ts/],
    ['is no text', () => bench.write('octets.ts', Buffer.from([0, 1, 2, 255])), 'TDM-E102', /octets\.ts/, /./],
    ['is broken JSON', () => bench.write('broken.json', '{"name": "x",\n "input": }'), 'TDM-E102', /broken\.json:2$/, /Unexpected token '}'/],
    ['is no object', () => bench.write('list.json', '[1, 2]'), 'TDM-E103', /list\.json {2}the file: /, /expected object/],
    ['imports what is not there', () => edited('/index.ts', '/indx.ts'), 'TDM-E102', /\.ts:1$/, /Cannot find module|does the file exist/],
    ['misspells a builder', () => edited('decimal()', 'decimall()'), 'TDM-E102', /\.ts:8$/, /"decimall" is meant to be "decimal"/],
    ['has an unknown key deep inside', () => edited('minMessages', 'minMesages'), 'TDM-E103', /\.ts:9 {2}gates\.minMesages: .*did you mean "minMessages"\?$/, /correct these lines/],
    ['has a rule path that is none', () => edited("'/price'", "'price'"), 'TDM-E103', /\.ts:8 {2}compare\.price: expected a path such as "\/price"/, /correct these lines/],
    ['names an unknown hot path', () => edited(CANDIDATE, "candidate: {...node('x'), runtime: 'engine', script: 'oder'},\n"), 'TDM-E103', /\.ts:6 .*did you mean "order"\?/, /correct these lines/],
    ['writes a time without a unit', () => edited(/candidate: python\('(.*?)', \{/, "candidate: python('$1', {readyWithin: '60', "), 'TDM-E103', /\.ts:6 {2}candidate\.readyWithin: .*"60s"$/, /correct these lines/],
  ] as const)('%s (without the program)', async (_name, file, id, where, words) => {
    const refused = await loadConfig(file()).then(() => null, (error: unknown) => (error as TandemError).detail);
    expect(refused).toMatchObject({id, kind: 'usage', where: expect.stringMatching(where) as string, fix: expect.stringMatching(/\S/) as string});
    expect(Object.values(refused ?? {}).join('\n')).toMatch(words);
  });

  it.concurrent.each(['process.exit(0);', 'await new Promise(() => {});'])('never counts as a pass when it is code that does not come back: %s', async (line) => {
    const file = bench.migration({edit: (text) => `${line}\n${text}`});
    const {code, err, out} = await tandem(['replay', capture, '-c', file, '--runs', bench.at('runs')], {temporary: bench.temporary});
    expect(code).toBe(2);
    expect(err).toMatch(/TDM-E145[\s\S]*process\.exit/);
    expect(out).toBe('');
  });

});
