import type {Migration} from '@tandem/contract';
import {PackedInputs, type FeedInput, type SessionPlan} from '@tandem/shadow';
import {demoTraffic} from '../traffic/demo-traffic.ts';
import {runVersions, today} from './run-versions.ts';

function* traffic(messages: number, seed: number): Generator<FeedInput> {
  const source = demoTraffic({seed, orders: Number.MAX_SAFE_INTEGER});
  for (let index = 0; index < messages; index++) {
    const text = source.next();
    if (text === null) return;
    yield {inputSeq: index + 1, recordedNs: index * 50_000, payload: Buffer.from(text), frames: null};
  }
}

/** Messages of seeded order traffic, as objects: for thousands of them. */
export const trafficInputs = (messages: number, seed: number): readonly FeedInput[] => [...traffic(messages, seed)];

/** The same, packed: for millions of them, in a run that is measured. */
export const packedTraffic = (messages: number, seed: number): PackedInputs => PackedInputs.of(traffic(messages, seed));

export interface BenchRequest {
  readonly migration: Migration;
  readonly inputs: PackedInputs;
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
  kind: 'bench', migration: request.migration, inputs: request.inputs.session(request.historyInputs + request.rounds * request.inputsPerTurn),
  schedule: {kind: 'rate', ratePerSecond: request.ratePerSecond}, historyInputs: request.historyInputs, turns: {rounds: request.rounds, inputsPerTurn: request.inputsPerTurn}, pin: request.pin,
  runsRoot: request.runsRoot, seed: request.seed, command: request.command, versions: runVersions(), keep: 'none', keepBytesMax: 0, today: today(), spinMs: request.spinMs, notes: request.notes,
});
