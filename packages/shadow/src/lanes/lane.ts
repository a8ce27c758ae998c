import type {LaneHealth, LaneName} from '@tandem/contract';
import type {FeedInput} from '../flow/feed-input.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {SentInput} from '../flow/sent-input.ts';
import type {LaneFault} from './lane-fault.ts';
import type {StopGrace} from './lane-process.ts';
import type {LaneSnapshot} from './ready-line.ts';

/** What a lane tells while it runs. Called from the event loop, never after `stop()` has returned; must not throw. */
export interface LaneEvents {
  /** in order of arrival, without the answers to test requests; payloads are owned by the receiver */
  onOutputs(outputs: readonly LaneOutput[]): void;
  /** comes after all outputs of the inputs that it settles */
  onWatermark(mark: LaneWatermark): void;
  onSent?(sent: readonly SentInput[]): void;
  /** at most once a lane */
  onFault?(fault: LaneFault): void;
}

/** Limits of one lane; the same for both lanes of a comparison. */
export interface LaneOptions extends LaneEvents {
  /** letters and digits, at most 12: makes the test requests of this run recognisable */
  readonly token: string;
  /** inputs sent and not yet settled, at most; must be at least twice the barrier distance */
  readonly inFlightMax: number;
  readonly readyTimeoutMs: number;
  /** no progress for so long while inputs wait: `hung` */
  readonly hungAfterMs: number;
  readonly outputBytesMax: number;
  /** every n-th barrier asks for the state digest; 0: only the last one does */
  readonly stateHashEvery: number;
  /** an input that waits so long without a barrier behind it gets one out of turn (without digest) */
  readonly idleBarrierMs: number;
  readonly grace: StopGrace;
  /** how this process speaks ZeroMQ to the lane: by itself, or through libzmq (the reference, about ten times the CPU) */
  readonly link: 'direct' | 'zeromq';
  /** where the folder of the sockets is made; default the temporary folder */
  readonly socketBase?: string;
  /** fills `{snapshots}`; without one a lane that could keep snapshots of its state keeps none */
  readonly snapshotFolder?: string;
}

export const LANE_DEFAULTS = {
  inFlightMax: 10_000,
  readyTimeoutMs: 15_000,
  hungAfterMs: 10_000,
  outputBytesMax: 1024 * 1024,
  stateHashEvery: 10,
  idleBarrierMs: 200,
  grace: {eofMs: 1000, termMs: 3000},
  link: 'direct',
} as const;

/** How draining ended. */
export interface FinishReport {
  /** the lane answered for everything that was sent */
  readonly settled: boolean;
  readonly watermark: number;
  readonly reason: string;
}

/** A program that we started: may have gone on from a snapshot of its own. */
export interface StartedLane extends Lane {
  readonly snapshot: LaneSnapshot;
}

/** A running system under comparison. */
export interface Lane {
  readonly name: LaneName;
  readonly label: string;
  /** of the started process, for the sampler; null when there is none */
  readonly pid: number | null;
  /** inputs accepted, and inputs settled */
  readonly sent: number;
  readonly settled: number;
  /** how often a send had to wait for the lane: its window or its queue was full */
  readonly heldCount: number;
  readonly fault: LaneFault | null;
  /**
   * Sends in order and waits while the lane's window is full. `plannedNs[i]` is null when there is no plan (then the send
   * time is the plan). Returns when each one went. Throws the fault's error when the lane cannot go on. One call at a time.
   */
  send(inputs: readonly FeedInput[], plannedNs: readonly (number | null)[]): Promise<readonly SentInput[]>;
  /** For lanes that settle in order: everything up to this input is done, an output for a later one was seen. */
  acknowledge(inputSeq: number): void;
  /** Resolves when the settled count passes the number, or the lane is at its end. */
  whenSettled(count: number): Promise<void>;
  /** Drains to a last barrier that asks for the state digest. Never throws. */
  finish(timeoutMs: number): Promise<FinishReport>;
  /** Ends the program and everything it started. May be called at any time, also again. */
  stop(): Promise<LaneHealth>;
  health(): LaneHealth;
  /** The lane's own figures, once it has ended; null when it wrote none that can be read. */
  stats(): unknown;
}
