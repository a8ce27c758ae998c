import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {beforeAll, describe, expect, it} from 'vitest';

/** Octets that the events may leave on the heap: room for what the runtime itself does meanwhile, not for one small object (12 octets) in two events. */
const HEAP_BYTES_MAX = 2_000_000;

describe('the warm order path, over 400,000 events with either codec (a million in deep runs)', () => {
  let warmUp = '';
  let steady = '';
  let figures = {jsonBytes: NaN, batchBytes: NaN, equal: false};
  beforeAll(() => {
    const probe = fileURLToPath(new URL('./steady-probe.ts', import.meta.url));
    // a young generation larger than one object per event would fill: what is allocated stays visible
    // compiled at once and not beside: how long the warm-up must be does not depend on how busy the machine is, and nothing a compilation relies on can change under it
    const flags = ['--expose-gc', '--trace-opt', '--trace-deopt', '--no-concurrent-recompilation', '--max-semi-space-size=256', '--min-semi-space-size=256'];
    const text = execFileSync(process.execPath, [...flags, probe], {encoding: 'utf8', maxBuffer: 1 << 28});
    const [before, after] = text.split('\nMARK\n');
    const [between, last] = after!.split('\nEND\n');
    warmUp = before!;
    steady = between!;
    figures = JSON.parse(/^FIGURES (.*)$/m.exec(last!)![1]!) as typeof figures;
  }, 60_000);

  it('allocates nothing per event', () => {
    expect(figures.jsonBytes).toBeLessThan(HEAP_BYTES_MAX);
    expect(figures.batchBytes).toBeLessThan(HEAP_BYTES_MAX);
  });

  it('stays optimised: V8 refuses no function, and takes code back at most when a branch is met for the first time', () => {
    // the probe must be able to see something
    expect(warmUp).toMatch(/completed compiling .*TURBOFAN/);
    expect(warmUp + steady).not.toMatch(/disabled optimization|aborted optimizing/);
    const takenBack = new Map<string, number>();
    for (const [, reason, name] of steady.matchAll(/bailout \(kind: [^,]*, reason: ([^)]*)\).*<JSFunction (\S*)/g)) {
      // the probe's own loops are entered in the middle
      if (!reason!.includes('on stack replacement')) takenBack.set(name!, (takenBack.get(name!) ?? 0) + 1);
    }
    expect(Math.max(0, ...takenBack.values()), JSON.stringify([...takenBack])).toBeLessThanOrEqual(1);
    expect(takenBack.size, JSON.stringify([...takenBack])).toBeLessThanOrEqual(6);
  });

  it('ends in one state', () => {
    expect(figures.equal).toBe(true);
  });
});
