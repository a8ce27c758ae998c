import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as turn} from 'node:timers/promises';
import {deserialize, serialize} from 'node:v8';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {shellCommand} from '@tandem/reports';
import {signalTools} from '../session-plan.ts';
import {decimalFlag} from './number-text.ts';
import {BESIDE, MARKET_EXCERPT, openTicks, type Ticks} from './tick-input.ts';
import {moduleFailure} from './user-module.ts';
import {openWorldOf, type OpenedWorld} from './world-input.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Result = ReturnType<InstanceType<Tools['Simulation']>['result']>;

const PIECE_TICKS = 8192;
const US_PER_MS = 1000;
const BPS = 10_000;

interface Kept {
  /** hash of all that the result depends on */
  readonly ground: string;
  /** signal logs that were sealed before this snapshot */
  readonly segments: number;
  readonly head: string;
  readonly state: ConstructorParameters<Tools['Simulation']>[2];
}

const putWhole = (file: string, content: Uint8Array | string): void => {
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
};

/** `tandem simulate` */
export const simulateWork = async (context: WorkContext, files: readonly string[]): Promise<number> => {
  const tools = await signalTools();
  const ticks = await openTicks(files.length === 0 ? [MARKET_EXCERPT] : files, numberFlag(context, 'count'));
  const store = textFlag(context, 'import');
  if (store !== null) {
    const hash = tools.writeTickStore(store, ticks, ticks.source);
    context.note(`wrote ${ticks.count.toLocaleString('en-US')} ticks of ${ticks.symbols.join(', ')} to ${store} (data ${hash.slice(0, 16)})`);
    context.printJson({formatVersion: '1.0', store, ticks: ticks.count, symbols: ticks.symbols, dataHash: hash});
    return EXIT_CODE.pass;
  }
  const world = await openWorldOf(textFlag(context, 'world'), textFlag(context, 'model'));
  const out = textFlag(context, 'out') ?? 'runs/simulation';
  const result = await simulate({context, ticks, world, out});
  if (result === null) return EXIT_CODE.interrupted;
  context.printJson({formatVersion: '1.0', out, source: ticks.source, dataHash: ticks.dataHash, ...result, orders: result.orders.length});
  tell(context, ticks, result, out);
  if (result.signals === 0) tellSilence(context, files, world);
  return EXIT_CODE.pass;
};

const tell = ({print, note}: WorkContext, ticks: Ticks, result: Result, out: string): void => {
  (ticks.source.includes(BESIDE) ? print : note)(`ticks of ${ticks.source}`);
  note(`${result.ticks.toLocaleString('en-US')} ticks, ${result.signals.toLocaleString('en-US')} signals, ${result.orders.length.toLocaleString('en-US')} orders, PnL ${result.pnl.toPrecision(8)}`);
  for (const {symbol, position, fees, pnl} of result.positions) note(`  ${symbol.padEnd(12)} position ${position}  fees ${fees.toPrecision(6)}  PnL ${pnl.toPrecision(8)}`);
  note(`  result ${result.hash}`);
  note(`  orders ${join(out, 'orders.csv')}   signals ${join(out, 'signals-000001.signals')}`);
};

/** Nothing was decided; a result of 0 alone would look like a strategy that rests. */
const tellSilence = ({print}: WorkContext, files: readonly string[], {own, modelFile, world}: OpenedWorld): void => {
  if (own === null && modelFile === null) {
    print('no signal: there is no model, so nothing was decided');
    print(`next     tandem ${shellCommand(['simulate', ...files.flatMap((file, at) => (at === 0 ? [file] : ['--with', file]))])} --model <file>   (docs/your-own-signals.md makes one)`);
  } else {
    print(`no signal: a symbol's first ${world.makeFeatures(1).warmupSteps.toLocaleString('en-US')} steps warm its features up, and what the model answers as NaN is none; give more ticks`);
  }
};

const parametersOf = (context: WorkContext): {barUs: number | null; rule: {enter: number; exit: number; size: number}; fills: {latencyUs: number; slippageShare: number; feeShare: number}} => {
  const bar = numberFlag(context, 'bar');
  return {
    barUs: bar === null ? null : bar * US_PER_MS,
    rule: {enter: decimalFlag(context, 'enter'), exit: decimalFlag(context, 'exit'), size: decimalFlag(context, 'size')},
    fills: {latencyUs: (numberFlag(context, 'latency') ?? 1) * US_PER_MS, slippageShare: decimalFlag(context, 'slippage-bps') / BPS, feeShare: decimalFlag(context, 'fee-bps') / BPS},
  };
};

const simulate = async ({context, ticks, world, out}: {context: WorkContext; ticks: Ticks; world: OpenedWorld; out: string}): Promise<Result | null> => {
  const tools = await signalTools();
  const parameters = parametersOf(context);
  const features = world.world.makeFeatures(ticks.symbols.length);
  const ground = createHash('sha256').update(JSON.stringify({parameters, data: ticks.dataHash, code: world.codeHash, features: features.featureHash, model: world.world.model.modelHash})).digest('hex');
  mkdirSync(out, {recursive: true});
  // what an earlier run ended with is not what this one will end with
  for (const name of ['result.json', 'orders.csv']) rmSync(join(out, name), {force: true});
  const kept = switchFlag(context, 'resume') ? readKept(join(out, 'snapshot'), ground) : null;
  if (kept === null && switchFlag(context, 'resume')) context.print(`no snapshot in ${out}: the simulation begins anew`);
  const log = new SegmentedLog(tools, out, kept, {
    formatVersion: '1.0', kind: 'simulated', modelHash: world.world.model.modelHash, featureHash: features.featureHash, codeHash: world.codeHash, symbols: ticks.symbols, blockRecords: 256, firstSeq: (kept?.state?.signals ?? 0) + 1,
    previous: null, arrivalDelayUs: Math.max(1, parameters.fills.latencyUs),
  });
  const simulation = new tools.Simulation(ticks, {...parameters, features, model: world.world.model, digest: (octets) => createHash('sha256').update(octets).digest(), onSignal: (...signal) => { log.append(...signal); }}, kept?.state ?? null);
  let snapshotMs = performance.now();
  for (let more = true; more;) {
    try {
      more = simulation.run(PIECE_TICKS);
    } catch (error) {
      throw world.own === null ? error : moduleFailure(world.own, error);
    }
    context.progress.offer(performance.now(), () => [`simulating  ${Math.floor(simulation.share * 100)} % of ${ticks.count.toLocaleString('en-US')} ticks`]);
    await turn();
    if (context.signal.aborted || (more && performance.now() - snapshotMs > (numberFlag(context, 'snapshot-every') ?? Infinity))) {
      snapshotMs = performance.now();
      log.next();
      putWhole(join(out, 'snapshot'), serialize({ground, segments: log.segments, head: log.head, state: simulation.snapshot()} satisfies Kept));
    }
    if (context.signal.aborted) return null;
  }
  context.progress.done();
  log.close();
  const result = simulation.result();
  putWhole(join(out, 'result.json'), `${JSON.stringify({formatVersion: '1.0', ground, ...result}, null, 1)}\n`);
  putWhole(join(out, 'orders.csv'), ['symbol,quantity,decidedUs,filledUs,price,fee', ...result.orders.map(({symbol, quantity, decidedUs, filledUs, price, fee}) => [ticks.symbols[symbol], quantity, decidedUs, filledUs, price, fee].join(',')), ''].join('\n'));
  rmSync(join(out, 'snapshot'), {force: true});
  return result;
};

/** @throws TandemError TDM-E148 when the file is none that a simulation left */
const keptIn = (file: string): Kept => {
  let kept: unknown;
  try {
    kept = deserialize(readFileSync(file));
  } catch (cause) {
    throw damagedSnapshot(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const {ground, segments, state} = (kept ?? {}) as Partial<Kept>;
  if (typeof ground !== 'string' || !Number.isSafeInteger(segments) || state === null || typeof state !== 'object') throw damagedSnapshot(file, 'it holds something else');
  return kept as Kept;
};

const damagedSnapshot = (file: string, seen: string, cause?: unknown): TandemError =>
  new TandemError({id: 'TDM-E148', kind: 'usage', what: 'the snapshot cannot be read', where: file, seen, fix: 'leave --resume out: the simulation begins anew'}, {cause});

const readKept = (file: string, ground: string): Kept | null => {
  if (!existsSync(file)) return null;
  const kept = keptIn(file);
  if (kept.ground === ground) return kept;
  throw new TandemError({id: 'TDM-E148', kind: 'usage', what: 'the snapshot belongs to another simulation', where: file, seen: 'ticks, features, model, code or parameters have changed since', fix: 'leave --resume out, or give another --out'});
};

/** Signal logs one behind the other: each is sealed when a snapshot is taken, so a run that is killed leaves nothing half. */
class SegmentedLog {
  segments: number;
  head: string;
  readonly #tools: Tools;
  readonly #out: string;
  readonly #header: ConstructorParameters<Tools['SignalLogWriter']>[1];
  #writer: InstanceType<Tools['SignalLogWriter']> | null = null;
  #records: number;

  constructor(tools: Tools, out: string, kept: Kept | null, header: ConstructorParameters<Tools['SignalLogWriter']>[1]) {
    this.#tools = tools;
    this.#out = out;
    this.#header = header;
    this.segments = kept?.segments ?? 0;
    this.head = kept?.head ?? '';
    this.#records = header.firstSeq - 1;
    // what was written after the last snapshot is written again, the same
    for (const name of readdirSync(out)) if (/^signals-\d{6}\.signals$/.test(name) && name > this.#name(this.segments)) rmSync(join(out, name));
  }

  append(eventUs: number, symbol: number, value: number, price: number): void {
    this.#writer ??= this.#open();
    this.#writer.append(eventUs, symbol, value, price);
    this.#records++;
  }

  /** Seals what is open. */
  next(): void {
    if (this.#writer === null) return;
    this.head = this.#writer.close();
    this.segments++;
    this.#writer = null;
  }

  close(): void {
    if (this.segments === 0) this.#writer ??= this.#open();
    this.next();
  }

  #open(): InstanceType<Tools['SignalLogWriter']> {
    const previous = this.segments === 0 ? null : {file: this.#name(this.segments), head: this.head};
    return new this.#tools.SignalLogWriter(this.#file(this.segments + 1), {...this.#header, firstSeq: this.#records + 1, previous}, {nowUs: () => 0, onHead: null, syncEachBlock: false});
  }

  #name(at: number): string {
    return `signals-${String(at).padStart(6, '0')}.signals`;
  }

  #file(at: number): string {
    return join(this.#out, this.#name(at));
  }
}
