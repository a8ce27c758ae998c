import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';

/** Octets that a million events may leave on the heap: room for what the runtime itself does meanwhile, not for one small object per event. */
const HEAP_BYTES_MAX = 2_000_000;

describe('the warm order path', () => {
  it('allocates nothing per event, with either codec', () => {
    const probe = fileURLToPath(new URL('./allocation-probe.ts', import.meta.url));
    // a young generation larger than one object per event would fill: what is allocated stays visible
    const text = execFileSync(process.execPath, ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256', probe], {encoding: 'utf8', maxBuffer: 1 << 20});
    const figures = JSON.parse(text) as {events: number; jsonBytes: number; batchBytes: number; equal: boolean};
    expect(figures.equal).toBe(true);
    expect(figures.jsonBytes, text).toBeLessThan(HEAP_BYTES_MAX);
    expect(figures.batchBytes, text).toBeLessThan(HEAP_BYTES_MAX);
  }, 60_000);
});
