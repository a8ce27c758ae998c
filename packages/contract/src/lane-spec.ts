/** The systems of a run. `twin` is a second legacy: the harness's own floor and the noise of the legacy against itself. */
export type LaneName = 'legacy' | 'twin' | 'candidate';

/** How a lane tells that it has dealt with everything up to an input. */
export type Watermark =
  /** the harness sends a test request that the lane answers in order (FIX 35=1 / 35=0) */
  | {readonly kind: 'barrier'; readonly everyMessages: number}
  /** single-threaded and in order: an output for cause c settles all causes before c; the tail settles by silence */
  | {readonly kind: 'in-order'; readonly silenceMs: number};

/** A program that the harness starts, feeds and ends. Endpoints are chosen by the harness unless given. */
export interface LaunchLane {
  readonly kind: 'launch';
  readonly name: LaneName;
  /** absolute path of the interpreter or program */
  readonly command: string;
  /** arguments; `{in}` and `{out}` are replaced by the lane's endpoints, `{stats}` by a file for its own figures */
  readonly args: readonly string[];
  /** what a person would type after `command` to start it; absent: `args` */
  readonly byHand?: readonly string[];
  /** the complete environment of the child; nothing is inherited */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly watermark: Watermark;
  /** what to call it in reports, for example `python 3.11` */
  readonly label: string;
  /** how it is known that the program is ready: it prints `{"ready":true}` (the usual way), or both its sockets take connections */
  readonly ready?: 'line' | 'listening';
  /** where this program needs more than what is usual */
  readonly limits?: LaneLimits;
}

/** What one lane is allowed; what is left out is as usual. */
export interface LaneLimits {
  /** from its start to its ready line, ms */
  readonly readyMs?: number | undefined;
  /** without an answer while inputs wait, ms */
  readonly silentMs?: number | undefined;
}

/** A process already in production: only its outputs are tapped. */
export interface ObserveLane {
  readonly kind: 'observe';
  readonly name: LaneName;
  readonly outEndpoint: string;
  readonly pid: number | null;
  readonly watermark: Watermark;
  readonly label: string;
}

/** Outputs that an earlier run left in its run folder. */
export interface RecordedLane {
  readonly kind: 'recorded';
  readonly name: LaneName;
  readonly runFolder: string;
  readonly lane: LaneName;
  readonly label: string;
}

export type LaneSpec = LaunchLane | ObserveLane | RecordedLane;
