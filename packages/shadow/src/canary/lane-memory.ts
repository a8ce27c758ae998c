import {existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {LaneWatermark} from '../flow/lane-watermark.ts';
import type {LatestOrdinals} from './effect-tagger.ts';

/** Answers to test requests that are remembered: far more than come between two snapshots of a lane. */
const PLACES_MAX = 50_000;
const SUFFIX = '.snapshot';

/** Where a lane stood when it had answered a test request: everything before it has arrived here. */
export interface LanePlace {
  /** position in the log of the last input before it */
  readonly inputSeq: number;
  /** outputs until then, over all processes of the lane, each counted once */
  readonly outputs: number;
  /** the effects of the highest cause so far: an answer to an input without a number may still be one more of them */
  readonly latest: LatestOrdinals;
}

const BEGINNING: LanePlace = {inputSeq: 0, outputs: 0, latest: []};

/**
 * What was heard of all processes of one lane, so that the next one goes on where that is known. A snapshot counts only when the test request at
 * which it was taken was answered: else outputs before it may have died with the process.
 */
export class LaneMemory {
  /** null: this lane keeps no snapshots */
  readonly folder: string | null;
  readonly #places = new Map<string, LanePlace>();
  #base: LanePlace = BEGINNING;

  /** Snapshots of an earlier canary say nothing about this one: they are removed. */
  constructor(folder: string | null) {
    this.folder = folder;
    if (folder === null) return;
    rmSync(folder, {recursive: true, force: true});
    mkdirSync(folder, {recursive: true, mode: 0o700});
  }

  note({testReqId, inputSeq}: LaneWatermark, outputs: number, latest: LatestOrdinals): void {
    if (this.folder === null || testReqId === undefined) return;
    // before the first input of a process it stands where its snapshot stands
    this.#places.set(testReqId, {inputSeq: Math.max(inputSeq, this.#base.inputSeq), outputs, latest});
    if (this.#places.size > PLACES_MAX) this.#places.delete(this.#places.keys().next().value as string);
  }

  /** Leaves the next process only snapshots that it may go on from. */
  sift(): void {
    if (this.folder === null || !existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith(SUFFIX) || !this.#places.has(name.slice(0, -SUFFIX.length))) rmSync(join(this.folder, name), {force: true});
    }
  }

  /** Where the process that has just come up begins. Null: it says a place that nobody knows. */
  begin(restored: string | null): LanePlace | null {
    const place = restored === null ? BEGINNING : this.#places.get(restored);
    if (place === undefined) return null;
    this.#base = place;
    return place;
  }

  /** Nothing is trusted any more: the next process begins with nothing. */
  forget(): void {
    this.#places.clear();
    this.sift();
  }
}
