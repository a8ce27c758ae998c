import {beforeAll, describe, expect, test} from 'vitest';
import type {Feature} from './feature.ts';
import {openEmitted, runModule, type Columns} from './fixtures/run-features.ts';
import {isSharedThere, sharedText, titled} from './fixtures/shared-data.ts';
import {TULIP, tulipFeatures} from './fixtures/tulip-features.ts';

// Expected values of TulipCharts/tulipindicators, three digits behind the point.
const PATH = 'tulip/untest.txt';

interface Case {readonly name: string; readonly options: readonly number[]; readonly given: readonly (readonly number[])[]; readonly expected: readonly (readonly number[])[]; readonly id: string; readonly ours: readonly Feature[]}
const numbersOf = (line: string): number[] => line.slice(1, line.indexOf('}')).split(',').filter((text) => text !== '').map(Number);

const cases = (): Case[] => sharedText(PATH).split(/\n\s*\n/).map((block) => block.trim().split('\n').filter((line) => !line.startsWith('#'))).filter((lines) => /^[a-z]/.test(lines[0] ?? '')).map((lines, at) => {
  const [name = '', ...options] = lines[0]!.split(' '), arrays = lines.slice(1).map(numbersOf), count = TULIP[name]?.inputs.length ?? 0;
  const given = arrays.slice(0, count), expected = arrays.slice(count), id = `${at} ${name}`;
  const ours = TULIP[name] === undefined ? [] : tulipFeatures(name, options.map(Number), {id, minPeriods: (given[0]?.length ?? 0) - (expected[0]?.length ?? 0) + 1});
  return {name, options: options.map(Number), given, expected, id, ours};
});

describe.skipIf(!isSharedThere(PATH))(titled('values of Tulip', PATH), () => {
  const all = isSharedThere(PATH) ? cases() : [], made = new Map<string, readonly number[]>();

  beforeAll(async () => {
    // one module for all: it runs once for each set of columns that the cases share
    const module = await openEmitted(all.flatMap(({ours}) => ours)), runs = new Map<string, Map<string, number[]>>();
    for (const {name, given, ours} of all) {
      const columns = Object.fromEntries(TULIP[name]!.inputs.map((input, i) => [input, given[i]!])), text = JSON.stringify(columns);
      if (!runs.has(text)) runs.set(text, runModule(module, {price: given[0]!, ...columns} satisfies Columns));
      for (const {spec} of ours) made.set(spec.id, runs.get(text)!.get(spec.id)!);
    }
  });

  test('each of its 104 indicators is a feature', () => {
    expect(all).toHaveLength(104);
    expect(Object.keys(TULIP).sort()).toEqual([...new Set(all.map(({name}) => name))].sort());
  });

  test.each(all.map((one) => [`${one.name} ${one.options.join(' ')}`, one] as const))('%s', (_, {ours, expected, given}) => {
    expect(ours).toHaveLength(expected.length);
    ours.forEach(({spec}, i) => {
      const values = made.get(spec.id)!, theirs = expected[i]!, first = given[0]!.length - theirs.length;
      // what is printed is right to half of its last digit; where that is finer than a double, to its last two bits
      const wrong = values.flatMap((value, k) => {
        if (k < first) return Number.isNaN(value) ? [] : [`${k}: ${value} where Tulip has none`];
        return Math.abs(value - theirs[k - first]!) <= 0.0005 + Math.abs(value) * 4.5e-16 ? [] : [`${k}: ${value} instead of ${theirs[k - first]}`];
      });
      expect(wrong, spec.id).toEqual([]);
    });
  });
});
