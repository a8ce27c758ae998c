import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {startLane, type LaneProcess} from '../test/lane-process.ts';
import {freshBundle} from './lean-start.ts';

const replaces = typeof process.execve === 'function' && process.platform === 'linux';

describe('a lane that is started as ever', () => {
  let lane: LaneProcess | null = null;
  afterEach(() => lane?.end());

  it.runIf(replaces)('becomes a leaner process with the same id and streams', async () => {
    lane = await startLane({keepStdin: true, args: ['--exit-on-stdin-eof']});
    const words = readFileSync(`/proc/${lane.child.pid}/cmdline`, 'latin1').split('\0');
    expect(words).toContain('--single-threaded');
    expect(words.slice(words.indexOf('order'))).toContain('--exit-on-stdin-eof');
    lane.child.stdin!.end();
    expect(await lane.exited).toEqual({code: 0, signal: null});
    expect(lane.stderr()).toBe('');
  });

  it('runs as it is where that is asked for', async () => {
    process.env['TANDEM_LANE_START'] = 'plain';
    try {
      lane = await startLane();
    } finally {
      delete process.env['TANDEM_LANE_START'];
    }
    if (replaces) expect(readFileSync(`/proc/${lane.child.pid}/cmdline`, 'latin1')).not.toContain('--single-threaded');
    lane.child.kill('SIGTERM');
    expect(await lane.exited).toEqual({code: 0, signal: null});
  });
});

describe('the bundle', () => {
  it('counts only while every source in it is as it was', () => {
    const root = mkdtempSync(join(tmpdir(), 'tandem-lean-'));
    try {
      expect(freshBundle(root)).toBeNull();
      const source = join(root, 'a.ts');
      writeFileSync(source, 'export {};\n');
      mkdirSync(join(root, 'dist/lane'), {recursive: true});
      const {size, mtimeMs} = statSync(source);
      writeFileSync(join(root, 'dist/lane/inputs.json'), JSON.stringify({inputs: {'a.ts': {bytes: size, mtimeMs}}}));
      expect(freshBundle(root)).toBe(join(root, 'dist/lane/main.mjs'));
      utimesSync(source, new Date(), new Date(mtimeMs + 5000));
      expect(freshBundle(root)).toBeNull();
      rmSync(source);
      expect(freshBundle(root)).toBeNull();
    } finally {
      rmSync(root, {recursive: true, force: true});
    }
  });
});
