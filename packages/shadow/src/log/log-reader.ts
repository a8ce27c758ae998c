import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import type {CapturedMessage, GapRecord} from '@tandem/contract';
import {messageFilter} from './chunk-decoder.ts';
import {FollowWait} from './follow-wait.ts';
import {DamageList, type Damage} from './log-damage.ts';
import {locateLog, sealDamages, type LogPlace} from './log-place.ts';
import type {LogSeal} from './log-seal.ts';
import {SummaryBuilder, type LogSummary} from './log-summary.ts';
import {openSegment, type OpenSegment} from './open-segment.ts';

export interface BatchOptions {
  readonly stream?: string | undefined;
  /** first and last position wanted, both included */
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  /** goes on while the log grows, until it is sealed or `signal` aborts; what was read until then was given out */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onGap?: ((gap: GapRecord) => void) | undefined;
  readonly onDamage?: ((damage: Damage) => void) | undefined;
}

/** Reads a log without changing it. Opened files live only as long as an iteration. */
export interface LogReader {
  /** where the log is; segments are found again by every iteration */
  readonly place: LogPlace;
  readonly seal: LogSeal | null;
  /** reads everything once */
  summary(): Promise<LogSummary>;
  /**
   * Whole messages in the order in which they were written, up to 256 at a time. Frames are views of memory that is not used
   * again; copy what is kept for long, a view keeps its neighbours (up to 512 KiB) alive.
   */
  batches(options?: BatchOptions): AsyncIterable<CapturedMessage[]>;
  /** compares the SHA-256 of every sealed segment; empty when all agree, and `unsealed` when there is nothing to compare with */
  verifySeal(): Promise<readonly Damage[] | 'unsealed'>;
}

/** Opens a log folder or a single segment. Throws when it is no log of this version; damage inside is reported, not thrown. */
export async function openLogReader(folderOrFile: string): Promise<LogReader> {
  return new Reader(await locateLog(folderOrFile));
}

class Reader implements LogReader {
  readonly place: LogPlace;

  constructor(place: LogPlace) {
    this.place = place;
  }

  get seal(): LogSeal | null {
    return this.place.seal;
  }

  async summary(): Promise<LogSummary> {
    const damage = new DamageList();
    const builder = new SummaryBuilder();
    for (const item of sealDamages(this.place)) damage.add(item);
    for await (const messages of this.batches({onGap: (gap) => builder.gap(gap), onDamage: (item) => damage.add(item)})) builder.messages(messages);
    return builder.summary(this.place, damage);
  }

  async *batches(options: BatchOptions = {}): AsyncGenerator<CapturedMessage[], void> {
    const {signal, follow = false} = options;
    const wait = follow ? new FollowWait(this.place, signal) : null;
    let files = this.place.files;
    for (let index = 0; !isAborted(signal); index += 1) {
      const file = files[index];
      if (file === undefined) {
        // All known segments are read; a growing log may have got another one.
        if (wait === null || !await wait.nextSegment(index)) return;
        files = wait.files;
        index -= 1;
        continue;
      }
      if (this.#holdsNothingWanted(file.name, file.sizeBytes, options)) continue;
      const segment = await openSegment(join(this.place.folder, file.name), file.name, messageFilter(options));
      try {
        if (yield* this.#segment(segment, options, wait)) return;
      } finally {
        await segment.close();
      }
    }
  }

  /** True when the last message wanted was given out. */
  async *#segment(segment: OpenSegment, options: BatchOptions, wait: FollowWait | null): AsyncGenerator<CapturedMessage[], boolean> {
    const {stream, toSeq = Infinity, signal, onGap, onDamage} = options;
    for (;;) {
      if (isAborted(signal)) return true;
      const step = await segment.scan.next();
      if (step.kind === 'messages') {
        yield step.messages;
        if (stream !== undefined && (step.messages.at(-1)?.seq ?? 0) >= toSeq) return true;
      } else if (step.kind === 'gap') {
        onGap?.(step.gap);
      } else if (step.kind === 'damage') {
        onDamage?.(step.damage);
      } else if (step.kind === 'end') {
        return false;
      } else if (wait === null || !await wait.growth(segment)) {
        segment.scan.giveUp();
      }
    }
  }

  /** A sealed segment tells what it holds; only a segment of the sealed length is believed. */
  #holdsNothingWanted(name: string, sizeBytes: number, options: BatchOptions): boolean {
    const {stream, fromSeq} = options;
    if (stream === undefined || fromSeq === undefined || options.onGap !== undefined) return false;
    const sealed = this.place.seal?.segments.find((segment) => segment.file === name);
    if (sealed === undefined || sealed.sizeBytes !== sizeBytes) return false;
    const part = sealed.streams.find((candidate) => candidate.stream === stream);
    return part === undefined || part.lastSeq < fromSeq;
  }

  async verifySeal(): Promise<readonly Damage[] | 'unsealed'> {
    const {seal, folder, files} = this.place;
    if (seal === null) return 'unsealed';
    const found: Damage[] = [...sealDamages(this.place)];
    for (const segment of seal.segments) {
      if (!files.some((file) => file.name === segment.file)) continue;
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(join(folder, segment.file))) hash.update(chunk as Buffer);
      if (hash.digest('hex') !== segment.sha256) found.push({file: segment.file, offset: 0, reason: 'SHA-256 differs from the seal', bytesLost: 0});
    }
    return found;
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
