import type {ComparedPair, DivergenceGroup} from './divergence.ts';
import type {LaneName} from './lane-spec.ts';

/** `in = compared + waived + inFlight + lost`, in input messages, per pair of lanes. */
export interface Conservation {
  readonly in: number;
  readonly compared: number;
  readonly waived: number;
  readonly inFlight: number;
  /** by reason, e.g. `tap gap`, `candidate crashed` */
  readonly lost: Readonly<Record<string, number>>;
  /** in - compared - waived - inFlight - sum(lost); anything but 0 is HARNESS_LOSS */
  readonly remainder: number;
}

/** What comparing two lanes showed. */
export interface ParityEvidence extends ComparedPair {
  readonly conservation: Conservation;
  /** outputs of either side that were put side by side or found without partner */
  readonly outputs: number;
  readonly matched: number;
  readonly bytesEqual: number;
  /** outputs that the declared codec could not read: compared as octets only; absent in older runs */
  readonly undecoded?: number;
  readonly fieldsCompared: number;
  readonly fieldsIgnored: number;
  readonly groups: readonly DivergenceGroup[];
  /** differences by class, zeros left out */
  readonly byClass: Readonly<Record<string, number>>;
  /** rule source -> number of fields it decided */
  readonly ruleHits: Readonly<Record<string, number>>;
  /** state digests compared at barriers */
  readonly stateChecks: {readonly equal: number; readonly unequal: number; readonly firstUnequalSeq: number | null};
}

/** One latency histogram of one lane. */
export interface LatencyEvidence {
  readonly lane: LaneName;
  /** response: from the planned send time. service: from the actual send */
  readonly kind: 'response' | 'service';
  readonly count: number;
  readonly invalid: number;
  readonly overflow: number;
  readonly minNs: number;
  readonly maxNs: number;
  readonly meanNs: number;
  /** quantile (0..1) as text -> ns, only those with >= 10 samples above */
  readonly quantilesNs: Readonly<Record<string, number>>;
  /** quantile as text -> [low, high] ns of the 95 % confidence sequence; high null = unbounded */
  readonly intervalsNs: Readonly<Record<string, readonly [number, number | null]>>;
  /** HdrHistogram V2, compressed, base64 */
  readonly histogram: string;
}

/** One sample of a lane's process tree. */
export interface ResourceSample {
  readonly tMonoNs: number;
  readonly cpuMsTotal: number;
  readonly rssBytes: number;
  /** null where the kernel does not offer it or it was not due */
  readonly pssBytes: number | null;
  readonly processes: number;
}

/** CPU and memory of one lane over the run. */
export interface ResourceEvidence {
  readonly lane: LaneName;
  readonly source: 'procfs' | 'pidusage' | 'unavailable';
  /** CPU milliseconds used while it was fed */
  readonly cpuMs: number;
  readonly cpuUsPerMessage: number;
  readonly cpuShare: number;
  readonly rssBytesMax: number;
  readonly pssBytesMax: number | null;
  readonly rssSlopeBytesPerHour: number | null;
  /** share of run-queue wait in (run + wait), 0..1, null where unknown */
  readonly runQueueWaitShare: number | null;
  readonly samples: readonly ResourceSample[];
  /** the lane's own word: collections and loop delay, null when it reports none */
  readonly collector: CollectorEvidence | null;
  readonly loopDelayMaxMs: number | null;
}

/** Collections of a lane since it began to serve, by its own word. */
export interface CollectorEvidence {
  readonly pauses: number;
  readonly totalMs: number;
  readonly maxMs: number;
  /** the longest that began while the lane had a measured turn, or a bound of it; absent where there are no turns or the lane does not tell */
  readonly inTurnsMaxMs?: number;
}

/** What a lane's process did. */
export interface LaneHealth {
  readonly lane: LaneName;
  readonly label: string;
  readonly state: 'ok' | 'crashed' | 'hung' | 'missing';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly restarts: number;
  /** last lines of its stderr, sanitised */
  readonly stderrTail: readonly string[];
  readonly sent: number;
  readonly outputs: number;
  readonly watermark: number;
}

/** Who had the cores on which each lane was alone while its turns were measured. Shares are 0..1. */
export interface CoreUse {
  readonly harnessCores: readonly number[];
  readonly laneCores: readonly number[];
  /** of the time of the harness's cores, what neither harness nor resting lanes used */
  readonly harnessOthersShare: number;
  readonly lanes: Readonly<Record<string, {
    /** run-queue wait in (run + wait) of all threads of the lane, for whomever they waited */
    readonly waitShare: number;
    /** what others ran on the lane's cores in (that + what the lane ran): more it cannot have waited for them, on each thread */
    readonly othersShare: number;
    /** of the time of these cores, what the hypervisor took */
    readonly stealShare: number;
  }>>;
}

/** How much the machine itself disturbed the run. */
export interface NoiseEvidence {
  /** gaps above 50 µs in a spinning loop of `spinMs`, and the worst of them */
  readonly spinMs: number;
  readonly gaps: number;
  readonly worstGapNs: number;
  readonly stealShare: number | null;
  readonly steady: boolean;
  readonly reasons: readonly string[];
  /** by quantile as text: how long the pauses of the spinning loop hold up what comes at any moment, ns. Absent in runs of older versions */
  readonly heldUpNs?: Readonly<Record<string, number>>;
  /** absent or null: the lanes were not alone on cores, or it could not be watched */
  readonly cores?: CoreUse | null;
}

/** Which cells of the declared input space were exercised. */
export interface CoverageEvidence {
  readonly cells: readonly {readonly name: string; readonly seen: number}[];
  readonly missing: readonly string[];
}

/**
 * Counts of the triple (legacy, twin, candidate) for one field in which any of the three differed. A triple is an input that all three
 * answered; inputs in which neither twin nor candidate differs tell nothing and are not counted here.
 */
export interface PairedField {
  readonly outputKind: string;
  /** general path, `*` for positions in lists; `` when whole outputs are meant */
  readonly path: string;
  /** times that the field of legacy and twin was put side by side, in outputs */
  readonly compared: number;
  /** triples in which only the candidate differs from the legacy */
  readonly onlyCandidate: number;
  /** triples in which only the twin does */
  readonly onlyTwin: number;
  readonly both: number;
  /** inputs in which the candidate differs and the twin's answer could not be had */
  readonly unpaired: number;
}

/** Everything a judgement rests on; written as evidence.json. */
export interface Evidence {
  readonly messages: number;
  readonly durationMs: number;
  readonly pacing: {
    readonly mode: 'max' | 'rate' | 'recorded';
    readonly ratePerSecond: number | null;
    readonly latePlannedShare: number;
    /** send time minus planned time where no lane held us up, of the lane that was served worst; absent without a plan and in older runs */
    readonly sendErrorNs?: {readonly planned: number; readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number};
  };
  readonly parity: ParityEvidence | null;
  /** legacy against its twin: the floor */
  readonly floor: ParityEvidence | null;
  /** null without a twin; absent in older runs */
  readonly paired?: readonly PairedField[] | null;
  readonly latency: readonly LatencyEvidence[];
  readonly resources: readonly ResourceEvidence[];
  readonly lanes: readonly LaneHealth[];
  readonly noise: NoiseEvidence | null;
  readonly coverage: CoverageEvidence | null;
  /** what the inputs lack; `reasons`: what is known about it, at most 20 */
  readonly gaps: {readonly messages: number; readonly records: number; readonly unknown: number; readonly reasons?: readonly string[]};
  /** the harness stalled (its own event loop) longer than this, ns */
  readonly harnessStallNsMax: number;
}
