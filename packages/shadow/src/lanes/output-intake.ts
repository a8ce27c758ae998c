import type {LaneName} from '@tandem/contract';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {Barriers, OpenBarrier} from './barrier.ts';
import {monoNs} from './monotonic-clock.ts';
import {OwnedCopy} from './owned-copy.ts';

/** Messages taken in one turn of the event loop: more would starve the sender and its plan. */
const BURST_MAX = 64;

export interface BarrierAnswer {
  readonly barrier: OpenBarrier;
  readonly refSeq: number | null;
  readonly stateHash: string | null;
  readonly tMonoNs: number;
}

export interface IntakeOptions {
  readonly lane: LaneName;
  /** the next message; null at the end */
  readonly receive: () => Promise<readonly Uint8Array[] | null>;
  readonly barriers: Barriers;
  readonly outputBytesMax: number;
  readonly onOutputs: (outputs: readonly LaneOutput[]) => void;
  /** after the outputs that came before the answer */
  readonly onAnswer: (answer: BarrierAnswer) => void;
  readonly onFault: (kind: 'output-oversized' | 'protocol', seen: string) => void;
}

/** Takes a lane's outputs from its socket, stamps each one at once, and hands them on in batches. */
export class OutputIntake {
  readonly #options: IntakeOptions;
  readonly #copy = new OwnedCopy();
  #batch: LaneOutput[] = [];
  #flushPlanned = false;
  /** outputs taken so far; answers to test requests do not count */
  outputs = 0;
  bytes = 0;
  lastNs = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Runs until there is nothing more to receive. */
  async run(): Promise<void> {
    const {receive} = this.#options;
    for (let burst = 1; ; burst++) {
      const frames = await receive();
      if (frames === null) break;
      this.#take(frames, monoNs());
      if (burst % BURST_MAX === 0) await nextTurn();
    }
    this.#flush();
  }

  #take(frames: readonly Uint8Array[], tMonoNs: number): void {
    const {lane, barriers, outputBytesMax, onAnswer, onFault} = this.#options;
    const payload = frames[frames.length - 1] ?? new Uint8Array(0);
    this.lastNs = tMonoNs;
    const reading = frames.length === 1 ? barriers.read(payload) : {kind: 'output'} as const;
    if (reading.kind === 'answer') {
      this.#flush();
      onAnswer({barrier: reading.barrier, refSeq: reading.refSeq, stateHash: reading.stateHash, tMonoNs});
      return;
    }
    if (reading.kind === 'misanswer') {
      onFault('protocol', reading.seen);
      return;
    }
    const size = frames.length === 1 ? payload.length : frames.reduce((sum, frame) => sum + frame.length, 0);
    this.bytes += size;
    if (size > outputBytesMax) onFault('output-oversized', `an output of ${size} bytes; at most ${outputBytesMax} are taken`);
    const owned = frames.length === 1 ? null : frames.map((frame) => this.#copy.of(frame));
    this.#batch.push({lane, index: this.outputs, tMonoNs, payload: owned?.at(-1) ?? this.#copy.of(payload), frames: owned});
    this.outputs += 1;
    if (!this.#flushPlanned) {
      this.#flushPlanned = true;
      setImmediate(() => {
        this.#flushPlanned = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#options.onOutputs(batch);
  }
}
