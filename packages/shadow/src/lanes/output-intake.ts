import type {LaneName} from '@tandem/contract';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {Barriers, OpenBarrier} from './barrier.ts';

export interface BarrierAnswer {
  readonly barrier: OpenBarrier;
  readonly refSeq: number | null;
  readonly stateHash: string | null;
  readonly tMonoNs: number;
}

export interface IntakeOptions {
  readonly lane: LaneName;
  readonly barriers: Barriers;
  readonly outputBytesMax: number;
  readonly onOutputs: (outputs: readonly LaneOutput[]) => void;
  /** after the outputs that came before the answer */
  readonly onAnswer: (answer: BarrierAnswer) => void;
  readonly onFault: (kind: 'output-oversized' | 'protocol', seen: string) => void;
}

/** Sorts what a lane sent into outputs, handed on in batches once a turn of the event loop, and answers to test requests. */
export class OutputIntake {
  readonly #options: IntakeOptions;
  #batch: LaneOutput[] = [];
  #flushPlanned = false;
  /** outputs taken so far; answers to test requests do not count */
  outputs = 0;
  bytes = 0;
  lastNs = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  take(payload: Uint8Array, frames: readonly Uint8Array[] | null, tMonoNs: number): void {
    const {lane, barriers, outputBytesMax, onAnswer, onFault} = this.#options;
    this.lastNs = tMonoNs;
    const reading = frames === null ? barriers.read(payload) : {kind: 'output'} as const;
    if (reading.kind === 'answer') {
      this.#flush();
      onAnswer({barrier: reading.barrier, refSeq: reading.refSeq, stateHash: reading.stateHash, tMonoNs});
      return;
    }
    if (reading.kind === 'misanswer') {
      onFault('protocol', reading.seen);
      return;
    }
    const size = frames === null ? payload.length : frames.reduce((sum, frame) => sum + frame.length, 0);
    this.bytes += size;
    if (size > outputBytesMax) onFault('output-oversized', `an output of ${size} bytes; at most ${outputBytesMax} are taken`);
    this.#batch.push({lane, index: this.outputs, tMonoNs, payload, frames});
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
