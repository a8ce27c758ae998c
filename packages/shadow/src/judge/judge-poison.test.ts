import type {Evidence} from '@tandem/contract';
import {describe, expect, it} from 'vitest';
import {basisOf, demands, goodEvidence} from './fixtures/good-evidence.ts';
import {judge} from './judge.ts';

type Json = number | string | boolean | null | readonly Json[] | {readonly [key: string]: Json};

/** Every number of the evidence replaced in turn. */
function* withEachNumberReplaced(value: Json, by: number | null, path = ''): Generator<{readonly path: string; readonly changed: Json}> {
  if (typeof value === 'number') yield {path, changed: by};
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    for (const inner of withEachNumberReplaced(member as Json, by, `${path}/${key}`)) {
      const changed = Array.isArray(value) ? value.map((old: Json, index) => (String(index) === key ? inner.changed : old)) : {...value, [key]: inner.changed};
      yield {path: inner.path, changed: changed as Json};
    }
  }
}

describe('evidence with a figure that is not a number', () => {
  // NaN as it stands in memory, null as JSON writes it.
  it.each([Number.NaN, null, -1])('never passes (%s)', (by) => {
    const good = goodEvidence();
    const short = {...good, resources: good.resources.map((entry) => ({...entry, samples: entry.samples.filter((_, index) => index % 6 === 0)}))};
    expect(judge(short, demands(), basisOf()).outcome).toBe('pass');
    const stored = JSON.parse(JSON.stringify(short)) as Json;
    const passed: string[] = [];
    for (const {path, changed} of withEachNumberReplaced(stored, by)) {
      if (judge(changed as unknown as Evidence, demands(), basisOf()).outcome === 'pass') passed.push(path);
    }
    // Null has a meaning in these; -1 is a legal exit code and slope.
    const meant = by === null
      ? /(ratePerSecond|rssSlopeBytesPerHour|runQueueWaitShare|pssBytesMax|stealShare|exitCode|intervalsNs\/[^/]+\/1)$/
      : /(rssSlopeBytesPerHour|exitCode)$/;
    expect(passed.filter((path) => Number.isNaN(by) || !meant.test(path))).toEqual([]);
  });
});
