import {randomBytes} from 'node:crypto';
import {TandemError, type LaneHealth, type LaneName, type LaunchLane, type ResourceEvidence} from '@tandem/contract';
import {inputBytes, type FeedInput} from './flow/feed-input.ts';
import {stoppedBeforeReady, unlessStopped} from './flow/unless-stopped.ts';
import type {LaneFault} from './lanes/lane-fault.ts';
import {LiveLane, type LaneListener} from './live-lane.ts';
import type {RunFolderWriter} from './record/run-folder-writer.ts';

/** barriers; in turns that are measured for their latency only between the turns, because nobody asks for digests in production */
const STATE_HASH_EVERY = 20;
/** where lanes have turns they are looked at between them: to read a process's memory stops it, and us */
const SAMPLE_EVERY_MS = 500;
const IN_FLIGHT_MAX = 16_000;
const LARGE_INPUT_BYTES = 64 * 1024;

export interface CrewOptions {
  readonly specs: readonly LaunchLane[];
  readonly inTurns: boolean;
  readonly folder: RunFolderWriter;
  readonly listener: LaneListener;
}

/** All lanes of a session, from their start to their last word. */
export class LaneCrew {
  readonly lanes: LiveLane[] = [];
  readonly #options: CrewOptions;
  readonly #faults = new Map<LaneName, LaneFault>();
  readonly #health = new Map<LaneName, LaneHealth>();
  #largest = {inputSeq: 0, bytes: 0};

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Starts all of them, or none stays. */
  async start(signal: AbortSignal): Promise<void> {
    const {specs, inTurns, folder, listener} = this.#options;
    const starting = Promise.allSettled(specs.map((spec) => LiveLane.start(spec, {
      ...listener,
      onFault: (lane, fault) => {
        const told = this.#withLargest(fault);
        this.#faults.set(lane, told);
        listener.onFault(lane, told);
      },
    }, {
      token: `${spec.name.slice(0, 3)}${randomBytes(3).toString('hex')}`, inFlightMax: IN_FLIGHT_MAX,
      stateHashEvery: inTurns ? 0 : STATE_HASH_EVERY, sampleEveryMs: inTurns ? null : SAMPLE_EVERY_MS,
    })));
    const results = await unlessStopped(starting, signal);
    if (results === null) {
      // whatever still comes up is ended again
      void starting.then((late) => Promise.all(late.map((result) => (result.status === 'fulfilled' ? result.value.stop() : null))));
      throw stoppedBeforeReady(folder.path);
    }
    for (const result of results) if (result.status === 'fulfilled') this.lanes.push(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** An input is about to go to the lanes: the longest may be what one of them ended over. */
  note(input: FeedInput): void {
    const bytes = inputBytes(input);
    if (bytes > this.#largest.bytes) this.#largest = {inputSeq: input.inputSeq, bytes};
  }

  async stop(): Promise<void> {
    const {folder} = this.#options;
    await Promise.all(this.lanes.map(async (live) => {
      if (this.#health.has(live.name)) return;
      const health = await live.stop();
      this.#health.set(live.name, withFault(health, this.#faults.get(live.name)));
      await folder.writeLaneStderr(live.name, health.stderrTail);
      const stats = live.lane.stats();
      if (stats !== null) await folder.writeLaneStats(live.name, stats);
    }));
  }

  resources(messages: number): readonly ResourceEvidence[] {
    return this.lanes.flatMap((live) => live.resources(messages) ?? []);
  }

  health(): readonly LaneHealth[] {
    return [...this.#health.values()];
  }

  faults(): readonly LaneFault[] {
    return [...this.#faults.values()];
  }

  /** A socket that takes messages up to a limit cuts the connection at a longer one, without a word. */
  #withLargest(fault: LaneFault): LaneFault {
    const {inputSeq, bytes} = this.#largest;
    const {detail} = fault.error;
    if (fault.kind !== 'closed' || detail.likely !== undefined || bytes < LARGE_INPUT_BYTES) return fault;
    return {...fault, error: new TandemError({...detail, likely: `input ${inputSeq} has ${bytes} octets, which may be more than the program's socket takes`}, {cause: fault.error})};
  }
}

/** A lane that we gave up for what it did, not because it ended: how it ended afterwards says nothing, what it did says all. */
const withFault = (health: LaneHealth, fault: LaneFault | undefined): LaneHealth => {
  if (fault === undefined || fault.kind === 'exited') return health;
  return {...health, exitCode: null, signal: null, stderrTail: [...health.stderrTail, `(${fault.error.detail.what})`]};
};
