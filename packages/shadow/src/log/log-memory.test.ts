import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {scratch} from './fixtures/capture.ts';

let place: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  place = await scratch();
});
afterEach(async () => await place.remove());

interface Curve {
  /** heap and external memory after a collection, at a fifth of the work and near its end, MB */
  readonly heldEarly: number;
  readonly heldLate: number;
  readonly rssFirstHalf: number;
  readonly rssSecondHalf: number;
}

interface Growth {
  readonly read: number;
  readonly write: Curve;
  readonly reading: Curve;
}

async function growth(messages: number): Promise<Growth> {
  const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, 'fixtures', 'memory-program.ts'), join(place.folder, 'log'), String(messages)], {stdio: ['ignore', 'pipe', 'inherit']});
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(output) as Growth;
}

describe('memory of writing and reading', () => {
  it('is flat over 1,000,000 messages of 200 octets', async () => {
    const seen = await growth(1_000_000);
    expect(seen.read).toBe(1_000_000);
    // 200 MB go through between the two looks: 8 MB would be 10 octets a message. The write buffer (up to 32 MB) comes and goes.
    expect(seen.reading.heldLate - seen.reading.heldEarly).toBeLessThan(8);
    expect(seen.write.heldLate - seen.write.heldEarly).toBeLessThan(32);
    expect(Math.max(seen.write.rssSecondHalf, seen.reading.rssSecondHalf)).toBeLessThan(320);
  }, 60_000);

  it.skipIf(process.env['TANDEM_DEEP'] !== '1')('is flat over 10,000,000 messages (set TANDEM_DEEP=1)', async () => {
    const seen = await growth(10_000_000);
    expect(seen.read).toBe(10_000_000);
    expect(seen.reading.heldLate - seen.reading.heldEarly).toBeLessThan(8);
    expect(seen.write.heldLate - seen.write.heldEarly).toBeLessThan(32);
    expect(seen.write.rssSecondHalf - seen.write.rssFirstHalf).toBeLessThan(30);
    expect(seen.reading.rssSecondHalf - seen.reading.rssFirstHalf).toBeLessThan(30);
  }, 300_000);
});
