import type {CapturedMessage} from '@tandem/contract';
import {expect, it} from 'vitest';
import {openPub} from '../endpoint/open-socket.ts';
import {startSubscribeTap} from './subscribe-tap.ts';

it('the wall clock is set back by an hour while a publisher is recorded: what people read follows it, intervals and order do not', async () => {
  const pub = await openPub({bind: 'tcp://127.0.0.1:*'});
  const messages: CapturedMessage[] = [];
  let setBackMs = 0;
  const tap = await startSubscribeTap({
    endpoint: pub.address, topics: [''], stream: 'orders', onGap: () => undefined, wallMs: () => Date.now() - setBackMs,
    onMessages: (more) => {
      messages.push(...more);
      if (messages.length >= 20) setBackMs = 3_600_000;
    },
  });
  const beat = setInterval(() => { void pub.socket.send('tick').catch(() => undefined); }, 5);
  try {
    await expect.poll(() => messages.length, {timeout: 10_000}).toBeGreaterThan(60);
  } finally {
    clearInterval(beat);
    await tap.stop();
    pub.close();
  }
  const steps = messages.slice(1).map(({tMonoNs, tWallNs, seq}, at) => {
    const before = messages[at]!;
    return {monoNs: tMonoNs - before.tMonoNs, wallNs: Number(tWallNs - before.tWallNs), seq: seq - before.seq};
  });
  expect(steps.every(({monoNs, seq}) => monoNs >= 0 && seq === 1)).toBe(true);
  // it was set back, once, and no interval shows that
  expect(steps.filter(({wallNs}) => wallNs < -3e12)).toHaveLength(1);
  expect(steps.reduce((sum, {monoNs}) => sum + monoNs, 0)).toBe(messages.at(-1)!.tMonoNs - messages[0]!.tMonoNs);
}, 20_000);
