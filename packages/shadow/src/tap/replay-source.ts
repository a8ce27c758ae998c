import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {plannedTimes, type PlannedTime, type Schedule} from '../flow/schedule.ts';

/** What a replay needs of a log; a log reader is one. */
export interface ReplayLog {
  batches(options: {
    readonly stream?: string | undefined; readonly fromSeq?: number | undefined; readonly toSeq?: number | undefined;
    readonly signal?: AbortSignal | undefined; readonly onGap?: ((gap: GapRecord) => void) | undefined;
  }): AsyncIterable<readonly CapturedMessage[]>;
}

export interface ReplayOptions {
  readonly schedule: Schedule;
  /** time of the first message, ns on the clock of the sender */
  readonly startNs: number;
  readonly stream?: string | undefined;
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  /** keeps a message; for example only those of one key */
  readonly only?: ((message: CapturedMessage) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onGap?: ((gap: GapRecord) => void) | undefined;
}

/** Messages of a log and when each is to be sent; `plannedNs` null: as soon as possible. */
export interface ReplayBatch {
  readonly messages: readonly CapturedMessage[];
  readonly plannedNs: Float64Array | null;
}

/** The planned times of recorded times; `firstIndex` is the position of the first among all that are sent. */
export function plannedTimesNs(plan: PlannedTime, recordedNs: readonly number[], firstIndex: number): Float64Array | null {
  const planned = new Float64Array(recordedNs.length);
  for (const [offset, recorded] of recordedNs.entries()) {
    const at = plan(firstIndex + offset, recorded);
    if (at === null) return null;
    planned[offset] = at;
  }
  return planned;
}

/** Reads a log again with a plan. Two replays of one log with the same options give the same messages and the same distances. */
export async function* replaySource(log: ReplayLog, options: ReplayOptions): AsyncGenerator<ReplayBatch, void> {
  const {schedule, startNs, only} = options;
  let plan: PlannedTime | null = null;
  let index = 0;
  for await (const batch of log.batches(options)) {
    const messages = only === undefined ? batch : batch.filter(only);
    const first = messages[0];
    if (first === undefined) continue;
    plan ??= plannedTimes(schedule, startNs, first.tMonoNs);
    yield {messages, plannedNs: plannedTimesNs(plan, messages.map(({tMonoNs}) => tMonoNs), index)};
    index += messages.length;
  }
}
