import {expect, test} from 'vitest';
import type {Conservation, LaneName} from '@tandem/contract';
import {createComparer} from '../../src/compare/comparer.ts';
import type {Comparer} from '../../src/compare/comparer.ts';
import type {LaneOutput} from '../../src/flow/lane-output.ts';
import {createMatcher} from '../../src/match/matcher.ts';
import {OrderModel, orderInputs} from './order-model.ts';
import {COMPARE_OPTIONS, NO_RULES} from './parity-run.ts';
import {between, seeded} from './seeded.ts';
import type {Chance} from './seeded.ts';

const DEEP = process.env['TANDEM_DEEP'] === '1';
const SEED = Number(process.env['TANDEM_SEED'] ?? 4711);
const PAIRS = DEEP ? 1_000_000 : 100_000;
const CHUNK = 5000;
const LAG_MAX = 3000;

interface Lane {
  readonly name: LaneName;
  readonly write: (text: string) => string;
  readonly waiting: {readonly inputSeq: number; readonly payloads: readonly Uint8Array[]}[];
  index: number;
}

interface Totals {
  readonly comparer: Comparer;
  readonly conservation: Conservation;
  readonly strays: number;
  readonly pairs: number;
}

/** Two lanes that decide the same, at different speeds, with outputs of different partitions in any order. */
function run(pairs: number, write: (text: string) => string): Totals {
  const chance = seeded(SEED);
  const matcher = createMatcher({
    expected: 'legacy', actual: 'candidate', cause: {input: '/msgSeqNum', output: '/refSeqNum', kind: 'sequence', partition: '/account'},
    inOrder: [], window: {messagesMax: 10_000, bytesMax: 64 * 1024 * 1024},
  });
  const comparer = createComparer(NO_RULES, COMPARE_OPTIONS);
  const lanes: Lane[] = [
    {name: 'legacy', write: (text) => text, waiting: [], index: 0},
    {name: 'candidate', write, waiting: [], index: 0},
  ];
  const model = new OrderModel();
  let strays = 0;
  let inputSeq = 0;
  let outputs = 0;
  const drain = (): void => {
    for (const settled of matcher.take()) comparer.compareCause(settled);
    for (const stray of matcher.takeStrays()) {
      strays += 1;
      comparer.compareStray(stray);
    }
  };
  const encoder = new TextEncoder();
  // sequence numbers rise over all chunks
  for (let chunk = 0; outputs < pairs; chunk += 1) {
    for (const input of orderInputs(chance, CHUNK)) {
      inputSeq += 1;
      const shifted = input.replace(/"msgSeqNum":(\d+)/u, `"msgSeqNum":${String(inputSeq)}`);
      matcher.input(inputSeq, encoder.encode(shifted));
      const texts = model.handle(shifted).map((out) => JSON.stringify(out));
      for (const lane of lanes) lane.waiting.push({inputSeq, payloads: texts.map((text) => encoder.encode(lane.write(text)))});
      for (const lane of lanes) outputs += answer(lane, chance, matcher) / 2;
    }
    drain();
  }
  for (const lane of lanes) {
    while (lane.waiting.length > 0) sendFirst(lane, lane.waiting.length, matcher);
    matcher.watermarkAt(lane.name, inputSeq);
  }
  matcher.finish();
  drain();
  return {comparer, conservation: matcher.conservation(), strays, pairs: Math.floor(outputs)};
}

type Matching = Pick<ReturnType<typeof createMatcher>, 'output' | 'watermarkAt'>;

/** Now and then a lane answers what it has waiting, not always all of it. */
function answer(lane: Lane, chance: Chance, matcher: Matching): number {
  if (lane.waiting.length < LAG_MAX && chance() > 0.01) return 0;
  return sendFirst(lane, between(chance, 1, lane.waiting.length), matcher);
}

function sendFirst(lane: Lane, count: number, matcher: Matching): number {
  const batch = lane.waiting.splice(0, count);
  const outputs: LaneOutput[] = [];
  for (const {payloads} of batch) {
    for (const payload of payloads) outputs.push({lane: lane.name, index: lane.index++, tMonoNs: 0, payload, frames: null});
  }
  for (const output of outputs) matcher.output(output);
  matcher.watermarkAt(lane.name, batch.at(-1)?.inputSeq ?? 0);
  return outputs.length;
}

test(`the same against the same: ${String(PAIRS)} pairs and no finding (seed ${String(SEED)})`, {timeout: 600_000}, () => {
  const {comparer, conservation, strays, pairs} = run(PAIRS, (text) => text);
  const evidence = comparer.evidence(conservation);
  expect(pairs).toBeGreaterThanOrEqual(PAIRS - CHUNK);
  expect(evidence).toMatchObject({byClass: {}, groups: [], matched: evidence.outputs, bytesEqual: evidence.outputs});
  expect(evidence.outputs).toBeGreaterThanOrEqual(PAIRS);
  expect(strays).toBe(0);
  expect(conservation).toMatchObject({compared: conservation.in, inFlight: 0, lost: {}, remainder: 0});
});

test(`the same written by another language: no finding but the writing (seed ${String(SEED)})`, {timeout: 600_000}, () => {
  const {comparer, conservation, strays} = run(PAIRS / 5, (text) => text.replaceAll(/([,:])"/gu, '$1 "'));
  const evidence = comparer.evidence(conservation);
  expect(Object.keys(evidence.byClass)).toEqual(['format-only']);
  expect(evidence.groups.every((group) => group.title === 'white space between tokens differs')).toBe(true);
  expect(evidence.matched).toBe(evidence.outputs);
  expect([strays, conservation.remainder]).toEqual([0, 0]);
});
