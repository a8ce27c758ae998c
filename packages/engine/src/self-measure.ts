import {PerformanceObserver} from 'node:perf_hooks';
import {LoopDelay} from './loop-delay.ts';

/** A collection: when it began, CLOCK_MONOTONIC ns, and how long it took. */
export interface Pause {
  readonly atNs: number;
  readonly ms: number;
}

/** What a process can say about itself; times in ms. */
export interface SelfFigures {
  /** `longest`: at most LONGEST_MAX of them, longest first */
  readonly collector: {readonly pauses: number; readonly totalMs: number; readonly maxMs: number; readonly longest: readonly Pause[]};
  readonly loopDelayMaxMs: number;
  readonly loopDelayP99Ms: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly uptimeMs: number;
}

const LONGEST_MAX = 256;
const NS_PER_MS = 1e6;

/** Watches this process's collections and loop delay from now on. */
export class SelfMeasure {
  private pauses = 0;
  private totalMs = 0;
  private maxMs = 0;
  private longest: Pause[] = [];
  private readonly delay = new LoopDelay();
  private readonly observer: PerformanceObserver;

  constructor() {
    this.observer = new PerformanceObserver((list) => {
      const zeroNs = Number(process.hrtime.bigint()) - performance.now() * NS_PER_MS;
      for (const {duration, startTime} of list.getEntries()) {
        this.pauses++;
        this.totalMs += duration;
        this.maxMs = Math.max(this.maxMs, duration);
        this.longest.push({atNs: Math.round(zeroNs + startTime * NS_PER_MS), ms: duration});
      }
      if (this.longest.length > 2 * LONGEST_MAX) this.longest = longestOf(this.longest);
    });
    this.observer.observe({entryTypes: ['gc']});
  }

  figures(): SelfFigures {
    const {pauses, totalMs, maxMs} = this;
    const {user, system} = process.cpuUsage();
    return {
      collector: {pauses, totalMs, maxMs, longest: longestOf(this.longest)}, loopDelayMaxMs: this.delay.maxMs, loopDelayP99Ms: this.delay.quantileMs(0.99),
      cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), uptimeMs: performance.now(),
    };
  }

  stop(): void {
    this.observer.disconnect();
    this.delay.stop();
  }
}

const longestOf = (pauses: readonly Pause[]): Pause[] => pauses.toSorted((a, b) => b.ms - a.ms).slice(0, LONGEST_MAX);
