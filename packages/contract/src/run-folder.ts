import type {Verdict} from './verdict.ts';

/** Names inside a run folder; the folder is the only interface to everything that comes after a run. */
export const RUN_FILE = {
  manifest: 'manifest.json',
  evidence: 'evidence.json',
  result: 'result.json',
  inputLog: 'log',
  laneLog: (lane: string): string => `lanes/${lane}`,
  laneStderr: (lane: string): string => `lanes/${lane}.stderr.txt`,
  laneStats: (lane: string): string => `lanes/${lane}.stats.json`,
  journal: 'canary/journal.jsonl',
  canaryTimeline: 'canary/timeline.jsonl',
  report: 'report.html',
} as const;

/** How the run came about; enough to repeat it. Written first, finished at the end. */
export interface RunManifest {
  /** major.minor; a reader refuses an unknown major */
  readonly formatVersion: '1.0';
  readonly runId: string;
  readonly kind: 'shadow' | 'replay' | 'bench' | 'canary' | 'record';
  readonly migration: string;
  readonly configHash: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly command: readonly string[];
  readonly host: {
    readonly cores: number;
    readonly cpuModel: string;
    readonly memoryBytes: number;
    readonly kernel: string;
    readonly node: string;
    readonly bootId: string | null;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** capture that was read or written: file name -> SHA-256 */
  readonly capture: Readonly<Record<string, string>>;
  readonly rules: {readonly default: string; readonly ignores: readonly {readonly path: string; readonly reason: string; readonly owner: string; readonly expires: string}[]};
  readonly complete: boolean;
  readonly notes: readonly string[];
}

/** result.json: what CI reads. */
export interface RunResult {
  readonly formatVersion: '1.0';
  readonly runId: string;
  readonly exitCode: number;
  readonly verdict: Verdict;
}
