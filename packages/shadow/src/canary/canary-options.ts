import type {ErrorDetail, CanaryEvent, CanaryPlanSpec, CanaryStage, CauseSelector, LaunchLane, LaneHealth, Outcome, Owner} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {SentInput} from '../flow/sent-input.ts';
import type {GateView} from '../flow/ownership-control.ts';
import type {LaneLife, TaggedEffect} from '../flow/ownership-output.ts';

/** The latest word of whoever judges. */
export interface CanaryEvidence {
  readonly outcome: Outcome;
  /** digest of the evidence that the outcome rests on; goes into the ownership record */
  readonly hash: string;
  /** how old the evidence is; evidence that never ages never says that the judge died */
  readonly ageMs: number;
  /** inputs compared so far */
  readonly messages: number;
}

/**
 * Compares the lanes while the canary runs. It gets every input and every output once, in order, also over restarts of a lane
 * (a restarted lane answers the log from its beginning; what it had answered before is left out).
 */
export interface CanaryJudge {
  input?(input: FeedInput): void;
  output(output: LaneOutput, effect: TaggedEffect | null): void;
  watermark(mark: LaneWatermark): void;
  /** the lane will not be started again */
  laneEnded?(lane: Owner, reason: string): void;
  /** null: nothing to say yet */
  evidence(): CanaryEvidence | null;
}

/** A lane as the canary needs it; what `startLane` of the lanes stage gives. */
export interface CanaryLane {
  readonly pid: number | null;
  /** what it went on from, and snapshots that it did not trust */
  readonly snapshot: {readonly restored: string | null; readonly refused: number};
  send(inputs: readonly FeedInput[], plannedNs: readonly (number | null)[]): Promise<unknown>;
  acknowledge(inputSeq: number): void;
  finish(timeoutMs: number): Promise<{readonly settled: boolean; readonly watermark: number; readonly reason: string}>;
  stop(): Promise<LaneHealth>;
}

/** What it tells while it runs. */
export interface CanaryLaneEvents {
  readonly token: string;
  readonly idleBarrierMs: number;
  readonly stateHashEvery: number;
  readonly inFlightMax: number;
  /** where a lane that can keeps snapshots of its state */
  readonly snapshotFolder?: string;
  /** where its sockets stand */
  readonly socketBase?: string;
  onOutputs(outputs: readonly LaneOutput[]): void;
  onWatermark(mark: LaneWatermark): void;
  onSent?(sent: readonly SentInput[]): void;
  onFault(fault: {readonly kind: string; readonly error: Error}): void;
}

/** The relay as the canary needs it; what the egress stage gives. */
export interface CanaryRelay {
  readonly session: number;
  lane(owner: Owner): {readonly items: number; readonly sizeBytes: number};
  fed(owner: Owner, seq: number): void;
  output(owner: Owner, effect: TaggedEffect): void;
  watermark(owner: Owner, causeSeq: number): void;
  life(owner: Owner, life: LaneLife, incarnation: number): void;
  greet(): void;
  close(): void;
}

/** Other stages' halves, handed in by the one file that may see them all. */
export interface CanaryParts {
  startLane(spec: LaunchLane, events: CanaryLaneEvents): Promise<CanaryLane>;
  openRelay(options: {
    readonly endpoint: string; readonly attest: Readonly<Record<Owner, string>>; readonly onView: (view: GateView) => void; readonly onSettled: () => void;
    readonly onFault: (error: unknown) => void;
  }): Promise<CanaryRelay>;
  /** absolute paths of the programs that node runs */
  readonly gateProgram: string;
  readonly controllerProgram: string;
}

/** Ends that a test plants: `name@n` of the first process of its kind. With `tell` it is told by `onCrashpoint` and not carried out. */
export interface PlantedEnds {
  readonly gate?: string;
  readonly controller?: string;
  readonly tell?: boolean;
  readonly onCrashpoint?: (name: string) => void;
}

export interface CanaryOptions {
  readonly plan: CanaryPlanSpec;
  /** hash of the migration that the plan belongs to; bound into every change together with the plan */
  readonly configHash: string;
  readonly lanes: Readonly<Record<Owner, LaunchLane>>;
  /** the input log, in order, from the beginning at each iteration */
  readonly input: AsyncIterable<readonly FeedInput[]>;
  /** inputs a second; null: as fast as both lanes take them */
  readonly ratePerSecond: number | null;
  /** `sequence` only: ownership is a function of the position in the input */
  readonly cause: CauseSelector;
  /** pointer to an output's kind */
  readonly outputKind: string;
  /** run folder; everything of the canary goes into its folder `canary` */
  readonly folder: string;
  readonly downstreamEndpoint: string;
  /** null: bytes are compared, and any difference is a fail */
  readonly judge: CanaryJudge | null;
  /** candidate behind by more inputs: no step forward; default 10,000 */
  readonly lagInputsMax?: number;
  readonly onEvent?: (event: CanaryEvent) => void;
  /** `behind`: inputs that a lane which was started again has still to answer again */
  readonly onView?: (view: GateView, behind: Readonly<Record<Owner, number>>) => void;
  /** the folder's canary is taken up again: causes up to here may have left. Lanes answer the log from its beginning before anything goes forward */
  readonly resumeCause?: number;
  readonly signal?: AbortSignal;
  readonly planted?: PlantedEnds;
}

/** What may be asked of a running canary. */
export interface CanaryControls {
  /** forward, also again after it went back */
  start(reason: string): void;
  /** everything back to legacy, and stay there */
  rollback(reason: string): void;
  readonly pids: () => Readonly<Record<'gate' | 'controller' | Owner, number | null>>;
  readonly controlSocket: string;
  readonly killFile: string;
}

export interface CanaryResult {
  /** where the journal stood at the end */
  readonly stage: CanaryStage;
  readonly share: number;
  /** every input was fed to both lanes, and every output is settled */
  readonly complete: boolean;
  readonly inputs: number;
  /** outputs that carry no usable cause or partition: not released, so more than 0 is a finding */
  readonly untagged: Readonly<Record<Owner, number>>;
  /** inputs above 1 MiB: no lane was given them */
  readonly oversized: number;
  /** lanes that answered what cannot be released */
  readonly faults: readonly ErrorDetail[];
  readonly restarts: Readonly<Record<'gate' | 'controller' | Owner, number>>;
  /** snapshots that a lane which was started again did not trust */
  readonly snapshotsRefused: Readonly<Record<Owner, number>>;
  readonly view: GateView | null;
  readonly evidence: CanaryEvidence | null;
  /** why it ended before the input did, else null */
  readonly endedBy: string | null;
  readonly timelineFile: string;
  readonly journalFile: string;
}
