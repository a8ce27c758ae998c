import {monitorEventLoopDelay, PerformanceObserver} from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

/** What a process can say about itself; times in ms. */
export interface SelfFigures {
  readonly collector: {readonly pauses: number; readonly totalMs: number; readonly maxMs: number};
  readonly loopDelayMaxMs: number;
  readonly loopDelayP99Ms: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly uptimeMs: number;
}

/** Watches this process's collections and loop delay from now on. Its own floor of the delay is the sampler's resolution, which is taken off. */
export class SelfMeasure {
  private pauses = 0;
  private totalMs = 0;
  private maxMs = 0;
  private readonly delay = monitorEventLoopDelay({resolution: RESOLUTION_MS});
  private readonly observer: PerformanceObserver;

  constructor() {
    this.observer = new PerformanceObserver((list) => {
      for (const {duration} of list.getEntries()) {
        this.pauses++;
        this.totalMs += duration;
        this.maxMs = Math.max(this.maxMs, duration);
      }
    });
    this.observer.observe({entryTypes: ['gc']});
    this.delay.enable();
  }

  figures(): SelfFigures {
    const {pauses, totalMs, maxMs} = this;
    const {user, system} = process.cpuUsage();
    const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
    return {
      collector: {pauses, totalMs, maxMs}, loopDelayMaxMs: late(this.delay.max), loopDelayP99Ms: late(this.delay.percentile(99)),
      cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), uptimeMs: performance.now(),
    };
  }

  stop(): void {
    this.observer.disconnect();
    this.delay.disable();
  }
}
