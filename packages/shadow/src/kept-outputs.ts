import {RUN_FILE, type LaneName} from '@tandem/contract';
import type {LaneOutput} from './flow/lane-output.ts';
import type {SettledCause} from './flow/settled-cause.ts';
import {openLogWriter, type LogWriter} from './log/log-writer.ts';
import type {RunFolderWriter} from './record/run-folder-writer.ts';
import type {SessionPlan} from './session-plan.ts';

/**
 * Puts lanes' outputs into the run folder: all of them, or those of inputs whose answers differ (with the input itself).
 * A budget a lane bounds it; what did not fit is counted in a gap record of that log.
 */
export class KeptOutputs {
  readonly #mode: SessionPlan['keep'];
  readonly #writers: ReadonlyMap<string, LogWriter>;
  readonly #budget: Map<string, number>;
  readonly #seqs = new Map<string, number>();
  readonly #lastDiffering = new Map<string, number>();
  #closed = false;

  private constructor(mode: SessionPlan['keep'], writers: ReadonlyMap<string, LogWriter>, bytesMax: number) {
    this.#mode = mode;
    this.#writers = writers;
    this.#budget = new Map([...writers.keys()].map((name) => [name, bytesMax]));
  }

  static async open(folder: RunFolderWriter, plan: SessionPlan): Promise<KeptOutputs> {
    const writers = new Map<string, LogWriter>();
    for (const {name} of plan.migration.lanes) writers.set(name, await openLogWriter(await folder.place(RUN_FILE.laneLog(name))));
    writers.set('input', await openLogWriter(await folder.place(RUN_FILE.laneLog('input'))));
    return new KeptOutputs(plan.keep, writers, plan.keepBytesMax);
  }

  /** `text`: as its codec reads it, which is what a person wants to see; the octets are in the capture */
  input(inputSeq: number, text: Uint8Array): void {
    if (this.#mode === 'all') this.#append('input', [text], 0, inputSeq);
  }

  outputs(outputs: readonly LaneOutput[]): void {
    if (this.#mode !== 'all') return;
    for (const output of outputs) this.#append(output.lane, framesOf(output), output.tMonoNs);
  }

  /** An input whose answers differ: input and both answers. */
  differing(cause: SettledCause): void {
    if (this.#mode !== 'differing') return;
    if (cause.input !== null && this.#lastDiffering.get('input') !== cause.inputSeq) this.#append('input', [cause.input], 0, cause.inputSeq);
    for (const side of [cause.expected, cause.actual]) {
      const lane = side[0]?.lane;
      if (lane === undefined || this.#lastDiffering.get(lane) === cause.inputSeq) continue;
      for (const output of side) this.#append(lane, framesOf(output), output.tMonoNs);
      this.#lastDiffering.set(lane, cause.inputSeq);
    }
    this.#lastDiffering.set('input', cause.inputSeq);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const writer of this.#writers.values()) await writer.close();
  }

  #append(name: LaneName | 'input', frames: readonly Uint8Array[], tMonoNs: number, identitySeq?: number): void {
    const left = (this.#budget.get(name) ?? 0) - frames.reduce((bytes, frame) => bytes + frame.length, 0);
    this.#budget.set(name, left);
    const seq = (this.#seqs.get(name) ?? 0) + 1;
    this.#seqs.set(name, seq);
    if (left < 0 || this.#closed) return;
    this.#writers.get(name)?.append({stream: name === 'input' ? 'input' : `out/${name}`, epoch: 0, seq: identitySeq ?? seq, tMonoNs, tWallNs: 0n, identity: '', frames});
  }
}

const framesOf = ({payload, frames}: LaneOutput): readonly Uint8Array[] => frames ?? [payload];
