/** What a migration demands; null = not demanded (shown as such, never as good). */
export interface GateLimits {
  readonly minMessages: number;
  readonly parity: {readonly mismatches: number; readonly lossBudget: number};
  /** quantile as text, e.g. `0.99` -> highest allowed candidate / legacy ratio of response time */
  readonly latencyRatio: Readonly<Record<string, number>>;
  readonly cpuRatio: number | null;
  readonly memoryRatio: number | null;
  readonly memorySlopeBytesPerHour: number | null;
  /** gates that are shown and never act */
  readonly dryRun: readonly string[];
  /** `file:line` of each gate id in the migration */
  readonly sources: Readonly<Record<string, string>>;
}
