import type {WireMode} from '@tandem/zmtp';

/** What a tap may cost before it steps aside. */
export interface WireBudget {
  /** worst delay of its event loop within a second, ms: live waits for as long */
  readonly loopDelayMsMax: number;
  readonly rssBytesMax: number;
  /** seconds in a row in which the log was too slow */
  readonly overrunSecondsMax: number;
  /** of one core, by the thread that forwards */
  readonly cpuShareMax: number;
}

export const WIRE_BUDGET: WireBudget = {loopDelayMsMax: 100, rssBytesMax: 1024 ** 3, overrunSecondsMax: 5, cpuShareMax: 0.95};

/** Seconds in a row that decide; one alone may be the machine's. */
const SECONDS = 3;
/** of one core: a loop that is late with less work than this waits for the machine, and looking at less would not help live */
const OWN_SHARE_MIN = 0.3;

/** What one second showed. */
export interface WireSecond {
  readonly loopDelayMs: number;
  readonly rssBytes: number;
  readonly lost: number;
  readonly cpuShare: number;
}

/** Decides when the tap looks at less. Pure: the same seconds give the same steps. */
export class WireWatch {
  readonly #budget: WireBudget;
  #slow = 0;
  #overruns = 0;
  #busy = 0;

  constructor(budget: WireBudget) {
    this.#budget = budget;
  }

  /** One rung down and why, or null. */
  second(mode: WireMode, {loopDelayMs, rssBytes, lost, cpuShare}: WireSecond): {readonly mode: WireMode; readonly reason: string} | null {
    const {loopDelayMsMax, rssBytesMax, overrunSecondsMax, cpuShareMax} = this.#budget;
    this.#slow = loopDelayMs > loopDelayMsMax && cpuShare >= OWN_SHARE_MIN ? this.#slow + 1 : 0;
    this.#overruns = lost > 0 ? this.#overruns + 1 : 0;
    this.#busy = cpuShare > cpuShareMax ? this.#busy + 1 : 0;
    if (mode === 'splice') return null;
    const next: WireMode = mode === 'observe' ? 'headers' : 'splice';
    const down = (reason: string): {readonly mode: WireMode; readonly reason: string} => {
      this.#slow = 0;
      this.#overruns = 0;
      this.#busy = 0;
      return {mode: next, reason};
    };
    if (rssBytes > rssBytesMax) return down(`its memory of ${Math.round(rssBytes / 1024 ** 2)} MiB is above the limit of ${Math.round(rssBytesMax / 1024 ** 2)} MiB`);
    if (this.#slow >= SECONDS) return down(`its loop was ${Math.round(loopDelayMs)} ms late, ${SECONDS} seconds in a row; the limit is ${loopDelayMsMax} ms`);
    if (this.#busy >= SECONDS) return down(`it used ${Math.round(cpuShare * 100)} % of a core, ${SECONDS} seconds in a row`);
    if (this.#overruns >= overrunSecondsMax) return down(`the log was too slow, ${overrunSecondsMax} seconds in a row`);
    return null;
  }
}
