import {readFile} from 'node:fs/promises';
import {TandemError, type CanaryPlanSpec, type Owner} from '@tandem/contract';
import type {GateConfig} from './gate-core-state.ts';

/** What a gate process is told at its start, as JSON in a file. */
export interface GateSettings {
  /** names this canary to the downstream */
  readonly gate: string;
  readonly planHash: string;
  readonly inDoubt: CanaryPlanSpec['inDoubt'];
  readonly outputRatioMax: number;
  readonly attest: Readonly<Record<Owner, string>>;
  readonly fill: 'equal' | 'never';
  readonly journalFile: string;
  /** where the relay connects, `ipc://…` */
  readonly relayEndpoint: string;
  /** where the effects go */
  readonly downstreamEndpoint: string;
  readonly controlSocket: string;
  readonly killFile: string;
}

const HELD_BYTES_MAX = 512 * 1024 * 1024;
const PARTITIONS_MAX = 100_000;
const HOLD_MS_MAX = 2000;
const RETAIN_MS = 500;

export function gateConfig(settings: GateSettings): GateConfig {
  return {
    planHash: settings.planHash, inDoubt: settings.inDoubt, outputRatioMax: settings.outputRatioMax, attest: settings.attest, fill: settings.fill,
    heldBytesMax: HELD_BYTES_MAX, partitionsMax: PARTITIONS_MAX, holdMsMax: HOLD_MS_MAX, retainMs: RETAIN_MS,
  };
}

const TEXTS = ['gate', 'planHash', 'journalFile', 'relayEndpoint', 'downstreamEndpoint', 'controlSocket', 'killFile'] as const;

export async function readGateSettings(path: string): Promise<GateSettings> {
  const value = JSON.parse(await readFile(path, 'utf8')) as Partial<GateSettings>;
  const missing = TEXTS.find((name) => typeof value[name] !== 'string' || value[name] === '');
  const sound = missing === undefined && ['resend', 'query', 'halt'].includes(value.inDoubt ?? '') && Number.isSafeInteger(value.outputRatioMax)
    && typeof value.attest?.legacy === 'string' && typeof value.attest.candidate === 'string' && (value.fill === 'equal' || value.fill === 'never');
  if (!sound) {
    throw new TandemError({id: 'TDM-E253', kind: 'invariant', what: 'The settings of the gate are not complete.', where: path, seen: missing ?? 'a value of the wrong kind'});
  }
  return value as GateSettings;
}
