import {constants, type FileHandle} from 'node:fs/promises';
import {open} from 'node:fs/promises';

/** One step of the writer, in order: open the next file, append octets, finish the file. */
export type FileStep =
  | {readonly kind: 'open'; readonly path: string}
  | {readonly kind: 'bytes'; readonly bytes: Buffer; /** called when all of it is in the file */ readonly written?: () => void}
  | {readonly kind: 'finish'; /** called when the file is closed */ readonly done: () => void};

export type SyncMode = 'never' | 'close' | 'group';

/** What could not be done: the step, the octets of it that are in the file all the same, and why. */
export interface StepFailure {
  readonly step: FileStep;
  readonly path: string;
  readonly bytesWritten: number;
  readonly error: unknown;
}

/** At most this many octets and blocks go into one system call. */
const GROUP_BYTES_MAX = 1024 * 1024;
const GROUP_BLOCKS_MAX = 64;

/**
 * Carries out steps one after the other in the background. After the first failure nothing more is done: what is in the file
 * stays as it is. The caller bounds what it queues by `queuedBytes`.
 */
export class AppendFile {
  queuedBytes = 0;
  failure: StepFailure | null = null;
  readonly #sync: SyncMode;
  readonly #onProgress: () => void;
  #steps: FileStep[] = [];
  #handle: FileHandle | null = null;
  #path = '';
  #running: Promise<void> | null = null;

  constructor(sync: SyncMode, onProgress: () => void) {
    this.#sync = sync;
    this.#onProgress = onProgress;
  }

  push(step: FileStep): void {
    if (this.failure !== null) return;
    this.#steps.push(step);
    if (step.kind === 'bytes') this.queuedBytes += step.bytes.length;
    this.#running ??= this.#run().finally(() => (this.#running = null));
  }

  /** Settles when nothing is queued any more, or after a failure; never rejects. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async sync(): Promise<void> {
    await this.#handle?.datasync();
  }

  /** Steps that were not carried out; only after a failure. */
  get left(): readonly FileStep[] {
    return this.#steps;
  }

  async #run(): Promise<void> {
    // The first step of a burst waits a turn, so that steps pushed together go out together.
    await Promise.resolve();
    while (this.#steps.length > 0 && this.failure === null) {
      const first = this.#steps[0];
      if (first === undefined) break;
      if (first.kind === 'bytes') await this.#writeGroup();
      else await this.#step(first);
    }
    if (this.failure !== null) await this.#handle?.close().catch(() => undefined);
    if (this.failure !== null) this.#handle = null;
    this.#onProgress();
  }

  async #step(step: FileStep): Promise<void> {
    try {
      if (step.kind === 'open') {
        this.#path = step.path;
        // Never through a link and never over something that is there.
        this.#handle = await open(step.path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
      } else {
        if (this.#sync !== 'never') await this.#handle?.datasync();
        await this.#handle?.close();
        this.#handle = null;
        if (step.kind === 'finish') step.done();
      }
      this.#steps.shift();
    } catch (error) {
      this.failure = {step, path: this.#path, bytesWritten: 0, error};
    }
  }

  async #writeGroup(): Promise<void> {
    let count = 0;
    let size = 0;
    const group: Buffer[] = [];
    for (const step of this.#steps) {
      if (step.kind !== 'bytes' || count === GROUP_BLOCKS_MAX || (count > 0 && size + step.bytes.length > GROUP_BYTES_MAX)) break;
      group.push(step.bytes);
      size += step.bytes.length;
      count += 1;
    }
    let written = 0;
    try {
      while (written < size) written += await this.#writeSome(group, written);
      if (this.#sync === 'group') await this.#handle?.datasync();
    } catch (error) {
      this.#settle(written);
      const step = this.#steps[0];
      if (step !== undefined) this.failure = {step, path: this.#path, bytesWritten: this.#partial, error};
      return;
    }
    this.#settle(written);
    this.#onProgress();
  }

  #partial = 0;

  async #writeSome(group: readonly Buffer[], skip: number): Promise<number> {
    let rest = skip;
    const parts: Buffer[] = [];
    for (const bytes of group) {
      if (rest >= bytes.length) rest -= bytes.length;
      else {
        parts.push(rest === 0 ? bytes : bytes.subarray(rest));
        rest = 0;
      }
    }
    const {bytesWritten} = await this.#handle!.writev(parts);
    if (bytesWritten === 0) throw new Error('the file takes no more octets');
    return bytesWritten;
  }

  /** Takes the steps that are whole in the file off the queue; remembers how much of the next one is. */
  #settle(written: number): void {
    let rest = written;
    let count = 0;
    for (const step of this.#steps) {
      if (step.kind !== 'bytes' || rest < step.bytes.length) break;
      rest -= step.bytes.length;
      this.queuedBytes -= step.bytes.length;
      step.written?.();
      count += 1;
    }
    this.#steps = this.#steps.slice(count);
    this.#partial = rest;
  }
}
