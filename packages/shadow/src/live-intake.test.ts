import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {CauseSelector, ErrorDetail, InputSpec} from '@tandem/contract';
import {connectPush, type PushSocket} from '@tandem/zmtp';
import {afterEach, expect, it} from 'vitest';
import {InputOrder} from './canary/input-order.ts';
import {behindHistory, readHistory} from './canary-history.ts';
import type {FeedInput} from './flow/feed-input.ts';
import {openPub} from './endpoint/open-socket.ts';
import {assertCanaryInputs, startLiveIntake, type LiveIntake, type LiveIntakeOptions} from './live-intake.ts';
import {memoryInputs} from './log-inputs.ts';
import {openLogReader} from './log/log-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'tdm-intake-'));
const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  rmSync(folder, {recursive: true, force: true});
});

const cause: CauseSelector = {kind: 'sequence', input: '/n', output: '/ref', partition: '/account'};
const message = (n: number | string, more = ''): Buffer => Buffer.from(`{"n":${n},"account":"A"${more}}`);
const numbersOf = (inputs: readonly FeedInput[]): unknown[] => inputs.map(({payload}) => (JSON.parse(Buffer.from(payload).toString()) as {n: unknown}).n);
const signal = new AbortController().signal;

interface Opened {readonly intake: LiveIntake; readonly notices: string[]; readonly ends: ErrorDetail[]; readonly order: InputOrder; push(...messages: Buffer[]): Promise<void>; all(): Promise<FeedInput[]>}
let logs = 0;
const open = async (more: Partial<LiveIntakeOptions> = {}): Promise<Opened> => {
  const [notices, ends, endpoint, order]: [string[], ErrorDetail[], string, InputOrder] = [[], [], `ipc://${folder}/in`, new InputOrder(cause)];
  const inputs: InputSpec[] = [{stream: 'orders', pattern: 'push-pull', endpoint, topics: []}];
  const intake = await startLiveIntake({inputs, folder: join(folder, `log-${logs += 1}`), cause, order, after: 0, onNotice: (line) => { notices.push(line); }, onEnd: (why) => { ends.push(why); }, ...more});
  ending.push(() => intake.stop().catch(() => undefined));
  let socket: PushSocket | null = null;
  return {
    intake, notices, ends, order: more.order ?? order,
    push: async (...messages) => {
      if (socket === null) {
        const made = socket = connectPush({endpoint});
        ending.push(() => made.close(0));
      }
      for (const one of messages) while (!socket.send(one)) await socket.whenRoom(1000);
      socket.flush();
    },
    all: async () => {
      const taken: FeedInput[] = [];
      const inputs = await intake.inputs();
      await intake.stop();
      for await (const batch of inputs.open(signal)) taken.push(...batch);
      return taken;
    },
  };
};

it('gives lanes what was pushed, in order: repetitions are left out, holes are stated, an unreadable number fills its place', async () => {
  const {intake, notices, order, push, all} = await open();
  await push(message(7), message(8), message(8), message('"x"'), message(10), message(13), message(9), message(7), message(14));
  await expect.poll(() => order.last).toBe(14);
  const inputs = await intake.inputs();
  const taken = await all();
  expect(numbersOf(taken)).toEqual([7, 8, 'x', 10, 13, 9, 14]);
  expect(taken.map(({inputSeq}) => inputSeq)).toEqual([1, 2, 3, 4, 7, 8, 9]);
  expect(await intake.stop()).toMatchObject({logged: 7, repeated: 2, behind: 1, withheld: 0, gaps: {records: 1, messages: 2, unknown: 0}});
  for await (const _ of inputs.open(signal)) { /* the gaps are known when the log was read */ }
  expect(inputs.gaps()).toMatchObject({records: 1, messages: 2, unknown: 0});
  expect(notices).toEqual(['first live input has number 7', '2 live inputs are missing: numbers of the inputs were left out', expect.stringContaining('not above 13') as string]);
});

it('behind a history numbers go on, positions too, and both readers keep together', async () => {
  const past = Array.from({length: 30_000}, (_, at): FeedInput => ({inputSeq: at + 1, recordedNs: at, payload: message(at + 1), frames: null}));
  const order = new InputOrder(cause);
  const history = await readHistory(memoryInputs(past), order, {cause, signal});
  expect(history).toMatchObject({count: 30_000, lastSeq: 30_000, lastCause: 30_000});
  const {intake, notices, push} = await open({order, after: history.lastSeq});
  await push(message(29_999), message(30_002));
  await expect.poll(() => order.last).toBe(30_002);
  const joined = behindHistory(history, await intake.inputs());
  await intake.stop();
  const counts = [0, 0];
  let apart = 0;
  const read = async (lane: number): Promise<FeedInput[]> => {
    let last: FeedInput[] = [];
    for await (const batch of joined.open(signal)) {
      counts[lane] = (counts[lane] ?? 0) + batch.length;
      apart = Math.max(apart, Math.abs((counts[0] ?? 0) - (counts[1] ?? 0)));
      if (lane === 1) await new Promise((go) => setImmediate(go));
      last = [...batch];
    }
    return last;
  };
  const [one, two] = await Promise.all([read(0), read(1)]);
  expect(apart).toBeLessThan(9000);
  for (const last of [one, two]) expect(last.map(({inputSeq}) => inputSeq)).toEqual([30_002]);
  expect(counts).toEqual([30_001, 30_001]);
  expect(notices).toContain('1 live inputs are missing: between the capture and the first live input');
});

it('after its end gives lanes nothing more and keeps what comes apart', async () => {
  const {intake, ends, push, all} = await open();
  await push(message(1));
  await expect.poll(() => intake.stats().messages).toBe(1);
  intake.close({id: 'TDM-E267', kind: 'environment', what: 'so it ends'});
  intake.close({id: 'TDM-E266', kind: 'environment', what: 'twice'});
  await push(message(2), message(3));
  await expect.poll(() => intake.stats().messages).toBe(3);
  const {withheld} = await intake.stop();
  expect(withheld).toBe(2);
  expect(ends.map(({id}) => id)).toEqual(['TDM-E267']);
  expect(numbersOf(await all())).toEqual([1]);
  const summary = await (await openLogReader(join(folder, `log-${logs}`))).summary();
  expect(summary.streams.map(({stream, messages}) => `${stream} ${messages}`).sort()).toEqual(['orders 1', 'out/withheld/orders 2']);
});

it('asks for its end before the disk is full', async () => {
  const {ends} = await open({freeBytesMin: Number.MAX_SAFE_INTEGER});
  await expect.poll(() => ends.map(({id}) => id)).toEqual(['TDM-E266']);
});

it('of publications states what the publisher dropped, by their numbers', async () => {
  const endpoint = `ipc://${folder}/pub`;
  const pub = await openPub({bind: endpoint});
  ending.push(() => { pub.close(); });
  const {intake, order, all} = await open({inputs: [{stream: 'orders', pattern: 'pub-sub', endpoint, topics: ['']}]});
  let n = 0;
  while (intake.stats().messages === 0) {
    await pub.socket.send(message(n += 1));
    await new Promise((go) => setTimeout(go, 5));
  }
  const first = n + 1;
  for (const next of [first, first + 1, first + 5]) await pub.socket.send(message(next));
  await expect.poll(() => order.last).toBe(first + 5);
  const taken = await all();
  expect(numbersOf(taken).slice(-3)).toEqual([first, first + 1, first + 5]);
  expect((await intake.stop()).gaps).toEqual({records: 1, messages: 3, unknown: 0});
});

it('refuses what it cannot stand for, and what stands there already', async () => {
  const input: InputSpec = {stream: 'orders', pattern: 'push-pull', endpoint: `ipc://${folder}/in`, topics: []};
  await open();
  await expect(open()).rejects.toMatchObject({detail: {id: 'TDM-E264', where: input.endpoint}});
  expect(() => { assertCanaryInputs([{...input, pattern: 'req-rep'}], cause, 'file'); }).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E124', seen: 'orders: req-rep'}) as unknown}) as Error);
  expect(() => { assertCanaryInputs([input, {...input, stream: 'quotes'}], cause, 'file'); }).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E124'}) as unknown}) as Error);
  expect(() => { assertCanaryInputs([input, {...input, stream: 'quotes'}], {...cause, input: null}, 'file'); }).not.toThrow();
});
