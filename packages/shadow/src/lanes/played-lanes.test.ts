import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {CapturedMessage, ObserveLane} from '@tandem/contract';
import {expect, test} from 'vitest';
import {openPub} from '../endpoint/open-socket.ts';
import type {FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import {observeLane, observeRefusal, type ObserveOptions} from './observe-lane.ts';
import {openRecordedLane} from './recorded-lane.ts';

const inputs = (from: number, count: number): FeedInput[] => Array.from({length: count}, (_, index) => ({inputSeq: from + index, recordedNs: 1, payload: new Uint8Array(1), frames: null}));

async function* recorded(causes: readonly (number | null)[]): AsyncGenerator<CapturedMessage> {
  for (const [index, cause] of causes.entries()) {
    yield {stream: 'out/legacy', epoch: 0, seq: index + 1, tMonoNs: 100 + index, tWallNs: 0n, identity: '', frames: [Buffer.from(String(cause))]};
  }
}

test('a recorded lane plays what belongs to the inputs so far, then says so', async () => {
  const events: string[] = [];
  const lane = openRecordedLane({kind: 'recorded', name: 'legacy', runFolder: '/r', lane: 'legacy', label: 'run 1'}, {
    messages: recorded([1, 1, null, 3, 6, 7]),
    inputSeqOf: ({payload}) => {
      const text = Buffer.from(payload).toString();
      return text === 'null' ? null : Number(text);
    },
    onOutputs: (outputs) => events.push(...outputs.map(({index, payload, tMonoNs}) => `${index}:${Buffer.from(payload)}@${tMonoNs}`)),
    onWatermark: ({inputSeq, by}) => events.push(`mark ${inputSeq} ${by}`),
  });
  await lane.send(inputs(1, 2), []);
  await lane.send(inputs(3, 3), []);
  expect(events).toEqual(['0:1@100', '1:1@101', '2:null@102', 'mark 2 recording', '3:3@103', 'mark 5 recording']);
  expect(await lane.finish(0)).toMatchObject({settled: true});
  expect(events.slice(6)).toEqual(['4:6@104', '5:7@105', 'mark 5 recording']);
  expect(await lane.stop()).toMatchObject({state: 'ok', sent: 5, outputs: 6, watermark: 5});
});

test('live outputs are watched by a subscriber or not at all', () => {
  expect(observeRefusal({pattern: 'pub-sub', noDrop: false})).toBeNull();
  expect(observeRefusal({pattern: 'pub-sub', noDrop: true})).toContain('NODROP');
  expect(observeRefusal({pattern: 'push-pull', noDrop: false})).toContain('second PULL');
  expect(observeRefusal({pattern: 'dealer-router', noDrop: false})).not.toBeNull();
});

test('an observed lane takes outputs of a publisher and settles by silence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-ob-'));
  const publisher = await openPub({bind: `ipc://${join(folder, 'p')}`});
  const heard: LaneOutput[] = [];
  const marks: LaneWatermark[] = [];
  const spec: ObserveLane = {kind: 'observe', name: 'legacy', outEndpoint: publisher.address, pid: 1, watermark: {kind: 'in-order', silenceMs: 60}, label: 'live'};
  const options: ObserveOptions = {pattern: 'pub-sub', topics: [''], noDrop: false, outputBytesMax: 1000, onOutputs: (outputs) => heard.push(...outputs), onWatermark: (mark) => marks.push(mark)};
  await expect(observeLane(spec, {...options, pattern: 'push-pull'})).rejects.toMatchObject({detail: {id: 'TDM-E230', kind: 'usage'}});
  await expect(observeLane({...spec, watermark: {kind: 'barrier', everyMessages: 10}}, options)).rejects.toMatchObject({detail: {id: 'TDM-E230'}});
  const lane = await observeLane(spec, options);
  expect(lane.health().state).toBe('missing');
  for (let round = 0; round < 200 && heard.length === 0; round++) {
    await publisher.socket.send(['topic', `{"refSeqNum":${round}}`]);
    await sleep(10);
  }
  await lane.send(inputs(1, 4), []);
  expect(await lane.finish(2000)).toMatchObject({settled: true, watermark: 4});
  expect(heard[0]?.frames).toHaveLength(2);
  expect(Buffer.from(heard[0]?.payload ?? []).toString()).toMatch(/^\{"refSeqNum":\d+\}$/);
  expect(marks.at(-1)).toMatchObject({inputSeq: 4, by: 'silence'});
  expect((await lane.stop()).state).toBe('ok');
  publisher.close();
  rmSync(folder, {recursive: true});
});
