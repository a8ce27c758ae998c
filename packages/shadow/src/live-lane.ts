import type {LaneHealth, LaneName, LaunchLane, ResourceEvidence} from '@tandem/contract';
import {collectorEvidence} from './collector-evidence.ts';
import type {LaneOutput} from './flow/lane-output.ts';
import type {LaneWatermark} from './flow/lane-watermark.ts';
import type {SentInput} from './flow/sent-input.ts';
import type {LaneFault} from './lanes/lane-fault.ts';
import type {Lane, LaneOptions} from './lanes/lane.ts';
import {monoNs} from './lanes/monotonic-clock.ts';
import {startLane} from './lanes/start-lane.ts';
import {robustSlope} from './judge/robust-slope.ts';
import type {OwnTime} from './measure/core-watch.ts';
import {createProcessTree, type ProcessTree} from './measure/process-tree.ts';
import {createResourceSampler, type ResourceSampler} from './measure/resource-sampler.ts';

/** What the session wants to hear of a lane. */
export interface LaneListener {
  onOutputs(lane: LaneName, outputs: readonly LaneOutput[]): void;
  onWatermark(mark: LaneWatermark): void;
  onSent(sent: readonly SentInput[]): void;
  onFault(lane: LaneName, fault: LaneFault): void;
}

/** The limits that a program was given, as the lane names them; the others stay as they are. */
export const limitsOf = ({limits = {}}: LaunchLane): Partial<Pick<LaneOptions, 'readyTimeoutMs' | 'hungAfterMs'>> => ({
  ...(limits.readyMs === undefined ? {} : {readyTimeoutMs: limits.readyMs}), ...(limits.silentMs === undefined ? {} : {hungAfterMs: limits.silentMs}),
});

/** A started lane together with its sampler: one ruler for every lane. */
export class LiveLane {
  readonly lane: Lane;
  readonly #sampler: ResourceSampler | null;
  readonly #tree: ProcessTree | null;
  readonly #turns: [number, number][] = [];
  #health: LaneHealth | null = null;

  private constructor(lane: Lane, sampler: ResourceSampler | null) {
    this.lane = lane;
    this.#sampler = sampler;
    this.#tree = lane.pid === null || process.platform !== 'linux' ? null : createProcessTree(lane.pid);
  }

  static async start(spec: LaunchLane, listener: LaneListener, {sampleEveryMs, ...options}: {token: string; inFlightMax: number; stateHashEvery: number; sampleEveryMs: number | null}): Promise<LiveLane> {
    const lane = await startLane(spec, {
      ...options, ...limitsOf(spec),
      onOutputs: (outputs) => { listener.onOutputs(spec.name, outputs); },
      onWatermark: (mark) => { listener.onWatermark(mark); },
      onSent: (sent) => { listener.onSent(sent); },
      onFault: (fault) => { listener.onFault(spec.name, fault); },
    });
    const sampler = lane.pid === null ? null : await createResourceSampler({lane: spec.name, pid: lane.pid, intervalMs: sampleEveryMs, slope: (points) => robustSlope(points)});
    return new LiveLane(lane, sampler);
  }

  get name(): LaneName {
    return this.lane.name;
  }

  /** What all threads of its programs ran and waited since their start. */
  ownTime(): OwnTime {
    return this.#tree?.read({pss: false}) ?? {ranNs: null, waitedNs: null};
  }

  async beginMeasuring(): Promise<void> {
    await this.#sampler?.begin();
  }

  /** A measured turn of this lane begins, or ends. */
  turn(isBegun: boolean): void {
    if (isBegun) this.#turns.push([monoNs(), Infinity]);
    else (this.#turns.at(-1) as [number, number])[1] = monoNs();
  }

  /** One reading of CPU and memory now. */
  async sample(): Promise<void> {
    await this.#sampler?.tick();
  }

  async endMeasuring(): Promise<void> {
    await this.#sampler?.end();
  }

  /** Ends the program; its figures are complete afterwards. */
  async stop(): Promise<LaneHealth> {
    this.#sampler?.stop();
    this.#health ??= await this.lane.stop();
    return this.#health;
  }

  /** Resource evidence; call it after `stop`, when the lane has written its own figures. */
  resources(messages: number): ResourceEvidence | null {
    const stats = this.lane.stats();
    const {loopDelayMaxMs = null} = (stats ?? {}) as {loopDelayMaxMs?: number};
    return this.#sampler?.evidence({messages, collector: collectorEvidence(stats, this.#turns), loopDelayMaxMs}) ?? null;
  }
}
