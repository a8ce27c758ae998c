import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import type {CodecSpec, RedactPlan} from '@tandem/contract';
import {describe, expect, test} from 'vitest';
import {findProgram} from '../../python-probe.ts';
import {allBut, faultsOf, hiddenCopy, listed, textOf} from './fixtures/hidden-copy.ts';

const pickle: CodecSpec = {name: 'pickle', keys: 'strict'};
const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const python = findProgram('python3', process.env['PATH']);
const corpus = ['python-values', 'numpy-values'].flatMap((name) => gunzipSync(readFileSync(join(FIXTURES, `${name}.jsonl.gz`))).toString('utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as {name: string; protocol?: number; octets: string; text: string}).filter(({protocol}) => protocol !== undefined);
/** what Python 3.11's datetime gives for a class-less reader */
const own = corpus.filter(({name}) => !name.includes('numpy'));
const PLANS: readonly (readonly [string, RedactPlan])[] = [
  ['everything', allBut()], ['every second element', listed('/0', '/2', '/4', '/k0', '/k2', '/f1', '/a')], ['state of objects', listed('/**/$state')], ['inside of lists', listed('/*/*')],
  ['octets', listed('/**/$bytes')], ['all but the first', allBut('/0', '/0/**')], ['keys that are no text', listed('/$map/*/0')], ['arguments', listed('/**/$args/0')], ['calls', listed('/**/$value', '/**/$datetime', '/**/$decimal')],
];
const dumps = (program: string): Buffer[] => execFileSync(python ?? '', ['-I', '-c', `import pickle, base64, datetime, decimal, enum, uuid, sys\ndef out(value, *protocols):\n    for p in protocols or range(6): print(base64.b64encode(pickle.dumps(value, p)).decode())\n${program}`], {encoding: 'utf8'})
  .trim().split('\n').map((line) => Buffer.from(line, 'base64'));

describe('pickles in which something is hidden', () => {
  test.each(PLANS)('%s: tags there, everything else as it was, and nothing has to be hidden whole', (title, plan) => {
    // one list in two places is hidden in both
    const wrong = corpus.filter(({name}) => name !== 'shared' || (title !== 'all but the first' && title !== 'every second element')).flatMap(({name, protocol, octets}) => {
      const before = Buffer.from(octets, 'base64');
      const {text, whole} = hiddenCopy(pickle, plan, before);
      if (whole > 0) return [`${name} ${protocol}: hidden whole`];
      return faultsOf(lenient(textOf(pickle, [before])), lenient(text), plan).map((fault) => `${name} ${protocol}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });

  test.skipIf(python === null)('are loaded by both readers of Python, which see what is decoded here', () => {
    // one reader of a class needs its argument to be what it was
    const copies = PLANS.filter(([name]) => name !== 'arguments').flatMap(([, plan]) => own.map(({name, protocol, octets}) => ({name: `${name} ${protocol}`, ...hiddenCopy(pickle, plan, Buffer.from(octets, 'base64'))})));
    const seen = execFileSync(python ?? '', [join(import.meta.dirname, 'fixtures/read_pickles.py'), FIXTURES], {encoding: 'utf8', maxBuffer: 1e9, input: copies.map(({octets}) => `${Buffer.from(octets).toString('base64')}\n`).join('')}).trim().split('\n');
    expect(seen.length).toBe(copies.length);
    expect(copies.filter(({text}, index) => seen[index] !== text).slice(0, 3).map(({name, text}) => ({name, text, seen: seen[copies.findIndex((one) => one.text === text)]}))).toEqual([]);
  }, 60_000);

  test.skipIf(python === null)('a text that the memo shares is looked at where it is used', () => {
    for (const octets of dumps('s = "A-4711"; out({"account": s, "note": s, "A-4711": 1, "again": [s, s]})')) {
      const {text} = hiddenCopy(pickle, listed('/account'), octets);
      expect(JSON.parse(text)).toEqual({account: expect.stringMatching(/^red_/) as string, note: 'A-4711', 'A-4711': 1, again: ['A-4711', 'A-4711']});
      const {text: other} = hiddenCopy(pickle, listed('/note', '/again/1'), octets);
      expect(JSON.parse(other)).toEqual({account: 'A-4711', note: expect.stringMatching(/^red_/) as string, 'A-4711': 1, again: ['A-4711', expect.stringMatching(/^red_/) as string]});
    }
  });

  test.skipIf(python === null)('what a hidden value built for others is built there again: zones, classes, names', () => {
    const copies: string[] = [];
    for (const octets of dumps('z = datetime.timezone(datetime.timedelta(hours=2)); a = datetime.datetime(2024, 1, 2, tzinfo=z); b = datetime.datetime(2025, 1, 2, tzinfo=z); out({"a": a, "b": b, "u": [uuid.UUID(int=7), uuid.UUID(int=8)], "d": [decimal.Decimal("1.5"), decimal.Decimal("2.5")]})')) {
      const {text, whole, octets: copy} = hiddenCopy(pickle, listed('/a', '/u/0', '/d/0'), octets);
      expect(whole).toBe(0);
      const value = JSON.parse(text) as {a: string; b: unknown; u: [unknown, {$state: {int: number}}]; d: [string, unknown]};
      expect(value.a).toMatch(/^red_/);
      expect(value.b).toEqual({$datetime: '2025-01-02T00:00:00+02:00'});
      expect(value.u[1].$state.int).toBe(8);
      expect([value.d[0], value.d[1]]).toEqual([expect.stringMatching(/^red_/), {$decimal: '2.5'}]);
      copies.push(Buffer.from(copy).toString('base64'));
    }
    const seen = execFileSync(python ?? '', ['-I', '-c', 'import base64,pickle,sys\nfor line in sys.stdin:\n    v = pickle.loads(base64.b64decode(line)); print(v["b"], v["u"][1], v["d"][1])'], {input: copies.join('\n'), encoding: 'utf8'}).trim().split('\n');
    expect(seen).toEqual(copies.map(() => '2025-01-02 00:00:00+02:00 00000000-0000-0000-0000-000000000008 2.5'));
    expect(seen.length).toBe(6);
  });

  test('what cannot be followed is hidden whole', () => {
    const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
    // a list that is made inside a hidden call and used, partly hidden, outside of it; a text that is dropped; one that is doubled; one added from outside
    for (const [name, octets] of [
      ['used outside', Buffer.from('(cshop\nPair\n((lp1\nS\'x\'\natR(dp2\nS\'k\'\ng1\nst.')], ['dropped', hex('58 01000000 61 30 4e 2e')], ['doubled', hex('58 01000000 61 32 86 2e')], ['changed from outside', hex('5d 71 00 5d 68 00 4e 61 61 2e')],
      ['no pickle', Buffer.from('secret')], ['cut off', hex('80 04 8c 06 73 65')],
    ] as const) {
      const {text, whole, octets: copy} = hiddenCopy(pickle, listed('/0', '/1/k'), octets);
      expect([name, whole, text]).toEqual([name, 1, expect.stringMatching(/^\{"\$\$redacted":"red_[\w-]{22}","\$\$octets":\d+\}$/)]);
      expect(Buffer.from(copy).includes('secret')).toBe(false);
    }
  });
});

/** NaN and Infinity are no JSON to the engine. */
const lenient = (text: string): unknown => JSON.parse(text.replace(/(?<=^|[[,:])(-?Infinity|NaN)(?=$|[,\]}])/gu, 'null').replace(/(?<=^|[[,:])-?\d[\d.e+-]*(?=$|[,\]}])/gu, (number) => (/^-?\d{1,15}$/u.test(number) ? number : JSON.stringify(number)))) as unknown;
