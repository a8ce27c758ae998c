import {createComparer} from '../src/compare/comparer.ts';
import {createJsonDecoder} from '../src/flow/bounded-json/decode-json.ts';
import {TopLevelScanner} from '../src/flow/bounded-json/top-level-scanner.ts';
import type {LaneOutput} from '../src/flow/lane-output.ts';
import type {SettledCause} from '../src/flow/settled-cause.ts';
import {createMatcher} from '../src/match/matcher.ts';
import {OrderModel, orderInputs} from '../test/parity/order-model.ts';
import {COMPARE_OPTIONS, NO_RULES} from '../test/parity/parity-run.ts';
import {seeded} from '../test/parity/seeded.ts';

// Topology: one thread, everything in memory, order-path outputs (median about 370 bytes). CPU time, so that a busy machine disturbs less;
// best and median of the rounds.
// Run: node packages/shadow/bench/compare.bench.ts [inputs] [rounds]

const INPUTS = Number(process.argv[2] ?? 40_000);
const ROUNDS = Number(process.argv[3] ?? 7);
const encoder = new TextEncoder();
const inputs = orderInputs(seeded(1), INPUTS).map((text) => encoder.encode(text));
const model = new OrderModel();
const decoder = new TextDecoder();
const answers = inputs.map((input) => model.handle(decoder.decode(input)).map((out) => JSON.stringify(out)));
const flat = answers.flat();
const sizes = flat.map((text) => text.length).sort((left, right) => left - right);

function measure(name: string, unit: string, run: () => number): void {
  const perUnit: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    const units = run();
    const {user, system} = process.cpuUsage(start);
    perUnit.push((user + system) * 1000 / units);
  }
  perUnit.sort((left, right) => left - right);
  const [bestNs, medianNs] = [perUnit[0] as number, perUnit[perUnit.length >> 1] as number];
  console.log(`${name.padEnd(46)} ${Math.round(bestNs).toString().padStart(6)} ns best ${Math.round(medianNs).toString().padStart(6)} ns median  ${Math.round(1e9 / medianNs).toLocaleString('en').padStart(10)} ${unit}/s`);
}

function outputs(lane: LaneOutput['lane'], write: (text: string) => string): LaneOutput[][] {
  let index = 0;
  return answers.map((texts) => texts.map((text) => ({lane, index: index++, tMonoNs: 0, payload: encoder.encode(write(text)), frames: null})));
}

const compact = (text: string): string => text;
const spaced = (text: string): string => text.replaceAll('":', '": ').replaceAll(',"', ', "');
const wrong = (text: string): string => text.replace('"transactTime":17', '"transactTime":18');
const legacy = outputs('legacy', compact);
const candidate = outputs('candidate', compact);
const python = outputs('candidate', spaced);
const differing = outputs('candidate', wrong);

function settled(actual: readonly LaneOutput[][]): SettledCause[] {
  return inputs.map((input, index) => ({inputSeq: index + 1, cause: String(index + 1), input, expected: legacy[index] as LaneOutput[], actual: actual[index] as LaneOutput[], late: {}, inverted: {}}));
}

function compareAll(causes: readonly SettledCause[]): number {
  const comparer = createComparer(NO_RULES, COMPARE_OPTIONS);
  for (const cause of causes) comparer.compareCause(cause);
  return flat.length;
}

function matchAll(): number {
  const matcher = createMatcher({
    expected: 'legacy', actual: 'candidate', cause: {input: '/msgSeqNum', output: '/refSeqNum', kind: 'sequence', partition: '/account'},
    inOrder: [], window: {messagesMax: 10_000, bytesMax: 1e9},
  });
  let taken = 0;
  for (let seq = 1; seq <= inputs.length; seq += 1) {
    matcher.input(seq, inputs[seq - 1] as Uint8Array);
    for (const output of legacy[seq - 1] as LaneOutput[]) matcher.output(output);
    for (const output of candidate[seq - 1] as LaneOutput[]) matcher.output(output);
    if (seq % 256 !== 0) continue;
    matcher.watermarkAt('legacy', seq);
    matcher.watermarkAt('candidate', seq);
    taken += matcher.take().length;
  }
  if (taken === 0) throw new Error('nothing was matched');
  return flat.length * 2;
}

console.log(`${String(inputs.length)} inputs, ${String(flat.length)} outputs a lane, ${String(sizes[sizes.length >> 1])} bytes median, node ${process.version}`);
const scanner = new TopLevelScanner(['/refSeqNum', '/account']);
const payloads = legacy.flat().map(({payload}) => payload);
measure('scan: find two of the first keys', 'messages', () => payloads.reduce((count, payload) => count + (scanner.find(payload) && scanner.integer(0) > 0 ? 1 : 1), 0));
measure('scan: check a whole message', 'messages', () => payloads.reduce((count, payload) => count + (scanner.check(payload) ? 1 : 0), 0));
const json = createJsonDecoder();
measure('decode into a tree', 'messages', () => payloads.reduce((count, payload) => count + (json.decode(payload).ok ? 1 : 0), 0));
measure('match (both lanes)', 'outputs', matchAll);
measure('compare, bytes equal', 'pairs', () => compareAll(settled(candidate)));
measure('compare, other white space', 'pairs', () => compareAll(settled(python)));
measure('compare, one field wrong everywhere', 'pairs', () => compareAll(settled(differing)));
