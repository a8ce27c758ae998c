import {expect, it} from 'vitest';
import {tapFlood} from './tap-flood.ts';
import {tapInterference} from './tap-interference.ts';

const context = {seed: 1, say: () => undefined, signal: new AbortController().signal};

it('a flood in small counts each message at live\'s end, in the log and at the reader that follows it', async () => {
  expect(await tapFlood(context, {count: 20_000, rate: 20_000, keepBytes: 1024 ** 3})).toMatchObject({sent: 20_000, came: 20_000, holes: 0, logged: 20_000, tailed: 20_000, complete: true});
}, 60_000);

// a minute of waiting
it.runIf(process.env['TANDEM_DEEP'] === '1')('the comparison in small: every state of the shadow was what it claims to be, and live had every octet', async () => {
  const {states} = await tapInterference(context, 'req-rep', 1);
  expect(states.map(({state, lost, changed}) => [state, lost, changed])).toEqual([['idle', 0, 0], ['slow', 0, 0], ['stopped', 0, 0], ['killed', 0, 0]]);
  // one round says nothing about the median of rounds
  expect(states.every(({quantiles, held}) => [quantiles.p50.differenceUs, quantiles.p99.differenceUs, held].every(({low, high}) => low === -Infinity && high === Infinity))).toBe(true);
}, 120_000);
