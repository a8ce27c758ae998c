import {expect, it} from 'vitest';
import {collectorEvidence} from './collector-evidence.ts';

const longest = [{atNs: 500, ms: 40}, {atNs: 1500, ms: 9}, {atNs: 3500, ms: 7}, {atNs: 1200, ms: 2}];
const engine = {collector: {pauses: 4, totalMs: 58, maxMs: 40, longest}};

it('tells the longest pause of the measured turns beside that of the whole life', () => {
  expect(collectorEvidence(engine, [[1000, 2000], [4000, 5000]])).toEqual({pauses: 4, totalMs: 58, maxMs: 40, inTurnsMaxMs: 9});
  expect(collectorEvidence({gc: {count: 4, totalMs: 58, maxMs: 40, longest}}, [[3000, 4000]])).toEqual({pauses: 4, totalMs: 58, maxMs: 40, inTurnsMaxMs: 7});
  expect(collectorEvidence(engine, [[6000, 7000]])?.inTurnsMaxMs).toBe(0);
});

it('is never shorter than what a lane may have left out', () => {
  expect(collectorEvidence({collector: {...engine.collector, pauses: 5}}, [[6000, 7000]])?.inTurnsMaxMs).toBe(2);
});

it('says nothing of what a lane does not tell', () => {
  expect(collectorEvidence({gc: {count: 4, totalMs: 58, maxMs: 40}}, [[0, 9]])).toEqual({pauses: 4, totalMs: 58, maxMs: 40});
  expect(collectorEvidence(engine, [])).toEqual({pauses: 4, totalMs: 58, maxMs: 40});
  expect([collectorEvidence(null, [[0, 9]]), collectorEvidence({gc: {count: 1}}, [[0, 9]])]).toEqual([null, null]);
});
