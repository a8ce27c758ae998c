import {monitorEventLoopDelay, PerformanceObserver} from 'node:perf_hooks';

/** How the harness itself fared: its pauses are part of every latency that it measures. */
export interface HarnessFigures {
  /** longest time for which the event loop did not turn, ns; below about 5 ms it is the watch's own floor */
  readonly stallNsMax: number;
  /** of the worst turn, where there are turns */
  readonly loopDelayP99Ns: number;
  readonly cpuMs: number;
  readonly collector: {readonly pauses: number; readonly totalMs: number; readonly maxMs: number};
}

export interface HarnessWatch {
  figures(): HarnessFigures;
  /** Only what happens in measured turns counts as a stall from now on: `turn(true)` at the beginning of each, `turn(false)` at its end. */
  turn(isMeasured: boolean): void;
  stop(): void;
}

/** Finer costs more (1 ms: about 17 ms CPU a second on a busy machine) and finds nothing that matters here. */
const RESOLUTION_MS = 4;
const NS_PER_MS = 1e6;

/**
 * Watches event loop, collector and CPU of this process from now on. Start it after the noise gate's first spin and read it before the second:
 * a spin blocks the loop and would count as the harness's own stall.
 */
export function watchHarness(): HarnessWatch {
  const delay = monitorEventLoopDelay({resolution: RESOLUTION_MS});
  const collector = {pauses: 0, totalMs: 0, maxMs: 0};
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      collector.pauses += 1;
      collector.totalMs += entry.duration;
      collector.maxMs = Math.max(collector.maxMs, entry.duration);
    }
  });
  const cpuStart = process.cpuUsage();
  observer.observe({entryTypes: ['gc']});
  delay.enable();
  let ofTurns: {maxNs: number; p99Ns: number} | null = null;
  // The timer's own period is part of each reading.
  const stalls = (): {maxNs: number; p99Ns: number} => (delay.count === 0 ? {maxNs: 0, p99Ns: 0} : {
    maxNs: Math.max(0, delay.max - RESOLUTION_MS * NS_PER_MS), p99Ns: Math.max(0, delay.percentile(99) - RESOLUTION_MS * NS_PER_MS),
  });
  return {
    turn(isMeasured) {
      if (!isMeasured) {
        const {maxNs, p99Ns} = stalls();
        ofTurns = {maxNs: Math.max(ofTurns?.maxNs ?? 0, maxNs), p99Ns: Math.max(ofTurns?.p99Ns ?? 0, p99Ns)};
      }
      // the first reading after a pause would hold the pause
      delay.disable();
      delay.reset();
      if (isMeasured) delay.enable();
    },
    figures() {
      const cpu = process.cpuUsage(cpuStart);
      const {maxNs, p99Ns} = ofTurns ?? stalls();
      return {
        stallNsMax: maxNs, loopDelayP99Ns: p99Ns,
        cpuMs: (cpu.user + cpu.system) / 1000, collector: {...collector},
      };
    },
    stop() {
      delay.disable();
      observer.disconnect();
    },
  };
}
