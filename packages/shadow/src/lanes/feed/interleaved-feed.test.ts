import {fileURLToPath} from 'node:url';
import type {LaneName} from '@tandem/contract';
import {expect, test, vi} from 'vitest';
import type {FeedInput} from '../../flow/feed-input.ts';
import type {LaneWatermark} from '../../flow/lane-watermark.ts';
import type {Lane} from '../lane.ts';
import {startLane} from '../start-lane.ts';
import {abbaPlan} from './abba-plan.ts';
import {feedInTurns} from './interleaved-feed.ts';

vi.setConfig({testTimeout: 30_000});
const fixture = fileURLToPath(new URL('../fixtures/answering-lane.ts', import.meta.url));

test('lanes take turns, never run together, and end in the same state', async () => {
  const marks: LaneWatermark[] = [];
  const start = (name: LaneName): Promise<Lane> => startLane({
    kind: 'launch', name, command: process.execPath, args: [fixture, '{in}', '{out}', '{stats}', 'plain'],
    env: {PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1'}, cwd: '/', watermark: {kind: 'barrier', everyMessages: 50}, label: 'fixture',
  }, {token: name, grace: {eofMs: 500, termMs: 500}, onOutputs: () => undefined, onWatermark: (mark) => marks.push(mark)});
  const lanes = await Promise.all([start('legacy'), start('candidate')]);
  const slice = (round: number): FeedInput[][] => [Array.from({length: 120}, (_, index) => ({inputSeq: round * 120 + index + 1, recordedNs: 0, payload: Buffer.from('{"n":1}'), frames: null}))];
  const phases: string[] = [];
  const reports = await feedInTurns({
    lanes, turns: abbaPlan(['legacy', 'candidate'], 3, 0), slice, schedule: {kind: 'rate', ratePerSecond: 4000}, drainMs: 10_000,
    onTurn: ({lane, round}, phase) => phases.push(`${lane} ${round} ${phase} ${lanes.map(({sent, settled}) => sent - settled).join()}`),
  });
  expect(phases).toEqual(['legacy 0', 'candidate 0', 'candidate 1', 'legacy 1', 'legacy 2', 'candidate 2'].flatMap((turn) => [`${turn} begin 0,0`, `${turn} end 0,0`]));
  expect(reports.map(({feed, finish}) => [feed.sent, finish.settled])).toEqual(Array.from({length: 6}, () => [120, true]));
  const digests = (lane: LaneName): unknown[] => marks.filter((mark) => mark.lane === lane && mark.stateHash !== null).map(({inputSeq, stateHash}) => [inputSeq, stateHash]);
  expect(digests('legacy')).toEqual([[120, '0000000000000120'], [240, '0000000000000240'], [360, '0000000000000360']]);
  expect(digests('candidate')).toEqual(digests('legacy'));
  await Promise.all(lanes.map((lane) => lane.stop()));
});
