import type {ErrorDetail} from '@tandem/contract';
import {afterAll, describe, expect, it} from 'vitest';
import {trafficInputs} from '../work/bench-plan.ts';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {filesOf} from './fixtures/reading-runs.ts';
import {tandem, type Ended} from './fixtures/tandem-process.ts';

const LARGE = 900 * 1024;
const rulebook = 'packages/cli/fixtures/order-path/rulebook.json';
const args = `{args: ['--rules', '${rulebook}', '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof']}`;

/** What no sequencer should send, and what a tap will see all the same. */
const odd: readonly (readonly [string, Buffer])[] = [
  ['not JSON', Buffer.from('8=FIX.4.4|35=D|')],
  ['no octets', Buffer.alloc(0)],
  ['octets that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ['900 KiB of letters', Buffer.alloc(LARGE, 'x')],
  ['900 KiB of brackets', Buffer.alloc(LARGE, '[')],
  ['JSON of 900 KiB', Buffer.from(JSON.stringify({msgType: 'D', note: 'y'.repeat(LARGE)}))],
  ['two documents', Buffer.from('{"msgType":"0","msgSeqNum":9}{"msgType":"0"}')],
  ['a number too long', Buffer.from(`{"msgType":"0","msgSeqNum":${'9'.repeat(400)},"transactTime":1}`)],
  ['a hostile key', Buffer.from('{"__proto__":{"msgType":"D"},"msgType":"\\u001b[2J"}')],
];

describe('messages that are none', {timeout: 120_000}, () => {
  const bench = new BenchFolder();
  afterAll(() => {
    expect(bench.leftBehind()).toEqual([]);
    expect(bench.processes()).toEqual([]);
    bench.remove();
  });

  const migration = (): string => bench.migration({edit: (text) => text
    .replace(/legacy: python\(.*\n/, `legacy: python('packages/legacy-bridge/python/reference/order_path.py', ${args}),\n`)
    .replace(/candidate: python\(.*\n/, `candidate: engine('order', ${args}),\n`).replace('{command,', '{command, engine,')});
  const replay = (capture: string, runs: string): Promise<Ended> => tandem(['replay', capture, '-c', migration(), '--runs', bench.at(runs), '--no-twin', '--json'], {temporary: bench.temporary});

  it.concurrent('are refused by both order paths in the same words, and every one is counted', async () => {
    const regular = trafficInputs(400, 7).map(({payload}) => Buffer.from(payload));
    const messages = regular.flatMap((payload, at) => [payload, ...(at % 40 === 20 ? [odd[Math.floor(at / 40) % odd.length]?.[1] ?? Buffer.alloc(0)] : [])]);
    const {code, json, err} = await replay(await bench.capture('odd', messages), 'runs');
    const {verdict, parity} = json<{verdict: {outcome: string; summary: string}; parity: {conservation: unknown; byClass: unknown}}>();
    expect(parity, err).toMatchObject({byClass: {}, conservation: {in: messages.length, compared: messages.length, inFlight: 0, lost: {}, remainder: 0}});
    expect(verdict.outcome, verdict.summary).toBe('pass');
    expect(code).toBe(0);
    const {evidence} = filesOf(bench.onlyRun('runs'));
    expect(evidence.lanes.map(({state}) => state)).toEqual(['ok', 'ok']);
    expect(evidence.parity?.stateChecks.unequal).toBe(0);
  });

  it.concurrent('of 2 MiB, which no lane is given, are counted as lost; all that comes after them is compared', async () => {
    const regular = trafficInputs(400, 7).map(({payload}) => Buffer.from(payload));
    // two that only a tap saw, between the messages of the sequencer
    regular.splice(249, 0, Buffer.alloc(2 * 1024 * 1024, 'x'));
    regular.splice(300, 0, Buffer.from(JSON.stringify({msgType: 'D', msgSeqNum: 100_000, note: 'y'.repeat(2 * 1024 * 1024)})));
    const {code, json, err} = await replay(await bench.capture('too-large', regular), 'large-runs');
    const {verdict, faults, parity} = json<{verdict: {outcome: string; gates: {id: string; outcome: string; reason: string}[]}; faults: ErrorDetail[]; parity: unknown}>();
    expect(faults, err).toEqual([]);
    expect(parity).toMatchObject({byClass: {}, conservation: {in: regular.length, compared: regular.length - 2, inFlight: 0, lost: {'input above 1 MiB': 2}, remainder: 0}});
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.gates.find(({id}) => id === 'evidence.loss')).toMatchObject({outcome: 'inconclusive', reason: expect.stringContaining('2 input above 1 MiB') as string});
    expect(code).toBe(11);
  });
});
