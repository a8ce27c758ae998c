import type {CoreUse, NoiseEvidence} from '@tandem/contract';
import {LATENCY_QUANTILES} from './latency-recorder.ts';
import {readMachine} from './machine-load.ts';
import type {MachineReading} from './machine-load.ts';
import {readOthers} from './other-programs.ts';
import {heldUpNs, spinForGaps} from './spin-gaps.ts';
import type {SpinGaps} from './spin-gaps.ts';

/** Above any of these the machine counts as unsteady. Shares are 0..1. */
export interface NoiseLimits {
  /** share of the spinning time that gaps took away */
  readonly gapShareMax: number;
  readonly worstGapNsMax: number;
  readonly stealShareMax: number;
  /** share of the machine's CPU that neither harness nor lanes used */
  readonly foreignShareMax: number;
  /** run-queue wait in (run + wait) of any lane; of a lane that was alone on its cores, what others can have made it wait */
  readonly runQueueWaitShareMax: number;
}

/** Own limits, to be tuned on runs of a legacy against itself: a quiet 2-core virtual machine shows gaps of up to 12.5 ms. */
export const NOISE_LIMITS: NoiseLimits = {
  gapShareMax: 0.05, worstGapNsMax: 25e6, stealShareMax: 0.05, foreignShareMax: 0.05, runQueueWaitShareMax: 0.05,
};

export interface NoiseGateOptions {
  /** each of the two spins; 200 to 3000 ms, default 1000. The thread is busy meanwhile: no lane may be fed */
  readonly spinMs?: number;
  readonly limits?: NoiseLimits;
  readonly nowNs?: () => number;
  readonly procRoot?: string;
}

/** What the run knows about its own use of the machine. */
export interface OwnUse {
  /** CPU of harness and all lanes between before() (or begin()) and after(), ms; null = not measured */
  readonly cpuMs: number | null;
  /** by lane; null = not measured */
  readonly runQueueWaitShares: Readonly<Record<string, number | null>>;
  /** who had the cores on which lanes were alone; absent or null: they were not, or it is not known */
  readonly cores?: CoreUse | null;
}

export interface NoiseGate {
  /** First spin, before the lanes are fed. */
  before(): void;
  /** What the machine did until now does not count: a history was fed that is not measured. */
  begin(): void;
  /** Second spin, after they were fed. */
  after(use: OwnUse): NoiseEvidence;
}

const SPIN_MS = 1000;
const SPIN_MS_MIN = 200;
const SPIN_MS_MAX = 3000;

/** Says whether wall-clock percentiles of this run measure the lanes or the neighbours. CPU per message stays valid either way. */
export function createNoiseGate(options: NoiseGateOptions = {}): NoiseGate {
  const spinMs = Math.min(SPIN_MS_MAX, Math.max(SPIN_MS_MIN, options.spinMs ?? SPIN_MS));
  const nowNs = options.nowNs ?? (() => Number(process.hrtime.bigint()));
  let firstSpin: SpinGaps | null = null;
  let machineBefore: MachineReading | null = null;
  let othersBefore: number | null = null;
  return {
    before() {
      firstSpin = spinForGaps(spinMs, nowNs);
      machineBefore = readMachine(options.procRoot);
      othersBefore = readOthers(process.pid, options.procRoot);
    },
    begin() {
      machineBefore = readMachine(options.procRoot);
      othersBefore = readOthers(process.pid, options.procRoot);
    },
    after(use) {
      const machine = spentBetween(machineBefore, readMachine(options.procRoot));
      const others = readOthers(process.pid, options.procRoot);
      const othersMs = others === null || othersBefore === null ? null : others - othersBefore;
      const spins = [firstSpin, spinForGaps(spinMs, nowNs)].filter((spin) => spin !== null);
      return judgeNoise({spins, machine, othersMs, use, limits: options.limits ?? NOISE_LIMITS});
    },
  };
}

function spentBetween(from: MachineReading | null, to: MachineReading | null): MachineReading | null {
  if (from === null || to === null || to.totalMs <= from.totalMs) return null;
  return {busyMs: to.busyMs - from.busyMs, stealMs: to.stealMs - from.stealMs, totalMs: to.totalMs - from.totalMs};
}

/**
 * Pure: from readings to evidence, with a reason for every limit passed. Only one spin counts as unsteady: half a measurement is none.
 * The rule about waits is there to exclude neighbours. Where a lane shares its cores with the harness or another lane every wait counts. Where it was
 * alone on them, its threads waited for each other (which is how it works and what its users get on as many cores) or for neighbours; what neighbours
 * ran on these very cores is measured, bounds what they can have made it wait, and must keep the same limit.
 */
export function judgeNoise(input: {spins: readonly SpinGaps[]; machine: MachineReading | null; othersMs?: number | null; use: OwnUse; limits: NoiseLimits}): NoiseEvidence {
  const {spins, machine, othersMs = null, use, limits} = input;
  const sum = (pick: (spin: SpinGaps) => number): number => spins.reduce((total, spin) => total + pick(spin), 0);
  const spinMs = sum((spin) => spin.spinMs);
  const worstGapNs = spins.reduce((worst, spin) => Math.max(worst, spin.worstGapNs), 0);
  const gapShare = spinMs > 0 ? sum((spin) => spin.gapsNs) / (spinMs * 1e6) : 1;
  const stealShare = machine === null ? null : machine.stealMs / machine.totalMs;
  // two accounts of the same, each blind on one side: the larger counts
  const unowned = machine === null || use.cpuMs === null ? null : Math.max(0, machine.busyMs - use.cpuMs);
  const foreignShare = machine === null || (unowned === null && othersMs === null) ? null : Math.max(unowned ?? 0, othersMs ?? 0) / machine.totalMs;
  const reasons: string[] = [];
  const hold = (what: string, value: number | null, limit: number): void => {
    if (value !== null && value > limit) reasons.push(`${what} ${percent(value)}, limit ${percent(limit)}`);
  };
  if (spins.length < 2) reasons.push('the machine was not watched both before and after the run');
  hold('pauses of a spinning loop took', gapShare, limits.gapShareMax);
  if (worstGapNs > limits.worstGapNsMax) reasons.push(`a spinning loop was paused for ${(worstGapNs / 1e6).toFixed(1)} ms, limit ${(limits.worstGapNsMax / 1e6).toFixed(1)} ms`);
  hold('the hypervisor took', stealShare, limits.stealShareMax);
  hold('other programs used', foreignShare, limits.foreignShareMax);
  for (const [lane, share] of Object.entries(use.runQueueWaitShares)) {
    const alone = use.cores?.lanes[lane];
    if (alone === undefined) hold(`${lane} waited for a core`, share, limits.runQueueWaitShareMax);
    else if (alone.waitShare > limits.runQueueWaitShareMax) hold(`${lane} waited for its core ${percent(alone.waitShare)}, and of that core others used`, alone.othersShare, limits.runQueueWaitShareMax);
    hold(`on the core of ${lane} the hypervisor took`, alone?.stealShare ?? null, limits.stealShareMax);
  }
  hold("others used of the harness's own core", use.cores?.harnessOthersShare ?? null, limits.foreignShareMax);
  const heldUp = Object.fromEntries(LATENCY_QUANTILES.map((quantile) => [quantile, heldUpNs(spins, Number(quantile))]));
  return {spinMs, gaps: sum((spin) => spin.gaps), worstGapNs, stealShare, steady: reasons.length === 0, reasons, heldUpNs: heldUp, ...(use.cores === undefined ? {} : {cores: use.cores})};
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
