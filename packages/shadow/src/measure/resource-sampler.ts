import type {LaneName, ResourceEvidence} from '@tandem/contract';
import {createSampleSeries} from './sample-series.ts';
import {openUsageSource} from './usage-source.ts';
import type {UsageReading, UsageSource} from './usage-source.ts';

/** Slope of a series, value units per hour; null where it says nothing. The judge's stage offers a robust one. */
export type SlopeEstimator = (points: readonly {readonly tNs: number; readonly value: number}[]) => {readonly perHour: number} | null;

export interface ResourceSamplerOptions {
  readonly lane: LaneName;
  readonly pid: number;
  readonly slope: SlopeEstimator;
  /** default 1000; null: only when asked by `tick` */
  readonly intervalMs?: number | null;
  /** how often PSS is read (about 1 ms per process); default 5000, at least 5000 unless set lower for a test */
  readonly pssEveryMs?: number;
  /** bound of the kept series; default 600 */
  readonly samplesMax?: number;
  readonly source?: 'auto' | 'procfs' | 'pidusage';
  /** CLOCK_MONOTONIC in ns */
  readonly nowNs?: () => number;
}

/** What only others know about a lane. */
export interface LaneFigures {
  /** messages fed between begin and end */
  readonly messages: number;
  readonly collector: ResourceEvidence['collector'];
  readonly loopDelayMaxMs: number | null;
}

export interface ResourceSampler {
  /** First reading: from here on CPU counts. Call when feeding starts; calling again starts over. */
  begin(): Promise<void>;
  /** One reading now; the sampler's own timer does this every interval. */
  tick(): Promise<void>;
  /** Last reading (PSS included); CPU after it does not count. Call when feeding has ended, before the lane is told to exit. */
  end(): Promise<void>;
  evidence(figures: LaneFigures): ResourceEvidence;
  /** Stops the timer; safe to call at any time. */
  stop(): void;
}

const INTERVAL_MS = 1000;
const PSS_EVERY_MS = 5000;
const SAMPLES_MAX = 600;

const monotonicNs = (): number => Number(process.hrtime.bigint());

/** Samples one lane's process tree until `end`. A lane that vanishes keeps its last figures; what cannot be read is `unavailable`, never 0. */
export async function createResourceSampler(options: ResourceSamplerOptions): Promise<ResourceSampler> {
  const {intervalMs = INTERVAL_MS, pssEveryMs = PSS_EVERY_MS, samplesMax = SAMPLES_MAX, nowNs = monotonicNs} = options;
  const source = await openUsageSource(options.pid, options.source);
  const state = startState(samplesMax);
  let timer: NodeJS.Timeout | null = null;
  let busy = false;

  const read = async (withPss: boolean): Promise<void> => {
    if (busy || state.phase === 'ended') return;
    busy = true;
    try {
      const tNs = nowNs();
      const pss = withPss || tNs - state.pssAtNs >= pssEveryMs * 1e6;
      if (pss) state.pssAtNs = tNs;
      note(state, tNs, await source.read({pss}));
    } finally {
      busy = false;
    }
  };
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };

  return {
    async begin() {
      stop();
      Object.assign(state, startState(samplesMax), {phase: 'fed'});
      await read(true);
      if (intervalMs === null) return;
      timer = setInterval(() => { void read(false); }, intervalMs);
      timer.unref();
    },
    tick: () => read(false),
    async end() {
      stop();
      for (let waits = 0; busy && waits < 100; waits++) await new Promise((resolve) => { setImmediate(resolve); });
      await read(true);
      state.phase = 'ended';
    },
    evidence: (figures) => evidenceOf({options, source, state, figures}),
    stop,
  };
}

interface SamplerState {
  phase: 'idle' | 'fed' | 'ended';
  series: ReturnType<typeof createSampleSeries>;
  first: (UsageReading & {readonly tNs: number}) | null;
  last: (UsageReading & {readonly tNs: number}) | null;
  rssBytesMax: number;
  pssBytesMax: number | null;
  pssAtNs: number;
}

function startState(samplesMax: number): SamplerState {
  return {phase: 'idle', series: createSampleSeries(samplesMax), first: null, last: null, rssBytesMax: 0, pssBytesMax: null, pssAtNs: -Infinity};
}

function note(state: SamplerState, tNs: number, reading: UsageReading | null): void {
  if (reading === null || state.phase !== 'fed') return;
  // A lane that is gone, or on its way out (memory given back, not yet waited for), is no sample: the series would show a fall to 0.
  if (!reading.alive || reading.rssBytes === 0) return;
  state.first ??= {...reading, tNs};
  state.last = {...reading, tNs};
  state.rssBytesMax = Math.max(state.rssBytesMax, reading.rssBytes);
  if (reading.pssBytes !== null) state.pssBytesMax = Math.max(state.pssBytesMax ?? 0, reading.pssBytes);
  const {rssBytes, pssBytes, processes} = reading;
  state.series.add({tMonoNs: tNs, cpuMsTotal: reading.cpuMs - state.first.cpuMs, rssBytes, pssBytes, processes});
}

function evidenceOf(input: {options: ResourceSamplerOptions; source: UsageSource; state: SamplerState; figures: LaneFigures}): ResourceEvidence {
  const {options, source, state, figures} = input;
  const {first, last} = state;
  const told = {collector: figures.collector, loopDelayMaxMs: figures.loopDelayMaxMs};
  if (first === null || last === null || last.tNs <= first.tNs) {
    return {
      lane: options.lane, source: 'unavailable', cpuMs: 0, cpuUsPerMessage: 0, cpuShare: 0, rssBytesMax: 0, pssBytesMax: null,
      rssSlopeBytesPerHour: null, runQueueWaitShare: null, samples: [], ...told,
    };
  }
  const cpuMs = last.cpuMs - first.cpuMs;
  const slope = options.slope(state.series.samples.map((sample) => ({tNs: sample.tMonoNs, value: sample.rssBytes})));
  return {
    lane: options.lane, source: source.name, cpuMs,
    cpuUsPerMessage: figures.messages > 0 ? cpuMs * 1000 / figures.messages : 0,
    cpuShare: cpuMs * 1e6 / (last.tNs - first.tNs),
    rssBytesMax: state.rssBytesMax, pssBytesMax: state.pssBytesMax, rssSlopeBytesPerHour: slope?.perHour ?? null,
    runQueueWaitShare: waitShare(first, last), samples: state.series.samples, ...told,
  };
}

function waitShare(first: UsageReading, last: UsageReading): number | null {
  if (first.ranNs === null || last.ranNs === null || first.waitedNs === null || last.waitedNs === null) return null;
  const ran = last.ranNs - first.ranNs;
  const waited = last.waitedNs - first.waitedNs;
  return ran + waited > 0 ? waited / (ran + waited) : null;
}
