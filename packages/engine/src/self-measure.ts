import {PerformanceObserver} from 'node:perf_hooks';
import {LoopDelay} from './loop-delay.ts';

/** What a process can say about itself; times in ms. */
export interface SelfFigures {
  readonly collector: {readonly pauses: number; readonly totalMs: number; readonly maxMs: number};
  readonly loopDelayMaxMs: number;
  readonly loopDelayP99Ms: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly uptimeMs: number;
}

/** Watches this process's collections and loop delay from now on. */
export class SelfMeasure {
  private pauses = 0;
  private totalMs = 0;
  private maxMs = 0;
  private readonly delay = new LoopDelay();
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
  }

  figures(): SelfFigures {
    const {pauses, totalMs, maxMs} = this;
    const {user, system} = process.cpuUsage();
    return {
      collector: {pauses, totalMs, maxMs}, loopDelayMaxMs: this.delay.maxMs, loopDelayP99Ms: this.delay.quantileMs(0.99),
      cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), uptimeMs: performance.now(),
    };
  }

  stop(): void {
    this.observer.disconnect();
    this.delay.stop();
  }
}
