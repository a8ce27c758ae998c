import {LOG_FORMAT, type GapRecord} from '@tandem/contract';
import type {WantedPart} from './chunk-decoder.ts';
import type {FollowWait} from './follow-wait.ts';
import type {Damage} from './log-damage.ts';
import {listSegments, type LogPlace, type SegmentFile} from './log-place.ts';
import {readManifest, readSeal, type LogSeal, type SealedStream} from './log-seal.ts';

/** The next thing on the way through a log's folder. */
export type WalkStep =
  | {readonly kind: 'segment'; readonly file: SegmentFile}
  | {readonly kind: 'removed'; readonly streams: readonly SealedStream[]; readonly reason: string}
  | {readonly kind: 'damage'; readonly damage: Damage};

const numberOf = (name: string): number => Number.parseInt(name, 10);

/** Goes through the segments by their numbers, also while some come and others go. A number that is not there is stated or damage, never passed over. */
export class SegmentWalk {
  readonly #place: LogPlace;
  readonly #wait: FollowWait | null;
  #files: readonly SegmentFile[];
  #last = 0;

  constructor(place: LogPlace, wait: FollowWait | null) {
    this.#place = place;
    this.#wait = wait;
    this.#files = place.files;
  }

  /** Null at the end: there is no later segment, and a followed log will get none. */
  async next(): Promise<WalkStep | null> {
    const file = await this.#later();
    if (file === null) return null;
    const number = numberOf(file.name);
    const before = this.#last;
    if (this.#place.wholeFolder && number > before + 1) {
      this.#last = number - 1;
      const absent = await this.#absent(before + 1, number - 1);
      if (absent !== null) return absent;
    }
    this.#last = number;
    return {kind: 'segment', file};
  }

  /** The segment given out last went away before it could be opened: look again. */
  async again(): Promise<void> {
    this.#last -= 1;
    this.#files = await listSegments(this.#place.folder);
  }

  async #later(): Promise<SegmentFile | null> {
    for (;;) {
      const found = this.#files.find(({name}) => numberOf(name) > this.#last || !this.#place.wholeFolder && this.#last === 0);
      if (found !== undefined) return found;
      if (this.#wait === null || !await this.#wait.laterThan(this.#last)) return null;
      this.#files = this.#wait.files;
    }
  }

  /** Segments `first` to `last` are not there; null when the seal lists them, so that comparing it with the folder tells. */
  async #absent(first: number, last: number): Promise<WalkStep | null> {
    const stated = await statedIn(this.#place);
    const within = (name: string): boolean => numberOf(name) >= first && numberOf(name) <= last;
    const removed = (stated?.removed ?? []).filter(({file}) => within(file));
    const forgotten = stated?.forgotten ?? null;
    const streams = removed.flatMap((segment) => segment.streams);
    const old = forgotten !== null && numberOf(forgotten.throughFile) >= first ? forgotten.streams : [];
    const known = removed.length + (forgotten === null ? 0 : Math.max(0, numberOf(forgotten.throughFile) - first + 1));
    const names = `${LOG_FORMAT.segmentName(first)}${last === first ? '' : ` to ${LOG_FORMAT.segmentName(last)}`}`;
    if (known >= last - first + 1) return {kind: 'removed', streams: [...old, ...streams], reason: `removed by retention: ${names}`};
    if (this.#place.seal?.segments.some(({file}) => within(file)) === true) return null;
    return {kind: 'damage', damage: {file: LOG_FORMAT.segmentName(first), offset: 0, reason: `segment is missing${last === first ? '' : `, and all to ${LOG_FORMAT.segmentName(last)}`}`, bytesLost: 0}};
  }
}

/** What the folder says about itself now: its seal, or while it is written its manifest. */
async function statedIn({folder}: LogPlace): Promise<LogSeal | null> {
  const seal = await readSeal(folder);
  if (seal.state === 'sealed') return seal.seal;
  const manifest = await readManifest(folder);
  if (manifest.state === 'sealed') return manifest.seal;
  // it was sealed between the two looks, or nothing was ever stated
  const late = await readSeal(folder);
  return late.state === 'sealed' ? late.seal : null;
}

/** Gap records for what was removed, as far as it was wanted: one a stream. */
export function removedGaps(streams: readonly SealedStream[], reason: string, wanted: WantedPart): GapRecord[] {
  const {fromSeq = 0, toSeq = Infinity, fromMonoNs = 0, toMonoNs = Infinity} = wanted;
  const gaps = new Map<string, GapRecord>();
  for (const {stream, messages, firstSeq, lastSeq, firstMonoNs, lastMonoNs} of streams) {
    if (wanted.stream !== undefined && stream !== wanted.stream) continue;
    const from = Math.max(firstSeq, fromSeq);
    const positions = Math.min(lastSeq, toSeq) - from + 1;
    if (positions <= 0 || lastMonoNs < fromMonoNs || firstMonoNs > toMonoNs) continue;
    const known = gaps.get(stream);
    const count = Math.min(messages, positions);
    gaps.set(stream, known === undefined ? {stream, epoch: 0, afterSeq: from - 1, count, reason, tMonoNs: lastMonoNs} : {...known, count: (known.count ?? 0) + count, tMonoNs: lastMonoNs});
  }
  return [...gaps.values()];
}
