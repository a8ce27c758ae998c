import {expect, test} from 'vitest';
import {featureNamed} from '../catalogue.ts';
import {openModule} from '../emitted-features.ts';
import {SignalFeatures} from '../signal-features.ts';
import {openEmitted, runFeatures} from '../fixtures/run-features.ts';

// by hand
const columns = {open: [10, 11, 12, 11, 12], high: [12, 13, 13, 12, 14], low: [9, 10, 10, 10, 11], price: [11, 12, 11, 11, 13]};

test('bars of means, runs, ranks and a mean with any alpha', async () => {
  const made = await runFeatures([
    ...(['haclose', 'haopen', 'hahigh', 'halow'] as const).map((output) => featureNamed('heikinashi', [], {output})), featureNamed('streak', []), featureNamed('percentrank', [2]), featureNamed('percentrank', [2], {output: 'percentupto'}), featureNamed('alphamean', [2], {params: [0.5]}),
    // Connors' is the mean of three: the streak's and the rank's parts are features like others
    featureNamed('rsi', [2], {id: 'streak rsi', inputs: [featureNamed('streak', [])], seed: 'wilder-talib'}),
  ], columns);
  expect(made.get('haclose')).toEqual([10.5, 11.5, 11.5, 11, 12.5]);
  expect(made.get('haopen')).toEqual([10.5, 10.5, 11, 11.25, 11.125]);
  expect(made.get('hahigh')).toEqual([12, 13, 13, 12, 14]);
  expect(made.get('halow')).toEqual([9, 10, 10, 10, 11]);
  expect(made.get('streak')).toEqual([0, 1, -1, 0, 1]);
  expect(made.get('percentrank_2')).toEqual([Number.NaN, Number.NaN, 0, 0, 100]);
  expect(made.get('percentupto_2')).toEqual([Number.NaN, Number.NaN, 50, 50, 100]);
  expect(made.get('alphamean_2-0.5')).toEqual([Number.NaN, 11.5, 11.25, 11.125, 12.0625]);
  // changes of the streak 1, -2, 1, 1: means of gains 0.5, 0.75, 0.875 and of losses 1, 0.5, 0.25
  expect(made.get('streak rsi')!.slice(2)).toEqual([100 * 0.5 / 1.5, 60, 100 * 0.875 / 1.125]);
});

test('a tick without an open is refused where a feature reads one, and welcome where none does', async () => {
  const tick = Float64Array.of(10, 11, 9, 100, 1, 1, 5), bar = Float64Array.of(...tick, 9.5);
  const reads = new SignalFeatures(openModule(await openEmitted([featureNamed('bop', [])]), 1), 1), ignores = new SignalFeatures(openModule(await openEmitted([featureNamed('tr', [])]), 1), 1);
  expect(() => { reads.step(0, tick); }).toThrow('a feature cannot be made as it is described');
  reads.step(0, bar);
  expect(reads.row[0]).toBe(0.25);
  expect([reads.mailbox.length, ignores.mailbox.length]).toEqual([8, 7]);
  for (const values of [tick, bar]) { ignores.step(0, values); expect(ignores.row[0]).toBe(2); }
});
