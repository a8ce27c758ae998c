import fc from 'fast-check';
import {createHash} from 'node:crypto';
import {afterAll, describe, expect, it} from 'vitest';
import {removeTemporaryRuns, rewrite, smallRun, temporaryRun} from '../test/temporary-run.ts';
import {readRun} from './read-run.ts';
import {REPORT_FORMATS, renderReport} from './render-report.ts';
import type {ReportFormat} from './render-report.ts';

const SEED = 20261120;
const DEEP = process.env['TANDEM_DEEP'] === '1';
const RUNS = DEEP ? 3000 : 25;
const BUDGET_MS = DEEP ? 240_000 : 20_000;

type Json = number | string | boolean | null | readonly Json[] | {readonly [key: string]: Json};

const NUMBERS = [0, 1, -1, 0.5, 1e-9, 1e15, 1e300, 2 ** 53, 9.99];

/** Walks to the n-th value of the document and puts something else in its place. */
const mutate = (document: Json, at: number, pick: number): Json => {
  let seen = -1;
  const instead = (value: Json): Json => {
    if (typeof value === 'number') return NUMBERS[pick % NUMBERS.length] ?? 0;
    if (Array.isArray(value)) return pick % 2 === 0 ? [] : value.slice(0, 1);
    if (typeof value === 'string') return ['', '0', '</script>', value.slice(1)][pick % 4] ?? '';
    return pick % 3 === 0 ? null : value;
  };
  const walk = (value: Json): Json => {
    if (++seen === at) return instead(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
    return value;
  };
  return walk(document);
};

/** The n-th value in the order in which `mutate` counts. */
const valueAt = (document: Json, at: number): Json => {
  let seen = -1;
  let found: Json = null;
  const walk = (value: Json): void => {
    if (++seen === at) found = value;
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) walk(member);
  };
  walk(document);
  return found;
};

const sizeOf = (value: Json): number => (typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1) : 1);

afterAll(removeTemporaryRuns);

describe(`evidence with any value changed, seed ${SEED}, ${RUNS} runs`, () => {
  const run = smallRun('pass');
  // few samples, so that a change is likely to fall on a figure that a report shows
  const lean = {...run, evidence: {...run.evidence, resources: run.evidence.resources.map((lane) => ({...lane, samples: lane.samples.slice(0, 3)}))}};
  const evidence = JSON.parse(JSON.stringify(lean.evidence)) as Json;
  const folder = temporaryRun(lean);
  const size = sizeOf(evidence);

  const write = (document: Json): void => {
    const text = JSON.stringify(document);
    rewrite(folder, 'evidence.json', text);
    const result = {formatVersion: '1.0', runId: run.manifest.runId, exitCode: 0, verdict: {...run.verdict, evidenceHash: createHash('sha256').update(text).digest('hex')}};
    rewrite(folder, 'result.json', JSON.stringify(result));
  };
  const noneIn = (format: ReportFormat): string | null => {
    const page = new TextDecoder().decode(renderReport(folder, {format}).bytes).replace(/<script[\s\S]*?<\/script>/g, '');
    return /.{0,40}\b(?:NaN|undefined|Infinity)\b.{0,40}/.exec(page)?.[0] ?? null;
  };

  it('renders with each figure in turn at 0', () => {
    const wrong: string[] = [];
    // each kind of figure once, and no histograms, whose decoding is tried elsewhere: a page takes time
    const latency = lean.evidence.latency.filter((entry) => entry.kind === 'response' && entry.lane !== 'twin').map((entry) => ({...entry, histogram: ''}));
    const plain = JSON.parse(JSON.stringify({...lean.evidence, floor: null, latency, resources: lean.evidence.resources.slice(0, 2), lanes: lean.evidence.lanes.slice(0, 1)})) as Json;
    const plainSize = sizeOf(plain);
    for (let at = 0; at < plainSize; at++) {
      if (typeof valueAt(plain, at) !== 'number') continue;
      write(mutate(plain, at, 0));
      const none = noneIn('html');
      if (none !== null) wrong.push(`${at}: ${none}`);
    }
    expect(wrong).toEqual([]);
  }, BUDGET_MS + 60_000);

  it('renders in every format, with no figure that is none', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(size - 1), fc.nat(100)), {minLength: 1, maxLength: 4}), (changes) => {
      write(changes.reduce<Json>((document, [at, pick]) => mutate(document, at, pick), evidence));
      expect(() => readRun(folder)).not.toThrow();
      for (const format of REPORT_FORMATS) expect(noneIn(format), format).toBeNull();
    }), {seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS});
  }, BUDGET_MS + 60_000);
});
