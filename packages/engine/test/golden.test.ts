import {existsSync, readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {orderHarness} from './order-harness.ts';
import {goldenFile} from './python-replay.ts';

interface Entry {
  readonly in: string;
  readonly out: readonly string[];
  readonly hash?: string;
}

describe.skipIf(!existsSync(goldenFile))('golden vectors of the Python order path', () => {
  it('are answered octet for octet, with equal state hashes', () => {
    const [head, ...lines] = gunzipSync(readFileSync(goldenFile)).toString('utf8').trim().split('\n');
    const {formatVersion, rulebook} = JSON.parse(head!) as {formatVersion: string; rulebook: unknown};
    expect(formatVersion).toBe('1.0');
    expect(lines.length).toBeGreaterThan(1000);
    const ours = orderHarness(rulebook);
    lines.forEach((line, i) => {
      const entry = JSON.parse(line) as Entry;
      expect(ours.accept(Buffer.from(entry.in, 'base64')), `line ${i + 2}`).toEqual(entry.out);
      if (entry.hash !== undefined) expect(ours.stateHash(), `state after line ${i + 2}`).toBe(entry.hash);
    });
  });
});
