import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {TandemError} from '@tandem/contract';
import type {LaneOptions} from './lane-options.ts';
import {serveLane, type EngineLane, type OutputPort, type ServedPath} from './lane-server.ts';
import {batchLane, jsonLane} from './order-lane.ts';
import {readRulebook} from './order/rulebook-read.ts';
import {RulebookError} from './order/rulebook-section.ts';
import type {Rulebook} from './order/rulebook.ts';

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

const openLane = (rules: Rulebook, {codec, snapshotFolder}: LaneOptions, port: OutputPort): ServedPath => {
  try {
    return codec === 'batch' ? batchLane(rules, port) : jsonLane(rules, port, snapshotFolder);
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
export const startEngineLane = (options: LaneOptions, edit: OutputEdit | null = null): Promise<EngineLane> => {
  const rules = loadRulebook(options.rulesFile);
  return serveLane(options, (port) => openLane(rules, options, edit === null ? port : {...port, send: (octets) => port.send(edit(octets))}));
};
