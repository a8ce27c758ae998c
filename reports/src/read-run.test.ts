import {execFileSync} from 'node:child_process';
import {readFileSync, rmSync, symlinkSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {removeTemporaryRuns, rewrite, smallRun, temporaryRun} from '../test/temporary-run.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import {readRun} from './read-run.ts';

afterAll(removeTemporaryRuns);

const json = (folder: string, name: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
const failureOf = (folder: string): TandemError['detail'] => {
  try {
    readRun(folder);
  } catch (error) {
    if (error instanceof TandemError) return error.detail;
    throw error;
  }
  throw new Error('it was read');
};

describe('a whole run', () => {
  it('is read with its evidence verified', () => {
    const run = readRun(temporaryRun());
    expect(run.incomplete).toEqual([]);
    expect(shownVerdict(run)).toMatchObject({outcome: 'fail', evidenceVerified: true, loweredBecause: null});
    expect(run.laneStats.candidate).toContainEqual(['scavenges', 590]);
  });
  it('may hold members that a later minor version added', () => {
    const folder = temporaryRun();
    rewrite(folder, 'manifest.json', JSON.stringify({...json(folder, 'manifest.json'), formatVersion: '1.7', added: {deep: [1]}}));
    expect(readRun(folder).incomplete).toEqual([]);
  });
});

describe('a version that is not known', () => {
  it.each(['2.0', '0.9', '1', 'x', '', null])('%s in the manifest is refused', (formatVersion) => {
    const folder = temporaryRun();
    rewrite(folder, 'manifest.json', JSON.stringify({...json(folder, 'manifest.json'), formatVersion}));
    expect(failureOf(folder)).toMatchObject({id: 'TDM-E602', kind: 'usage'});
  });
  it('in the result is refused too', () => {
    const folder = temporaryRun();
    rewrite(folder, 'result.json', JSON.stringify({...json(folder, 'result.json'), formatVersion: '2.0'}));
    expect(failureOf(folder).id).toBe('TDM-E602');
  });
});

describe('a partial run', () => {
  it('without a manifest is no run', () => expect(failureOf(join(temporaryRun(), 'nowhere'))).toMatchObject({id: 'TDM-E601', kind: 'usage'}));
  it('without a result has no verdict', () => {
    const folder = temporaryRun();
    rmSync(join(folder, 'result.json'));
    const run = readRun(folder);
    expect(shownVerdict(run).outcome).toBe('no-data');
    expect(run.incomplete.join()).toMatch(/nothing was judged/);
  });
  it('without evidence shows no pass', () => {
    const folder = temporaryRun(smallRun('pass'));
    rmSync(join(folder, 'evidence.json'));
    expect(shownVerdict(readRun(folder)).outcome).toBe('no-data');
  });
  it('cut in the middle of its evidence is read and says so', () => {
    const folder = temporaryRun(smallRun('pass'));
    truncateSync(join(folder, 'evidence.json'), 700);
    const run = readRun(folder);
    expect(run.evidence).toBeNull();
    expect(run.incomplete.join()).toMatch(/evidence.json is not complete JSON/);
    expect(shownVerdict(run).outcome).toBe('error');
  });
  it('that never finished lowers a pass', () => {
    const folder = temporaryRun(smallRun('pass'));
    rewrite(folder, 'manifest.json', JSON.stringify({...json(folder, 'manifest.json'), complete: false}));
    expect(shownVerdict(readRun(folder))).toMatchObject({outcome: 'inconclusive', loweredBecause: 'the run ended before it was complete'});
  });
});

describe('an edited run', () => {
  it('whose evidence changed by one byte is an error, not a pass', () => {
    const folder = temporaryRun(smallRun('pass'));
    rewrite(folder, 'evidence.json', `${readFileSync(join(folder, 'evidence.json'), 'utf8')} `);
    expect(shownVerdict(readRun(folder))).toMatchObject({outcome: 'error', evidenceVerified: false});
  });
  it('whose result belongs to another run is an error', () => {
    const folder = temporaryRun(smallRun('pass'));
    rewrite(folder, 'result.json', JSON.stringify({...json(folder, 'result.json'), runId: 'other'}));
    expect(shownVerdict(readRun(folder)).outcome).toBe('error');
  });
  it('whose result says pass over a failed gate is shown as failed', () => {
    const folder = temporaryRun();
    const result = json(folder, 'result.json') as {verdict: object};
    rewrite(folder, 'result.json', JSON.stringify({...result, verdict: {...result.verdict, outcome: 'pass'}}));
    expect(shownVerdict(readRun(folder))).toMatchObject({outcome: 'fail', loweredBecause: 'a gate says fail while the result says pass'});
  });
});

describe('hostile content', () => {
  const damaged = (evidence: string): readonly string[] => {
    const folder = temporaryRun();
    rewrite(folder, 'evidence.json', evidence);
    return readRun(folder).incomplete;
  };
  it.each([
    ['a depth bomb', '['.repeat(100_000), /deeper than 64/], ['a number beyond range', '{"messages":1e999}', /\/messages is not/], ['an array', '[]', /not an object/],
    ['text for a number', '{"messages":"5"}', /\/messages is not/], ['a negative count', '{"messages":-1}', /\/messages/], ['bytes that are no UTF-8', '\u0000', /not complete JSON/], ['null', 'null', /not an object/],
  ])('%s is reported, never thrown', (_, evidence, what) => expect(damaged(evidence).join('\n')).toMatch(what));
  it('brackets inside strings are no depth', () => expect(damaged(`{"x":"${'['.repeat(500)}"}`).join()).toMatch(/\/messages/));
  it('__proto__ as a name is a name like any other', () => {
    const folder = temporaryRun();
    const evidence = readFileSync(join(folder, 'evidence.json'), 'utf8').replace('"ruleHits":{', '"ruleHits":{"__proto__":3,"constructor":4,');
    rewrite(folder, 'evidence.json', evidence);
    const hits = readRun(folder).evidence?.parity?.ruleHits ?? {};
    expect(Object.entries(hits)).toContainEqual(['__proto__', 3]);
    expect(Object.entries(hits)).toContainEqual(['constructor', 4]);
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
  });
  it('a link in the place of a file is not followed', () => {
    const folder = temporaryRun();
    rmSync(join(folder, 'evidence.json'));
    symlinkSync('/etc/hostname', join(folder, 'evidence.json'));
    expect(readRun(folder).incomplete.join()).toMatch(/evidence.json is a symbolic link/);
  });
  it('a pipe in the place of a file does not hold the reader', () => {
    const folder = temporaryRun();
    rmSync(join(folder, 'evidence.json'));
    execFileSync('mkfifo', [join(folder, 'evidence.json')]);
    expect(readRun(folder).incomplete.join()).toMatch(/not a regular file/);
  });
  it('long texts and lists are cut, and the cut is told', () => {
    const run = smallRun();
    const group = run.evidence.parity?.groups[0];
    if (group === undefined || run.evidence.parity === null) throw new Error('fixture without groups');
    const groups = Array.from({length: 1500}, (_, n) => ({...group, fingerprint: `f${n}`, title: 'x'.repeat(5000), examples: []}));
    const read = readRun(temporaryRun({...run, evidence: {...run.evidence, parity: {...run.evidence.parity, groups}}}));
    expect(read.evidence?.parity?.groups.length).toBe(1000);
    expect(read.evidence?.parity?.groups[0]?.title.length).toBeLessThan(400);
    expect(read.shortened.join()).toMatch(/500 more entries/);
  });
  it('bad lines of a timeline are counted, good ones kept', () => {
    const folder = temporaryRun();
    execFileSync('mkdir', ['-p', join(folder, 'canary')]);
    const good = {tWallMs: 1, kind: 'kill', stage: 'HALTED', share: 0.1, action: 'a', reason: 'r', released: 1, suppressed: 0};
    rewrite(folder, 'canary/timeline.jsonl', `${JSON.stringify(good)}\n{"half":\n${JSON.stringify({...good, kind: 'bribe'})}\n`);
    const run = readRun(folder);
    expect(run.timeline.length).toBe(1);
    expect(run.incomplete.join()).toMatch(/2 unreadable lines/);
  });
});
