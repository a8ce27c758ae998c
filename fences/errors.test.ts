import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ids with one meaning that several files tell, each because it sees another side of the same thing. */
const SHARED: Readonly<Record<string, string>> = {
  'TDM-E100': 'an unknown command and an unknown flag are refused by different parts of oclif',
  'TDM-E104': 'flags with a unit share one form, --speed has its own',
  'TDM-E107': 'the folder of a capture, and the one of the log of a live canary',
  'TDM-E123': 'a canary over hidden values, and one that would have to hide them',
  'TDM-E201': 'an address that cannot be read, and one that cannot be connected to',
  'TDM-E202': 'zeromq and our own ZMTP refuse a bind off loopback',
  'TDM-E203': 'a tcp port in use and a unix socket in use',
  'TDM-E210': 'zeromq and our own ZMTP cannot bind',
  'TDM-E231': 'a lane that is stopped and the feeding that is stopped',
  'TDM-E232': 'misuse of a lane by the harness itself',
  'TDM-E255': 'a defect that the gate finds, and one that ends it',
  'TDM-E282': 'nothing comes through a passive tap, and through a wire tap',
  'TDM-E283': 'a passive tap and a wire tap that end before a message came',
  'TDM-E401': 'arguments of the engine that cannot be read, and ones that cannot be had',
};

const WHOSE: Readonly<Record<string, string>> = {usage: 'yours', environment: 'machine', lane: 'lane', invariant: 'tandem', cancel: 'stopped'};

interface Use {
  readonly id: string;
  readonly file: string;
  /** null where the literal does not stand beside its id */
  readonly kind: string | null;
}

/** Ids that a source tells: as a literal. One that only a comment names, or that is compared with, tells nothing. */
const usesIn = (file: string, text: string): Use[] => [...text.matchAll(/(=== )?'(TDM-E\d{3})'(?:,\s*kind: '(\w+)')?/g)].filter(([, compared]) => compared === undefined)
  .map(([, , id, kind]) => ({id: id ?? '', file, kind: kind ?? null}));

const folders = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`), 'reports/src'].filter((folder) => existsSync(join(root, folder)));
const sources = folders.flatMap((folder) => readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'}).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('/fixtures/'));
const uses = sources.flatMap((file) => usesIn(file, readFileSync(join(root, file), 'utf8')));
const page = [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| (TDM-E\d{3}) \| (\w+) \| (.+) \| (.+) \|$/gm)].map(([, id, whose, meaning, next]) => ({id, whose, meaning, next}));

/** Ids that more than one file tells without being listed as shared. */
const clashes = (all: readonly Use[]): string[] => {
  const files = new Map<string, Set<string>>();
  for (const {id, file} of all) files.set(id, (files.get(id) ?? new Set()).add(file));
  return [...files].filter(([id, at]) => at.size > 1 && !(id in SHARED)).map(([id, at]) => `${id}: ${[...at].sort().join(', ')}`);
};

describe('ids of errors', () => {
  it('sees the ids that there are', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(new Set(uses.map(({id}) => id)).size).toBeGreaterThan(90);
    expect(usesIn('x.ts', "throw new TandemError({id: 'TDM-E999', kind: 'usage', what: ''}) // TDM-E998, === 'TDM-E997'")).toEqual([{id: 'TDM-E999', file: 'x.ts', kind: 'usage'}]);
  });

  it('each has one meaning: one file tells it, unless it is listed as shared', () => {
    expect(clashes(uses)).toEqual([]);
    expect(clashes([...uses, {id: 'TDM-E101', file: 'planted.ts', kind: null}])).toHaveLength(1);
    const told = new Map(Object.keys(SHARED).map((id) => [id, new Set(uses.filter((use) => use.id === id).map(({file}) => file)).size]));
    expect([...told].filter(([, count]) => count < 2).map(([id]) => `${id} is not shared any more`)).toEqual([]);
  });

  it('each stands once in docs/errors.md, and nothing else does', () => {
    const known = new Set(uses.map(({id}) => id));
    const written = page.map(({id}) => id ?? '');
    expect([...known].filter((id) => !written.includes(id)).sort(), 'not in the page').toEqual([]);
    expect(written.filter((id) => !known.has(id)), 'not in the code').toEqual([]);
    expect(written.filter((id, at) => written.indexOf(id) !== at), 'twice in the page').toEqual([]);
  });

  it('the page says whose fault it is as the code does', () => {
    const whose = new Map(page.map((row) => [row.id, row.whose]));
    const wrong = uses.filter(({id, kind}) => kind !== null && WHOSE[kind] !== whose.get(id)).map(({id, kind, file}) => `${id}: ${file} says ${kind}, the page ${whose.get(id)}`);
    expect(wrong).toEqual([]);
    expect(uses.filter(({kind}) => kind !== null).length).toBeGreaterThan(70);
  });
});
