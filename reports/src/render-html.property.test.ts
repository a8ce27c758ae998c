import fc from 'fast-check';
import {createHash} from 'node:crypto';
import {afterAll, describe, expect, it} from 'vitest';
import {removeTemporaryRuns, rewrite, smallRun, temporaryRun} from '../test/temporary-run.ts';
import {readRun} from './read-run.ts';
import {REPORT_FORMATS, renderReport} from './render-report.ts';

const SEED = 20261120;
const DEEP = process.env['TANDEM_DEEP'] === '1';
const RUNS = DEEP ? 3000 : 60;
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

const sizeOf = (value: Json): number => (typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1) : 1);

afterAll(removeTemporaryRuns);

describe(`evidence with any value changed, seed ${SEED}, ${RUNS} runs`, () => {
  const run = smallRun('pass');
  // few samples, so that a change is likely to fall on a figure that a report shows
  const lean = {...run, evidence: {...run.evidence, resources: run.evidence.resources.map((lane) => ({...lane, samples: lane.samples.slice(0, 4)}))}};
  const evidence = JSON.parse(JSON.stringify(lean.evidence)) as Json;
  const folder = temporaryRun(lean);
  const size = sizeOf(evidence);

  it('renders in every format, with no figure that is none', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(size - 1), fc.nat(100)), {minLength: 1, maxLength: 4}), (changes) => {
      const text = JSON.stringify(changes.reduce<Json>((document, [at, pick]) => mutate(document, at, pick), evidence));
      rewrite(folder, 'evidence.json', text);
      const result = {formatVersion: '1.0', runId: run.manifest.runId, exitCode: 0, verdict: {...run.verdict, evidenceHash: createHash('sha256').update(text).digest('hex')}};
      rewrite(folder, 'result.json', JSON.stringify(result));
      expect(() => readRun(folder)).not.toThrow();
      for (const format of REPORT_FORMATS) {
        const page = new TextDecoder().decode(renderReport(folder, {format}).bytes).replace(/<script[\s\S]*?<\/script>/g, '');
        const none = /.{0,40}\b(?:NaN|undefined|Infinity)\b.{0,40}/.exec(page);
        expect(none?.[0] ?? null, format).toBeNull();
      }
    }), {seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS});
  }, BUDGET_MS + 60_000);
});
