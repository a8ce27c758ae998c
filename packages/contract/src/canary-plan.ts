/** Stages of a canary as the user writes them. */
export interface CanaryPlanSpec {
  /** shares of partitions, 0..1, rising, the last is 1 */
  readonly stages: readonly number[];
  readonly bakeMs: number;
  readonly minMessages: number;
  /** what to do with an output in doubt after a crash of the gate */
  readonly inDoubt: 'resend' | 'query' | 'halt';
  /** outputs released per input, per partition, at most */
  readonly outputRatioMax: number;
  /** evidence older than this counts as missing */
  readonly evidenceMaxAgeMs: number;
}
