import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import type {CapturedMessage} from '@tandem/contract';
import {messageFilter} from './chunk-decoder.ts';
import {readIndex, seekOffset} from './chunk-seek.ts';
import {FollowWait} from './follow-wait.ts';
import {DamageList, type Damage} from './log-damage.ts';
import {locateLog, sealDamages, type LogPlace, type SegmentFile} from './log-place.ts';
import type {LogSeal} from './log-seal.ts';
import {SummaryBuilder, type LogSummary} from './log-summary.ts';
import {openIfThere, type OpenSegment} from './open-segment.ts';
import type {BatchOptions, LogReader} from './reader-port.ts';
import {brokenLink, CHAIN_START} from './segment-chain.ts';
import {removedGaps, SegmentWalk} from './segment-walk.ts';

export type {BatchOptions, LogReader} from './reader-port.ts';

/** Opens a log folder or a single segment. Throws when it is no log of this version; damage inside is reported, not thrown. */
export async function openLogReader(folderOrFile: string): Promise<LogReader> {
  return new Reader(await locateLog(folderOrFile));
}

class Reader implements LogReader {
  readonly #place: LogPlace;

  constructor(place: LogPlace) {
    this.#place = place;
  }

  get name(): string {
    return this.#place.folder;
  }

  get wholeLog(): boolean {
    return this.#place.wholeFolder;
  }

  get seal(): LogSeal | null {
    return this.#place.seal;
  }

  async summary(): Promise<LogSummary> {
    const damage = new DamageList();
    const builder = new SummaryBuilder();
    for (const item of sealDamages(this.#place)) damage.add(item);
    for await (const messages of this.batches({onGap: (gap) => builder.gap(gap), onDamage: (item) => damage.add(item)})) builder.messages(messages);
    return builder.summary(this.#place, damage);
  }

  async *batches(options: BatchOptions = {}): AsyncGenerator<CapturedMessage[], void> {
    const {signal, follow = false} = options;
    const wait = follow ? new FollowWait(this.#place, signal) : null;
    const walk = new SegmentWalk(this.#place, wait);
    while (!isAborted(signal)) {
      const next = await walk.next();
      if (next === null) return;
      if (next.kind === 'removed') for (const gap of removedGaps(next.streams, next.reason, options)) options.onGap?.(gap);
      else if (next.kind === 'damage') options.onDamage?.(next.damage);
      else if (!this.#holdsNothingWanted(next.file, options)) {
        const segment = await openIfThere(join(this.#place.folder, next.file.name), next.file.name, messageFilter(options));
        if (segment === null) {
          if (!this.#place.wholeFolder) return;
          // retention was faster than this reader: what it took is stated by now
          await walk.again();
          continue;
        }
        try {
          await this.#jumpAhead(segment, options);
          if (yield* this.#segment(segment, options, wait)) return;
        } finally {
          await segment.close();
        }
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

  /** A finished segment tells what it holds; only one of the length that was stated is believed, and gaps in it are heard when they are asked for. */
  #holdsNothingWanted({name, sizeBytes}: SegmentFile, options: BatchOptions): boolean {
    const {stream, fromSeq = 0, fromMonoNs = 0, toSeq = Infinity, toMonoNs = Infinity} = options;
    const sealed = (this.#place.seal ?? this.#place.manifest)?.segments.find((segment) => segment.file === name);
    if (sealed === undefined || sealed.sizeBytes !== sizeBytes || (sealed.gaps > 0 && options.onGap !== undefined)) return false;
    return sealed.streams.every((part) => (stream !== undefined && part.stream !== stream)
      || part.lastSeq < fromSeq || part.firstSeq > toSeq || part.lastMonoNs < fromMonoNs || part.firstMonoNs > toMonoNs);
  }

  /** In a finished segment the index tells from where on to read. */
  async #jumpAhead({scan, window}: OpenSegment, options: BatchOptions): Promise<void> {
    if (options.fromSeq === undefined && options.fromMonoNs === undefined) return;
    const start = scan.offset;
    const index = await readIndex(window);
    if (index === null || (index.hasGaps && options.onGap !== undefined)) return;
    const offset = await seekOffset(window, index, options);
    if (offset !== null && offset > start) scan.jump(offset, index.channels);
  }

  async verifySeal(): Promise<readonly Damage[] | 'unsealed'> {
    const {seal, folder, files} = this.#place;
    if (seal === null) return 'unsealed';
    const found: Damage[] = [...sealDamages(this.#place)];
    const before = seal.removed?.at(-1)?.chain ?? seal.forgotten?.chain ?? CHAIN_START;
    const broken = brokenLink(seal.segments, before);
    if (broken !== null) found.push({file: broken.file, offset: 0, reason: 'the chain of hashes breaks here', bytesLost: 0});
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
