import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openWorld} from '../src/signal/open-world.ts';
import {signalStream} from '../src/signal/signal-stream.ts';
import {SignalLogWriter} from '../src/signal/signal-log/log-writer.ts';
import {FIELD_COUNT} from '../src/signal/tick-store/tick-columns.ts';
import {startEndToEndC} from './signal-end-to-end-c.ts';
import {walkColumns} from './tick-walk.ts';

// One symbol, tick after tick: features, model, record in the signal log with its hash chain on the disk; beside it the same ticks through C, without log and chain. `signal-end-to-end.bench.ts <model> [ticks] [rounds]`. JSON lines.
const model = process.argv[2] === undefined || process.argv[2] === '-' ? null : process.argv[2];
const [ticks = 200_000, rounds = 3] = process.argv.slice(3).map(Number);
const world = await openWorld(model);
const columns = walkColumns(ticks, 1, 7);
const folder = mkdtempSync(join(tmpdir(), 'tandem-signal-bench-'));
// as the lane does
const {timeOrigin} = performance;
const wallUs = (): number => Math.floor((timeOrigin + performance.now()) * 1000);
const nowNs = (): number => performance.now() * 1e6;

type Way = 'stream' | 'whole';
/** `stream`: as a lane or a simulation asks the model, which walks the trees that a tick changed; `whole`: every tree for every tick, as C beside it does. */
const round = (at: number, way: Way): number => {
  const features = world.makeFeatures(1);
  const {predict} = world.model, stream = signalStream(way === 'stream' ? world.model : {...world.model, stream: () => ({predict: (_, row) => predict(row)})}, 1);
  const log = new SignalLogWriter(join(folder, `${at}-${way}.signals`), {
    formatVersion: '1.0', kind: 'live', modelHash: world.model.modelHash, featureHash: features.featureHash, codeHash: '0'.repeat(64), symbols: ['S0'], blockRecords: 256, firstSeq: 1, previous: null, arrivalDelayUs: null,
  }, {nowUs: wallUs, onHead: null, syncEachBlock: false});
  const values = new Float64Array(FIELD_COUNT);
  const {fields, timeUs} = columns;
  const latencies = new Float64Array(ticks);
  let sum = 0, last = Number.NaN;
  for (let i = 0; i < ticks; i++) {
    for (let field = 0; field < FIELD_COUNT; field++) values[field] = fields[field]![i]!;
    const startedNs = nowNs();
    features.step(0, values);
    const value = stream.predict(0, features.row);
    log.append(timeUs[i]!, 0, value, values[0]!);
    latencies[i] = nowNs() - startedNs;
    sum += value;
    last = value;
  }
  log.close();
  const warm = latencies.subarray(Math.floor(ticks / 4)).sort();
  const quantile = (share: number): number => Math.round(warm[Math.min(warm.length - 1, Math.floor(share * warm.length))]!);
  const line = way === 'stream'
    ? {bench: 'signal-end-to-end', features: features.names.length, model: model !== null, ticks, p50Ns: quantile(0.5), p99Ns: quantile(0.99), p999Ns: quantile(0.999), maxNs: Math.round(warm[warm.length - 1]!), walkedShare: stream.walkedShare?.() ?? 1, sum}
    : {bench: 'signal-end-to-end-whole', wholeP50Ns: quantile(0.5), wholeP99Ns: quantile(0.99), sum};
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return last;
};
/** Mean cost of features alone and of the model alone, without a clock between ticks. */
const parts = (): void => {
  const features = world.makeFeatures(1);
  const values = new Float64Array(FIELD_COUNT);
  const run = (from: number, to: number): number => {
    const startedNs = nowNs();
    for (let i = from; i < to; i++) {
      for (let field = 0; field < FIELD_COUNT; field++) values[field] = columns.fields[field]![i]!;
      features.step(0, values);
    }
    return (nowNs() - startedNs) / (to - from);
  };
  const piece = Math.floor(ticks / 8);
  const featuresNs = Array.from({length: 8}, (_, at) => run(at * piece, (at + 1) * piece)).slice(2);
  const {row} = features;
  let sum = 0;
  const modelNs = Array.from({length: 8}, (_, at) => {
    const startedNs = nowNs();
    for (let i = 0; i < piece; i++) {
      row[i % row.length] = (i * 2654435761 % 1000) / 500 - 1;
      sum += world.model.predict(row);
    }
    return at < 2 ? Infinity : (nowNs() - startedNs) / piece;
  });
  process.stdout.write(`${JSON.stringify({bench: 'signal-parts', features: features.names.length, featuresNs: Math.round(Math.min(...featuresNs) * 10) / 10, modelNs: Math.round(Math.min(...modelNs) * 10) / 10, sum})}\n`);
};
try {
  parts();
  const c = model === null || rounds === 0 ? null : startEndToEndC(folder, model, {columns, names: world.makeFeatures(1).names});
  for (let at = 0; at < rounds; at++) {
    // each in turn before and after the other
    const order: readonly Way[] = at % 2 === 0 ? ['stream', 'whole'] : ['whole', 'stream'];
    const [last, other] = order.map((way) => round(at, way)), native = await c?.pass();
    if (!Object.is(last, other)) throw new Error('a stream of rows gave another prediction than its last row alone');
    if (native !== undefined) process.stdout.write(`${JSON.stringify({bench: 'signal-end-to-end-c', cP50Ns: native.p50Ns, cP99Ns: native.p99Ns, isEqual: native.value === last})}\n`);
  }
  c?.end();
} finally {
  rmSync(folder, {recursive: true, force: true});
}
