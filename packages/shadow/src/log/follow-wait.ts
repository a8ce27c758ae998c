import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {LOG_FORMAT} from '@tandem/contract';
import {listSegments, type LogPlace, type SegmentFile} from './log-place.ts';
import type {OpenSegment} from './open-segment.ts';

const POLL_MS = 5;

/** Waits for a growing log. Polls: file system events are not delivered everywhere, and a poll of one file costs 20 µs. */
export class FollowWait {
  files: readonly SegmentFile[];
  readonly #place: LogPlace;
  readonly #signal: AbortSignal | undefined;

  constructor(place: LogPlace, signal: AbortSignal | undefined) {
    this.#place = place;
    this.#signal = signal;
    this.files = place.files;
  }

  /** True when the segment became longer; false when it will not: the log is sealed, has a later segment, or the wait was aborted. */
  async growth(segment: OpenSegment): Promise<boolean> {
    while (this.#signal?.aborted !== true) {
      // First ask whether it is over, then look at the length: in this order nothing written before the end is missed.
      const over = await this.#isOver(segment.name);
      const before = segment.window.size;
      await segment.window.refresh();
      if (segment.window.size > before) return true;
      if (over) return false;
      await this.#pause();
    }
    return false;
  }

  /** True when `files` holds a segment of a higher number. */
  async laterThan(number: number): Promise<boolean> {
    if (!this.#place.wholeFolder) return false;
    while (this.#signal?.aborted !== true) {
      const sealed = await this.#isSealed();
      this.files = await listSegments(this.#place.folder);
      if (this.files.some(({name}) => Number.parseInt(name, 10) > number)) return true;
      if (sealed) return false;
      await this.#pause();
    }
    return false;
  }

  /** A segment that was taken away was finished before; so was one that has a successor. */
  async #isOver(name: string): Promise<boolean> {
    if (!this.#place.wholeFolder || await this.#isSealed()) return true;
    const next = LOG_FORMAT.segmentName(Number.parseInt(name, 10) + 1);
    return await this.#exists(next) || !await this.#exists(name);
  }

  async #isSealed(): Promise<boolean> {
    return await this.#exists(LOG_FORMAT.seal);
  }

  async #exists(name: string): Promise<boolean> {
    return await stat(join(this.#place.folder, name)).then(() => true, () => false);
  }

  async #pause(): Promise<void> {
    await delay(POLL_MS, undefined, this.#signal === undefined ? {} : {signal: this.#signal}).catch(() => undefined);
  }
}
