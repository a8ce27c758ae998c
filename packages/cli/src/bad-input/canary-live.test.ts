import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import type {ErrorDetail} from '@tandem/contract';
import {openLogReader} from '@tandem/shadow';
import {afterAll, describe, expect, it} from 'vitest';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {liveProducer, waitingOrders} from './fixtures/live-producer.ts';
import {startTandem, tandem, type Ended, type RunningTandem, type TandemOptions} from './fixtures/tandem-process.ts';

const deep = process.env['TANDEM_DEEP'] === '1';
const CANARY = "canary: {stages: ['50%', '100%'], bake: '200ms', minMessages: 50},\n  gates:";

interface Document {
  readonly exitCode: number;
  readonly stage: string;
  readonly complete: boolean;
  readonly inputs: number;
  readonly released: number;
  readonly faults: readonly string[];
  readonly restarts: Readonly<Record<string, number>>;
  readonly verdict: string;
  readonly live: {
    readonly taken: number;
    readonly logFolder: string; readonly reason: string; readonly stageAtEnd: {readonly stage: string; readonly share: number} | null; readonly fault: ErrorDetail | null;
    readonly history: {readonly inputs: number; readonly lastCause: number} | null; readonly returned: boolean;
    readonly intake: {readonly logged: number; readonly withheld: number; readonly repeated: number; readonly silence: ErrorDetail | null; readonly behind: number; readonly gaps: {readonly records: number}} | null;
  };
}

describe('a canary on live inputs', {timeout: 180_000}, () => {
  const bench = new BenchFolder();
  let places = 0;
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  const place = (): string => `ipc://${bench.path}/in-${places += 1}`;
  const migration = (input: string, edit = (text: string): string => text): string => bench.migration({candidate: {behaviour: 'plain', at: 151}, edit: (text) => edit(text.replace("sub('tcp://127.0.0.1:1')", input).replace('python, sub}', 'dealer, push, python, sub}').replace('gates:', CANARY))});
  let runs = 0;
  const args = (file: string, more: readonly string[]): string[] => ['canary', 'start', '--live', '-c', file, '--runs', bench.at(`runs-${runs += 1}`), '--json', ...more];
  const start = (file: string, more: readonly string[] = [], options: TandemOptions = {}): RunningTandem => startTandem(args(file, more).filter((arg) => arg !== '--json'), {temporary: bench.temporary, ...options});
  const startJson = (file: string, more: readonly string[] = [], options: TandemOptions = {}): RunningTandem => startTandem(args(file, more), {temporary: bench.temporary, ...options});
  const refused = async (file: string, more: readonly string[] = []): Promise<Ended> => tandem(args(file, more), {temporary: bench.temporary});
  const candidatePids = (): number[] => bench.processes().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--at\u0000151\u0000'));
  const timelineOf = (run: number): string => {
    const folder = bench.at(`runs-${run}`);
    const [name] = existsSync(folder) ? readdirSync(folder) : [];
    const file = join(folder, name ?? '', 'canary/timeline.jsonl');
    return name !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  it('goes to the full share and back while a real producer pushes, its candidate is killed and the producer comes back: nothing is lost, nothing comes twice', async () => {
    const endpoint = place();
    const producer = await liveProducer(endpoint);
    // it pushes before anybody is there
    const early = producer.send(1, 300, 2000);
    const running = startJson(migration(`push('${endpoint}')`));
    const run = runs;
    await early;
    let sent = 300;
    const more = async (count: number): Promise<void> => {
      await producer.send(sent + 1, count, 500);
      sent += count;
    };
    while (!timelineOf(run).includes('"stage":"PRIMARY"')) await more(50);
    const [pid] = candidatePids();
    process.kill(pid as number, 'SIGKILL');
    await more(200);
    await producer.end();
    const again = await liveProducer(endpoint);
    // the last ten were not known to have arrived, so they are said again
    await again.send(sent - 9, 210, 500);
    sent += 200;
    running.child.kill('SIGINT');
    await again.send(sent + 1, 20, 500);
    const {code, json} = await running.ended;
    // what nobody takes any more waits with the producer, for whoever comes next
    const document = json<Document>();
    const left = sent + 20 - (document.live.intake?.logged ?? 0);
    const rest = left === 0 ? [] : await waitingOrders(endpoint, left);
    await again.end();
    expect(document).toMatchObject({stage: 'SHADOW', complete: true, faults: [], restarts: {candidate: 1, legacy: 0, gate: 0}, live: {returned: true, fault: null, reason: 'stopped by SIGINT', intake: {withheld: 0, repeated: 10, gaps: {records: 0}}}});
    const taken = document.live.intake?.logged ?? 0;
    expect(taken + rest.length).toBe(sent + 20);
    expect(rest).toEqual(Array.from({length: rest.length}, (_, at) => taken + 1 + at));
    expect(document).toMatchObject({inputs: taken, released: taken});
    expect(code).toBe(130);
    expect(document.exitCode).toBe(12);
    expect(await (await openLogReader(document.live.logFolder)).summary()).toMatchObject({messages: taken, whole: true});
  });

  it('that cannot be fed so says why, before anything is started', async () => {
    const [taken, endpoint] = [createServer(), place()];
    await new Promise<void>((done) => taken.listen(endpoint.replace('ipc://', ''), done));
    const busy = await refused(migration(`push('${endpoint}')`));
    taken.close();
    expect(busy.code).toBe(3);
    expect(busy.json().error).toMatchObject({id: 'TDM-E264', where: endpoint, likely: expect.stringContaining('legacy of today') as string});
  });

  it.runIf(deep)('that cannot be fed at all says why', async () => {
    const asking = await refused(migration(`dealer('${place()}')`));
    expect(asking.json().error).toMatchObject({id: 'TDM-E124'});
    const dead = await tandem(['canary', 'start', '--log', bench.at('x'), '-c', migration(`push('${place()}')`), '--json'], {temporary: bench.temporary});
    expect(dead.json().error).toMatchObject({id: 'TDM-E125'});
  });

  it.runIf(deep)('to which nothing comes says how far producers got, and ends inconclusive', async () => {
    const {code, json, err} = await refused(migration(`push('${place()}')`), ['--for', '7s']);
    expect(code).toBe(11);
    expect(err).toContain('no producer has connected');
    expect(json<Document>()).toMatchObject({inputs: 0, released: 0, live: {intake: {logged: 0, silence: {id: 'TDM-E282', seen: 'no producer has connected'}}}});
  });

  it.runIf(deep).each([
    // partitions in which legacy's answers have lost their order stand still, whoever owns them, which is a fail
    ['before a share is moved', 5000], ['while a share is moved', 50],
  ])('whose producer counts anew %s ends in order and keeps what came behind', async (_, minMessages) => {
    const endpoint = place();
    const producer = await liveProducer(endpoint);
    const running = startJson(migration(`push('${endpoint}')`, (text) => text.replace(/gates: \{minMessages: \d+/, `gates: {minMessages: ${minMessages}`)));
    await expect.poll(() => timelineOf(runs), {timeout: 20_000}).toContain('"candidate up"');
    await producer.send(1, 400, 400);
    await producer.send(1001, 10, 400);
    await producer.send(500, 50, 400);
    const {code, json} = await running.ended;
    // what the canary did not take any more stays with its producer, for whoever binds next
    producer.kill();
    const document = json<Document>();
    expect(document).toMatchObject({exitCode: 10, stage: 'SHADOW', complete: true, faults: [], released: 410, live: {fault: {id: 'TDM-E267'}}});
    expect(code).toBe(10);
    const {logged = 0, withheld = 0, behind = 0} = document.live.intake ?? {};
    expect([document.inputs >= 410, logged >= document.inputs, logged + withheld === document.live.taken, behind > 0]).toEqual([true, true, true, true]);
  });

  it.runIf(deep)('behind a history releases only what comes live, aligned at its end', async () => {
    const endpoint = place();
    const first = await liveProducer(endpoint);
    const one = startJson(migration(`push('${endpoint}')`), ['--log', bench.at('day-1')]);
    await expect.poll(() => timelineOf(runs), {timeout: 20_000}).toContain('"candidate up"');
    await first.send(1, 600, 500);
    one.child.kill('SIGTERM');
    const before = (await one.ended).json<Document>();
    expect(before).toMatchObject({complete: true, inputs: before.live.intake?.logged, released: before.inputs});
    const two = start(migration(`push('${endpoint}')`), ['--capture', bench.at('day-1')]);
    await two.until(/canary ready at sequence \d+/);
    expect(two.err()).toContain(`canary ready at sequence ${before.inputs}:`);
    await first.send(601, 400, 500);
    two.child.kill('SIGINT');
    const {out, code} = await two.ended;
    expect(code).toBe(130);
    const live = Number(/ ([\d,]+) in the log, no gap, behind/.exec(out)?.[1]?.replace(',', ''));
    expect(out).toContain(`downstream ${live} effects`);
    expect(out).toMatch(/each once, in order of its partition, from its owner/);
    // the legacy of today answered all but the last fifty of the history
    const three = start(migration(`push('${endpoint}')`), ['--capture', bench.at('day-1'), '--release-from', String(before.inputs - 49)]);
    await three.until(/canary ready at sequence \d+/);
    three.child.kill('SIGTERM');
    const last = await three.ended;
    expect(last.code).toBe(143);
    expect(last.out).toContain(`downstream ${50 + Number(/ ([\d,]+) in the log/.exec(last.out)?.[1])} effects`);
    first.kill();
  });

  it.runIf(deep)('whose log may not grow any more goes back to legacy and says up to where it holds', async () => {
    const endpoint = place();
    const producer = await liveProducer(endpoint, 4000);
    const running = startJson(migration(`push('${endpoint}')`), [], {fileKiBMax: 2000});
    await producer.send(1, 800, 400);
    const {code, json} = await running.ended;
    producer.kill();
    const document = json<Document>();
    expect(code).toBe(3);
    expect(document.live).toMatchObject({fault: {id: 'TDM-E272', seen: expect.stringMatching(/kept: orders up to \d+/) as string}, intake: null});
    const kept = Number(/kept: orders up to (\d+)/.exec(document.live.fault?.seen ?? '')?.[1]);
    expect(document).toMatchObject({stage: 'SHADOW', complete: true, faults: [], inputs: kept, released: kept});
    expect(document.live.taken).toBeGreaterThanOrEqual(kept);
  });
});
