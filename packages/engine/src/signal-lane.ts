import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {crc32} from './batch-frame/crc32.ts';
import {serveLane, type EngineLane, type OutputPort, type ServedPath} from './lane-server.ts';
import type {SignalLaneOptions} from './signal-lane-options.ts';
import {openHeadsFile} from './signal/signal-log/heads-file.ts';
import {SignalLogWriter} from './signal/signal-log/log-writer.ts';
import {SignalPath, type LiveSignal, type LiveTick} from './signal/signal-path.ts';
import type {SignalWorld} from './signal/signal-world.ts';
import {signalCodeHash} from './signal/sweep/code-hash.ts';
import {TICK_FIELDS} from './signal/tick-store/tick-columns.ts';

/** signals wait for a full block no longer than this */
const LOG_AGE_MS = 200;
const BLOCK_RECORDS = 256;
const US_PER_MS = 1000;
// a constant that costs as much to read as half the clock
const {timeOrigin} = performance;
const wallUs = (): number => Math.floor((timeOrigin + performance.now()) * US_PER_MS);

/** JSON numbers of both languages mean the same double; what JSON cannot say is null. */
const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

type Message = Readonly<Record<string, unknown>>;

/** Reads a tick into `tick`. @returns null, or why it is none */
const readTick = (message: Message, tick: LiveTick, places: ReadonlyMap<string, number>): string | null => {
  const {msgSeqNum, symbol, timeUs} = message;
  if (!Number.isSafeInteger(msgSeqNum) || (msgSeqNum as number) < 1) return 'msgSeqNum';
  const place = typeof symbol === 'string' ? places.get(symbol) : undefined;
  if (place === undefined) return 'symbol';
  if (!Number.isSafeInteger(timeUs) || (timeUs as number) < 0) return 'timeUs';
  for (let i = 0; i < TICK_FIELDS.length; i++) {
    const value = message[TICK_FIELDS[i]!];
    if (typeof value !== 'number' || !Number.isFinite(value)) return TICK_FIELDS[i]!;
    tick.values[i] = value;
  }
  tick.seq = msgSeqNum as number;
  tick.symbol = place;
  tick.timeUs = timeUs as number;
  return null;
};

interface LogSink {
  append(signal: LiveSignal, price: number): void;
  close(): void;
}

const openLog = (options: SignalLaneOptions, world: SignalWorld, featureHash: string): LogSink | null => {
  if (options.logFile === null) return null;
  const heads = options.headsFile === null ? null : openHeadsFile(options.headsFile);
  const log = new SignalLogWriter(options.logFile, {
    formatVersion: '1.0', kind: 'live', modelHash: world.model.modelHash, featureHash, codeHash: signalCodeHash(), symbols: options.symbols, blockRecords: BLOCK_RECORDS, firstSeq: 1, previous: null, arrivalDelayUs: null,
  }, {nowUs: wallUs, onHead: heads === null ? null : (head) => { heads.publish(head); }, syncEachBlock: false});
  const timer = setInterval(() => { log.flush(); }, LOG_AGE_MS);
  return {
    append: (signal, price) => { log.append(signal.timeUs, signal.symbol, signal.value, price); },
    close: () => {
      clearInterval(timer);
      log.close();
      heads?.close();
    },
  };
};

/** Ticks as JSON in, signals as JSON out; test requests are answered in order. */
export const signalPathLane = (options: SignalLaneOptions, world: SignalWorld, port: OutputPort): ServedPath => {
  const {symbols, featuresEvery} = options;
  const path = new SignalPath(world, symbols.length, {threshold: options.threshold, crc: (octets, before) => crc32(octets, 0, octets.byteLength, before) >>> 0});
  const log = openLog(options, world, world.makeFeatures(1).featureHash);
  const places = new Map(symbols.map((name, at) => [name, at]));
  const keys = path.names.map((name) => `${JSON.stringify(name)}:`);
  const quoted = symbols.map((name) => JSON.stringify(name));
  const tick: LiveTick = {seq: 0, symbol: 0, timeUs: 0, values: new Float64Array(TICK_FIELDS.length)};
  const counts = {ticks: 0, signals: 0, repeats: 0, refused: 0};
  const send = (text: string): void => { port.send(Buffer.from(text, 'latin1')); };
  const features = (row: Float64Array): string => `{${keys.map((key, i) => key + numberText(row[i]!)).join(',')}}`;
  const take = (message: Message): void => {
    const wrong = readTick(message, tick, places);
    if (wrong !== null) {
      counts.refused++;
      const seq = Number.isSafeInteger(message['msgSeqNum']) ? message['msgSeqNum'] as number : 0;
      send(`{"msgType":"3","refSeqNum":${seq},"field":"${wrong}"}`);
      return;
    }
    const signal = path.accept(tick);
    if (signal === null) {
      counts.repeats++;
      return;
    }
    counts.ticks++;
    if (!Number.isNaN(signal.value)) {
      counts.signals++;
      log?.append(signal, tick.values[0]!);
    }
    const more = featuresEvery > 0 && signal.seq % featuresEvery === 0 ? `,"features":${features(signal.row)}` : '';
    send(`{"msgType":"S","refSeqNum":${signal.seq},"symbol":${quoted[signal.symbol]!},"timeUs":${signal.timeUs},"signal":${numberText(signal.value)},"side":"${signal.side}"${more}}`);
  };
  const answer = (message: Message): void => {
    const hash = message['stateHash'] === '1' ? `"${createHash('sha256').update(path.stateText(symbols)).digest('hex')}"` : 'null';
    send(`{"msgType":"0","refSeqNum":${path.seq},"testReqId":${JSON.stringify(message['testReqId'] ?? null)},"stateHash":${hash}}`);
  };
  return {
    accept(octets) {
      const message = parse(octets);
      if (message['msgType'] === '1') answer(message);
      else take(message);
    },
    flush: () => undefined,
    snapshot: null,
    counts: () => counts,
    stop: () => { log?.close(); },
  };
};

const parse = (octets: Uint8Array): Message => {
  try {
    const value = JSON.parse(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8')) as unknown;
    return value !== null && typeof value === 'object' ? value as Message : {};
  } catch {
    return {};
  }
};

/** Opens model, state and sockets, and runs until stopped. */
export const startSignalLane = async (options: SignalLaneOptions, openWorld: (modelFile: string | null) => Promise<SignalWorld>): Promise<EngineLane> => {
  const world = await openWorld(options.modelFile);
  return serveLane(options, (port) => signalPathLane(options, world, port));
};
