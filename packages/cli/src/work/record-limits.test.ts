import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from '../bad-input/fixtures/bench-folder.ts';
import {livePublisher} from '../bad-input/fixtures/live-publisher.ts';
import {filesOf} from '../bad-input/fixtures/reading-runs.ts';
import {tandem} from '../bad-input/fixtures/tandem-process.ts';

describe('a recording that keeps only so much', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });

  it('stays below its size, and a replay of it states what is gone and does not pass', async () => {
    const publisher = await livePublisher(3000);
    const out = bench.at('capture');
    const recorded = await tandem(['record', '--endpoint', publisher.endpoint, '--out', out, '--messages', '1500', '--for', '20s', '--segment-size', '8KiB', '--keep-size', '32KiB'], {temporary: bench.temporary});
    await publisher.end();
    expect(recorded.code, recorded.err).toBe(0);
    const segments = readdirSync(out).filter((name) => name.endsWith('.mcap'));
    expect(Math.min(...segments.map((name) => Number.parseInt(name, 10)))).toBeGreaterThan(3);
    expect(segments.reduce((bytes, name) => bytes + statSync(join(out, name)).size, 0)).toBeLessThan(90_000);

    const replayed = await tandem(['replay', out, '-c', bench.migration({minMessages: 10}), '--runs', bench.at('runs'), '--no-twin'], {temporary: bench.temporary});
    expect(replayed.code).not.toBe(0);
    const {gaps, messages} = filesOf(bench.onlyRun('runs')).evidence;
    expect(gaps.messages + messages).toBe(1500);
    expect(gaps.reasons?.[0]).toMatch(/removed by retention: 000001\.mcap to /);
  });

  it.each([['--keep-size', '5']])('not with %s %s', async (flag, value) => {
    const {code, err} = await tandem(['record', '--endpoint', 'tcp://127.0.0.1:1', '--out', bench.at('never'), flag, value], {temporary: bench.temporary});
    expect(code).toBe(2);
    expect(err).toContain('TDM-E104');
  });
});
