/** The judge's own limits: what a migration does not set. Every one is printed in the reason of the gate that it decides. */
export interface JudgeThresholds {
  /** error rate of a "differs more than the legacy itself" finding, over all fields and all looks */
  readonly alpha: number;
  /** noisy fields that the error rate is shared among, at least */
  readonly familyFieldsMin: number;
  /** noise rate that n0 clean triples exclude */
  readonly settleRate: number;
  /** a noisy field is as good as the legacy when the candidate is the odd one at most this often (0.6 = 1.5 times as often as the twin) */
  readonly oddShareMax: number;
  /** share of latencies that may be negative or not a number */
  readonly invalidShareMax: number;
  /** stall of the harness's own event loop above which wall-clock percentiles are doubted, ns */
  readonly harnessStallNsMax: number;
  /** CPU time is read in ticks of 10 ms, user and system apart, at both ends: uncertainty of a difference, ms */
  readonly cpuUncertaintyMs: number;
  /** samples needed for a memory figure */
  readonly memorySamplesMin: number;
  /** a memory slope from a shorter run cannot be told from warming up, ms */
  readonly slopeDurationMsMin: number;
  /** first part of the run that the slope leaves out as warming up, 0..1 */
  readonly slopeWarmupShare: number;
}

export const JUDGE_THRESHOLDS: JudgeThresholds = {
  alpha: 0.01,
  familyFieldsMin: 32,
  settleRate: 1e-4,
  oddShareMax: 0.6,
  invalidShareMax: 1e-4,
  harnessStallNsMax: 50e6,
  cpuUncertaintyMs: 20,
  memorySamplesMin: 3,
  slopeDurationMsMin: 60_000,
  slopeWarmupShare: 0.25,
};
