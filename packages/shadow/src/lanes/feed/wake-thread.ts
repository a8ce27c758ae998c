import {Worker} from 'node:worker_threads';
import {monoNs} from '../monotonic-clock.ts';

/** Sleeps until the ordered time and says so. A string, so that a bundle needs no second file. */
const THREAD = `
const {parentPort, workerData} = require('node:worker_threads');
const flag = new Int32Array(workerData, 0, 1);
const due = new Float64Array(workerData, 8, 1);
for (;;) {
  Atomics.wait(flag, 0, 0);
  if (Atomics.load(flag, 0) < 0) break;
  let order = due[0];
  for (let left = order - Number(process.hrtime.bigint()); left > 0; left = order - Number(process.hrtime.bigint())) {
    Atomics.wait(flag, 0, 1, left / 1e6);
    if (Atomics.load(flag, 0) !== 1) break;
    order = due[0];
  }
  if (Atomics.compareExchange(flag, 0, 1, 0) === 1) parentPort.postMessage(0);
}`;

/** First guess of how late a wake-up comes; then learned. */
const LATENESS_NS = 60e3;
const LATENESS_NS_MAX = 300e3;
const STEP_NS = 1e3;

/**
 * An alarm with a resolution of some 50 µs that costs a wake-up instead of a busy core: Node's own timers have steps of 1 ms.
 * On a machine whose cores are all needed a sleeper is also woken sooner than a spinner gets its next slice (measured at load 7:
 * p99 8 to 40 ms late against 60 to 80).
 */
export class WakeThread {
  readonly #memory = new SharedArrayBuffer(16);
  readonly #flag = new Int32Array(this.#memory, 0, 1);
  readonly #due = new Float64Array(this.#memory, 8, 1);
  readonly #worker: Worker;
  #waiting: {readonly dueNs: number; readonly resolve: () => void}[] = [];
  /** how late wake-ups come, by the median: woken early it shrinks, woken late it grows */
  #latenessNs = LATENESS_NS;

  /** The thread stands; before that wake-ups come tens of milliseconds late. */
  readonly ready: Promise<void>;

  constructor() {
    this.#worker = new Worker(THREAD, {eval: true, workerData: this.#memory, stdin: false});
    this.ready = new Promise((resolve) => { this.#worker.once('online', resolve); });
    this.#worker.on('message', () => this.#woken());
    this.#worker.unref();
  }

  /** Resolves close to the time, a little before or after; the caller looks at the clock. */
  wake(dueNs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({dueNs, resolve});
      this.#order();
    });
  }

  async close(): Promise<void> {
    for (const {resolve} of this.#waiting.splice(0)) resolve();
    Atomics.store(this.#flag, 0, -1);
    Atomics.notify(this.#flag, 0);
    await this.#worker.terminate();
  }

  #order(): void {
    let firstNs = Infinity;
    for (const {dueNs} of this.#waiting) firstNs = Math.min(firstNs, dueNs);
    if (firstNs === Infinity) return;
    this.#due[0] = firstNs - this.#latenessNs;
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }

  #woken(): void {
    const nowNs = monoNs();
    const early = this.#waiting.filter(({dueNs}) => dueNs > nowNs + LATENESS_NS_MAX);
    const ready = this.#waiting.filter(({dueNs}) => dueNs <= nowNs + LATENESS_NS_MAX);
    this.#waiting = early;
    const first = ready[0];
    if (first !== undefined) {
      const step = first.dueNs > nowNs ? -STEP_NS : STEP_NS;
      this.#latenessNs = Math.min(LATENESS_NS_MAX, Math.max(0, this.#latenessNs + step));
    }
    for (const {resolve} of ready) resolve();
    this.#order();
  }
}
