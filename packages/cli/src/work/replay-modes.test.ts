import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {openLogReader} from '@tandem/shadow';
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
    expect([first.code, second.code], first.out + first.err).toEqual([0, 0]);
    const outputs = await kept(bench.onlyRun('one'), 'candidate');
    expect(outputs.length).toBe(COUNT);
    expect(await kept(bench.onlyRun('two'), 'candidate')).toEqual(outputs);
    expect(second.out).toMatch(/sent {5}210 on planned times; after the plan p50 [\d.,]+ µs, p99 [\d.,]+ µs, p99\.9 [\d.,]+ µs, worst [\d.,]+ µs; later than 1 ms by our own doing [\d.]+ %/);
    expect(first.out).not.toContain('on planned times');
    expect(filesOf(bench.onlyRun('two')).evidence.pacing).toMatchObject({mode: 'rate', sendErrorNs: {planned: COUNT}});
  });

  it.concurrent('in a part, by key and by time', async () => {
    // messages are a microsecond apart, from the first on
    const {code, err} = await replay('part', '--only', 'A3', '--from', '0.02ms', '--to', '100');
    expect(code, err).toBe(0);
    expect(await inputsOf('part')).toEqual([24, 31, 38, 45, 52, 59, 66, 73, 80, 87, 94].map((seq) => order(seq).toString('hex')));
  });

  it.each([['--from', '0'], ['--speed', '10x']])('never with %s %s', async (flag, value) => {
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
});
