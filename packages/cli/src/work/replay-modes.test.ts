import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {openLogReader, openLogWriter} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder, order, orders} from '../bad-input/fixtures/bench-folder.ts';
import {filesOf} from '../bad-input/fixtures/reading-runs.ts';
import {tandem, tandemBin, type Ended} from '../bad-input/fixtures/tandem-process.ts';
import {repositoryRoot} from '../package-root.ts';

const COUNT = 210;

describe('a capture is replayed', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => {
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });
  const capture = bench.capture('capture', orders(COUNT));
  const replay = async (name: string, ...flags: string[]): Promise<Ended> =>
    await tandem(['replay', await capture, '-c', bench.migration({minMessages: 5}), '--runs', bench.at(name), '--no-twin', '--keep', 'all', ...flags], {temporary: bench.temporary});
  const kept = async (run: string, lane: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const batch of (await openLogReader(join(run, 'lanes', lane))).batches()) for (const {frames} of batch) found.push(Buffer.from(frames.at(-1) ?? '').toString('hex'));
    return found;
  };
  const inputsOf = (name: string): Promise<string[]> => kept(bench.onlyRun(name), 'input');

  it.concurrent('twice with the same octets from the candidate, at whatever pace, and says how well it kept the plan', async () => {
    const [first, second] = await Promise.all([replay('one'), replay('two', '--speed', '2k/s')]);
    expect([first.code, second.code], first.err + second.err).toEqual([0, 0]);
    const outputs = await kept(bench.onlyRun('one'), 'candidate');
    expect(outputs.length).toBe(COUNT);
    expect(await kept(bench.onlyRun('two'), 'candidate')).toEqual(outputs);
    expect(second.out).toMatch(/sent {5}210 on planned times; after the plan p50 [\d.,]+ µs, p99 [\d.,]+ µs, p99\.9 [\d.,]+ µs, worst [\d.,]+ µs; later than 1 ms by our own doing [\d.]+ %/);
    expect(first.out).not.toContain('on planned times');
    expect(filesOf(bench.onlyRun('two')).evidence.pacing).toMatchObject({mode: 'rate', sendErrorNs: {planned: COUNT}});
  });

  it.concurrent('in parts: by position, by time, by key', async () => {
    // messages are a microsecond apart, from the first on
    const runs = await Promise.all([replay('seq', '--from', '20', '--to', '30'), replay('time', '--from', '0.02ms', '--to', '0.03ms'), replay('key', '--only', 'A3'), replay('none', '--only', 'A99')]);
    expect(runs.map(({code}) => code), runs.map(({err}) => err).join('')).toEqual([0, 0, 0, 2]);
    expect(await inputsOf('seq')).toEqual(orders(11, 20).map((octets) => octets.toString('hex')));
    expect(await inputsOf('time')).toEqual(orders(11, 21).map((octets) => octets.toString('hex')));
    expect(await inputsOf('key')).toEqual(Array.from({length: 30}, (_, at) => order(3 + at * 7).toString('hex')));
    expect(runs[3]?.err).toContain('TDM-E131');
  });

  it.each([['--from', '0'], ['--to', 'later'], ['--speed', '10x']])('never with %s %s', async (flag, value) => {
    const {code, err} = await replay('bad', flag, value);
    expect(code).toBe(2);
    expect(err).toContain('TDM-E104');
    expect(err).toContain(`"${value}"`);
  });

  it('step by step, moved by lines', async () => {
    const child = spawn(process.execPath, [tandemBin, 'replay', await capture, '-c', bench.migration({minMessages: 5}), '--runs', bench.at('step'), '--no-twin', '--keep', 'all', '--step', '--until', '5'],
      {cwd: repositoryRoot(), stdio: ['pipe', 'ignore', 'pipe'], env: {...process.env, NO_COLOR: '1', TMPDIR: bench.temporary}});
    let err = '';
    const said = async (text: RegExp): Promise<void> => { await expect.poll(() => err, {timeout: 20_000}).toMatch(text); };
    child.stderr.on('data', (chunk) => { err += String(chunk); });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await said(/before 6 {3}\{"msgType":"D","msgSeqNum":6/);
    child.stdin.write('\n');
    await said(/before 7 /);
    child.stdin.write('3\n12\n');
    await said(/"3" is no position from 7 on/);
    await said(/before 13 /);
    child.stdin.end('q\n');
    await ended;
    expect(err).not.toMatch(/before (8|9|10|11|12) /);
    expect(await inputsOf('step')).toEqual(orders(12).map((octets) => octets.toString('hex')));
  });

  it.concurrent('with several streams in one order, and the run says by which rule', async () => {
    const folder = bench.at('streams');
    const writer = await openLogWriter(folder);
    // written stream by stream; the times say how they belong together
    for (const [stream, first, step] of [['b', 2, 2], ['a', 1, 2], ['out/legacy', 1, 1]] as const) {
      for (let at = 0; at < 30; at += 1) writer.append({stream, epoch: 0, seq: at + 1, tMonoNs: 1000 + (first + at * step) * 10, tWallNs: 0n, identity: '', frames: [order(stream === 'out/legacy' ? 9999 : first + at * step)]});
    }
    await writer.close();
    const {code, err, out} = await tandem(['replay', folder, '-c', bench.migration({minMessages: 5}), '--runs', bench.at('merged'), '--no-twin', '--keep', 'all'], {temporary: bench.temporary});
    expect(code, err + out).toBe(0);
    expect(await inputsOf('merged')).toEqual(orders(60).map((octets) => octets.toString('hex')));
    expect(filesOf(bench.onlyRun('merged')).manifest.notes).toContain('streams a, b in one order: capture time (tMonoNs), then stream name, then position');
  });
});
