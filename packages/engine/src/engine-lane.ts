import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import {openGateway, type Gateway} from './gateway.ts';
import type {LaneOptions} from './lane-options.ts';
import {batchLane, jsonLane, type OrderLane, type OutputPort} from './order-lane.ts';
import {readRulebook} from './order/rulebook-read.ts';
import {RulebookError} from './order/rulebook-section.ts';
import type {Rulebook} from './order/rulebook.ts';
import {SelfMeasure} from './self-measure.ts';

/** The same program with defects that real ports have had: `… order --plant <defect> …`. For demonstrations and tests of the harness alone. */
export const plantedEngineProgram = (): string => fileURLToPath(new URL('./planted/main.ts', import.meta.url));

const RULEBOOK_BYTES_MAX = 16 * 1024 * 1024;

/** Absolute path of the program that is launched as a lane: `node <program> order --rules … --in … --out …`. */
export const engineLaneProgram = (): string => fileURLToPath(new URL('./main.ts', import.meta.url));

const refuse = (file: string, what: string, more: {seen?: string; fix?: string; cause?: unknown} = {}): TandemError =>
  new TandemError({id: 'TDM-E405', kind: 'usage', what: `the rulebook cannot be used: ${what}`, where: file, seen: more.seen, fix: more.fix}, {cause: more.cause});

/**
 * Reads a rulebook file.
 * @throws TandemError TDM-E405 with the path of the key that is wrong and the closest valid one
 */
export const loadRulebook = (file: string): Rulebook => {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw refuse(file, 'it cannot be read', {seen: cause instanceof Error ? cause.message : String(cause), cause});
  }
  if (bytes.length > RULEBOOK_BYTES_MAX) throw refuse(file, `it is larger than ${RULEBOOK_BYTES_MAX} bytes`);
  try {
    return readRulebook(bytes);
  } catch (cause) {
    if (!(cause instanceof RulebookError)) throw cause;
    const fix = cause.nearest === null ? undefined : `did you mean ${cause.nearest}?`;
    throw refuse(file, cause.message, {...(cause.seen === '' ? {} : {seen: cause.seen}), ...(fix === undefined ? {} : {fix}), cause});
  }
};

/** A running lane. */
export interface EngineLane {
  /** ends the lane once everything that arrived is answered */
  stop(): void;
  /** writes the stats file, if one was asked for */
  writeStats(): void;
  /** settles when the lane has ended */
  readonly ended: Promise<void>;
}

const openLane = (rules: Rulebook, codec: LaneOptions['codec'], port: OutputPort): OrderLane => {
  try {
    return codec === 'batch' ? batchLane(rules, port) : jsonLane(rules, port);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TandemError({
      id: 'TDM-E406', kind: 'environment', what: 'the memory that this rulebook asks for cannot be had', seen: cause.message,
      fix: 'lower terminalRetention, maxOpenOrders or duplicateWindow',
    }, {cause});
  }
};

/** Changes an output on its way out: how a defect is planted for demonstrations of the harness. */
export type OutputEdit = (octets: Uint8Array) => Uint8Array;

/** Opens sockets and state, and runs until stopped. */
export const startEngineLane = async (options: LaneOptions, edit: OutputEdit | null = null): Promise<EngineLane> => {
  const rules = loadRulebook(options.rulesFile);
  let gateway: Gateway | null = null;
  const lane = openLane(rules, options.codec, {send: (octets) => gateway !== null && gateway.send(edit === null ? octets : edit(octets)), isBlocked: () => gateway === null || gateway.isBlocked});
  try {
    gateway = await openGateway(options);
  } catch (error) {
    lane.stop();
    throw error;
  }
  const opened = gateway;
  const self = new SelfMeasure();
  const writeStats = (): void => {
    if (options.statsFile === null) return;
    const stats = {formatVersion: '1.0', pid: process.pid, node: process.version, codec: options.codec, ...self.figures(), gateway: opened.counts, path: lane.counts()};
    const half = `${options.statsFile}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(stats, null, 1)}\n`, {mode: 0o600});
    renameSync(half, options.statsFile);
  };
  const ended = opened.run(lane).finally(() => {
    lane.stop();
    writeStats();
    self.stop();
  });
  return {stop: () => { opened.stop(); }, writeStats, ended};
};
