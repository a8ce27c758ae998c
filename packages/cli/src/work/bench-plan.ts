import type {Migration} from '@tandem/contract';
import {memoryInputs, type FeedInput, type SessionPlan} from '@tandem/shadow';
import {demoTraffic} from '../traffic/demo-traffic.ts';
import {runVersions, today} from './run-versions.ts';

/** Messages of seeded order traffic in memory, so that reading them costs a measurement nothing. */
export const trafficInputs = (messages: number, seed: number): readonly FeedInput[] => {
  const inputs: FeedInput[] = [];
  const traffic = demoTraffic({seed, orders: Number.MAX_SAFE_INTEGER});
  for (let text = traffic.next(); text !== null && inputs.length < messages; text = traffic.next()) {
    inputs.push({inputSeq: inputs.length + 1, recordedNs: inputs.length * 50_000, payload: Buffer.from(text), frames: null});
  }
  return inputs;
};

export interface BenchRequest {
  readonly migration: Migration;
  readonly inputs: readonly FeedInput[];
  readonly ratePerSecond: number;
  readonly historyInputs: number;
  readonly rounds: number;
  readonly inputsPerTurn: number;
  readonly runsRoot: string;
  readonly seed: number;
  readonly command: readonly string[];
  readonly spinMs: number;
  readonly pin: 'auto' | 'off';
  readonly notes: readonly string[];
}

/** An interleaved open-loop run: one lane at a time, in turns AB BA, all on the same inputs. */
export const benchPlan = (request: BenchRequest): SessionPlan => ({
  kind: 'bench', migration: request.migration, inputs: memoryInputs(request.inputs.slice(0, request.historyInputs + request.rounds * request.inputsPerTurn)),
  schedule: {kind: 'rate', ratePerSecond: request.ratePerSecond}, historyInputs: request.historyInputs, turns: {rounds: request.rounds, inputsPerTurn: request.inputsPerTurn}, pin: request.pin,
  runsRoot: request.runsRoot, seed: request.seed, command: request.command, versions: runVersions(), keep: 'none', keepBytesMax: 0, today: today(), spinMs: request.spinMs, notes: request.notes,
});
