import {mkdtempSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {liveEnds, LIVE_PATTERNS, type LivePattern} from './fixtures/live-ends.ts';
import {startTandem} from './fixtures/tandem-process.ts';

const PHASE = process.env['TANDEM_DEEP'] === '1' ? 20_000 : 400;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Shells that would take a place when nobody else does. */
const keepersOf = (place: string): string[] => readdirSync('/proc').filter((name) => {
  try {
    const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
    return words.includes('tandem-keeper') && words.some((word) => word.includes(place));
  } catch {
    return false;
  }
});

describe('live traffic through the wire tap', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => { bench.remove(); });

  const record = async (pattern: LivePattern, flags: readonly string[] = []) => {
    const folder = mkdtempSync(bench.at('live-'));
    const [front, real, out] = [`ipc://${folder}/front`, `ipc://${folder}/real`, join(folder, 'capture')];
    const tap = startTandem(['record', '--pattern', pattern, '--listen', front, '--upstream', real, '--out', out, ...flags], {temporary: bench.temporary});
    await tap.until(/live peers connect to/);
    const pid = Number(/tap \(pid (\d+)\)/.exec(tap.err())?.[1]);
    return {front, real, out, tap, pid, frontPath: join(folder, 'front')};
  };
  const recorded = async (out: string): Promise<{inputs: number; answers: number; gaps: number; isSealed: boolean; bodies: string[]}> => {
    const reader = await openLogReader(out);
    let gaps = 0, answers = 0;
    const bodies: string[] = [];
    for await (const batch of reader.batches({onGap: () => { gaps += 1; }})) {
      for (const {stream, frames} of batch) {
        const text = Buffer.from(frames.at(-1) ?? []).toString();
        if (stream !== 'input') answers += 1;
        else if (text !== 'marker') bodies.push(text);
      }
    }
    return {inputs: bodies.length, answers, gaps, isSealed: reader.seal !== null, bodies};
  };

  it.each(LIVE_PATTERNS)('%s: nothing is lost, changed or reordered while the harness runs, is stopped and is killed; the log has it all', async (pattern) => {
    const {front, real, out, tap, pid, frontPath} = await record(pattern);
    const ends = await liveEnds(pattern, {front, real});
    expect(await ends.send(PHASE)).toBe(0);
    tap.child.kill('SIGSTOP');
    expect(await ends.send(PHASE)).toBe(0);
    tap.child.kill('SIGCONT');
    tap.child.kill('SIGKILL');
    await tap.ended;
    expect(await ends.send(PHASE)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({sent: 3 * PHASE, came: 3 * PHASE, again: 0, cameSha: report.sentSha, backSha: report.answeredSha});
    // it ends with its last connection, and new peers meet the real endpoint
    await expect.poll(() => isAlive(pid), {timeout: 10_000}).toBe(false);
    expect(`ipc://${readlinkSync(frontPath)}`).toBe(real);
    const log = await recorded(out);
    expect(log).toMatchObject({gaps: 0, isSealed: true});
    // the log ends a moment after the harness did; up to there it is whole and in order
    expect(log.inputs).toBeGreaterThanOrEqual(2 * PHASE);
    expect(log.bodies.map((body) => (JSON.parse(body) as {msgSeqNum: number}).msgSeqNum)).toEqual(Array.from({length: log.inputs}, (_, index) => index + 1));
    if (pattern === 'req-rep' || pattern === 'dealer-router') expect(Math.abs(log.answers - log.inputs)).toBeLessThanOrEqual(1);
  });

  it('its process killed: peers reach the real endpoint within a moment, and the command says what happened', async () => {
    const {front, real, tap, pid} = await record('req-rep');
    const ends = await liveEnds('req-rep', {front, real});
    expect(await ends.send(PHASE)).toBe(0);
    process.kill(pid, 'SIGKILL');
    const {code, err} = await tap.ended;
    expect(code).toBe(3);
    expect(err).toMatch(/TDM-E289[\s\S]*SIGKILL; ipc:.*leads to the real endpoint again/);
    expect(await ends.send(PHASE)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({sent: 2 * PHASE, came: 2 * PHASE, cameSha: report.sentSha});
  });

  it('it and the harness killed in the same moment: peers reach the real endpoint all the same, and nothing of it stays behind', async () => {
    const {front, real, tap, pid, frontPath} = await record('req-rep');
    const keepers = (): string[] => keepersOf(frontPath);
    const ends = await liveEnds('req-rep', {front, real});
    expect(await ends.send(PHASE)).toBe(0);
    if (process.platform === 'linux') expect(keepers()).toHaveLength(1);
    // stopped first: neither sees the other one die
    for (const [one, signal] of [[tap.child.pid ?? 0, 'SIGSTOP'], [pid, 'SIGKILL'], [tap.child.pid ?? 0, 'SIGKILL']] as const) process.kill(one, signal);
    await tap.ended;
    await expect.poll(() => `ipc://${readlinkSync(frontPath)}`, {timeout: 10_000}).toBe(real);
    expect(await ends.send(PHASE)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({sent: 2 * PHASE, came: 2 * PHASE, cameSha: report.sentSha});
    if (process.platform === 'linux') await expect.poll(keepers, {timeout: 10_000}).toEqual([]);
  });

  it('its process stopped: after three seconds of silence it is ended, and live goes on', async () => {
    const {front, real, tap, pid} = await record('req-rep');
    const ends = await liveEnds('req-rep', {front, real});
    expect(await ends.send(100)).toBe(0);
    process.kill(pid, 'SIGSTOP');
    expect(await ends.send(100)).toBe(0);
    expect((await tap.ended).err).toMatch(/TDM-E289[\s\S]*said nothing for 3 s/);
    expect(await ends.end()).toMatchObject({sent: 200, came: 200});
  });

  it('shadowing what is pushed: both lanes answer every message, and the tap says that it has it all', async () => {
    const folder = mkdtempSync(bench.at('shadow-'));
    const [front, real] = [`ipc://${folder}/front`, `ipc://${folder}/real`];
    const migration = bench.migration({edit: (text) => text.replace("sub('tcp://127.0.0.1:1')", `push('${real}', {listen: '${front}'})`).replace('python, sub}', 'push, python, sub}')});
    const shadow = startTandem(['shadow', '-c', migration, '--runs', bench.at('runs'), '--messages', '300', '--no-twin'], {temporary: bench.temporary});
    await shadow.until(/live peers connect to/);
    const ends = await liveEnds('push-pull', {front, real});
    expect(await ends.send(400)).toBe(0);
    const {code, out, err} = await shadow.ended;
    expect(`${code} ${out}${err}`).toMatch(/^0 [\s\S]*300[\s\S]*complete up to the limit/);
    expect(await ends.send(100)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({came: 500, cameSha: report.sentSha});
  });

  it('over tcp the hop stays when the recording ends, until it is ended by its pid', async () => {
    const port = 20_000 + process.pid % 20_000;
    const out = bench.at('tcp-capture');
    const front = `tcp://127.0.0.1:${port}`, real = `tcp://127.0.0.1:${port + 1}`;
    const tap = startTandem(['record', '--pattern', 'push-pull', '--listen', front, '--upstream', real, '--out', out, '--messages', '500'], {temporary: bench.temporary});
    await tap.until(/live peers connect to/);
    const ends = await liveEnds('push-pull', {front, real});
    expect(await ends.send(1000)).toBe(0);
    const {code, out: said} = await tap.ended;
    expect(code).toBe(0);
    expect(said).toMatch(/recorded 500 messages.*complete up to the limit/);
    const pid = Number(/goes on forwarding .* kill (\d+)/.exec(said)?.[1]);
    expect(await ends.send(1000)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({came: 2000, cameSha: report.sentSha});
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => isAlive(pid), {timeout: 10_000}).toBe(false);
  });

  // a new place for each: what was bound a moment ago may still be in the way
  const tcpTap = async (pattern: LivePattern, at: number, flags: readonly string[]) => {
    const [front, real] = [0, 1].map((next) => `tcp://127.0.0.1:${10_000 + (process.pid * 10 + at + next) % 10_000}`) as [string, string];
    const tap = startTandem(['record', '--pattern', pattern, '--listen', front, '--upstream', real, '--out', bench.at(`tcp-${at}`), ...flags], {temporary: bench.temporary});
    await tap.until(/live peers connect to/);
    return {front, real, tap, pid: Number(/tap \(pid (\d+)\)/.exec(tap.err())?.[1])};
  };

  it('over tcp its process killed: a new one forwards at the same place, and peers come back', async () => {
    const {front, real, tap, pid} = await tcpTap('req-rep', 0, []);
    const ends = await liveEnds('req-rep', {front, real});
    expect(await ends.send(100)).toBe(0);
    process.kill(pid, 'SIGKILL');
    expect(await ends.send(100)).toBe(0);
    const {code, err} = await tap.ended;
    expect(code).toBe(3);
    expect(err).toMatch(/TDM-E289[\s\S]*a new process \(pid \d+\) forwards tcp:/);
    const next = Number(/a new process \(pid (\d+)\)/.exec(err)?.[1]);
    expect(await ends.send(100)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({came: 300, cameSha: report.sentSha});
    if (isAlive(next)) process.kill(next, 'SIGTERM');
    await expect.poll(() => isAlive(next), {timeout: 10_000}).toBe(false);
    // the one that would have stepped in was sent home: nobody takes the place a moment later
    if (process.platform === 'linux') expect(keepersOf(front)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('over tcp it and the harness killed in the same moment: another process forwards there, the next tap names it, and it leaves when it is told to', async () => {
    const {front, real, tap, pid} = await tcpTap('req-rep', 8, []);
    const ends = await liveEnds('req-rep', {front, real});
    expect(await ends.send(100)).toBe(0);
    // stopped first: neither sees the other one die
    for (const [one, signal] of [[tap.child.pid ?? 0, 'SIGSTOP'], [pid, 'SIGKILL'], [tap.child.pid ?? 0, 'SIGKILL']] as const) process.kill(one, signal);
    await tap.ended;
    expect(await ends.send(100)).toBe(0);
    const next = await startTandem(['record', '--pattern', 'req-rep', '--listen', front, '--upstream', real, '--out', bench.at('tcp-next'), '--json'], {temporary: bench.temporary}).ended;
    const {id, fix} = (next.json() as {error: {id: string; fix: string}}).error;
    expect(`${id} ${fix}`).toMatch(/^TDM-E286 end it with "kill \d+"/);
    const left = Number(/kill (\d+)/.exec(fix)?.[1]);
    expect([pid, tap.child.pid]).not.toContain(left);
    expect(await ends.send(100)).toBe(0);
    const report = await ends.end();
    expect(report).toMatchObject({came: 300, cameSha: report.sentSha});
    process.kill(left, 'SIGTERM');
    await expect.poll(() => isAlive(left), {timeout: 10_000}).toBe(false);
  });

  it('over tcp with --detach: it forwards for so long and leaves by itself, in a moment of silence', async () => {
    const {front, real, tap, pid} = await tcpTap('push-pull', 4, ['--messages', '100', '--detach', '1s']);
    const ends = await liveEnds('push-pull', {front, real});
    expect(await ends.send(100)).toBe(0);
    expect((await tap.ended).code).toBe(0);
    await expect.poll(() => isAlive(pid), {timeout: 20_000}).toBe(false);
    const report = await ends.end();
    expect(report).toMatchObject({came: 100, cameSha: report.sentSha});
  });
});
