import type {LaneName, LatencyEvidence} from '@tandem/contract';
import type {SentInput} from '../flow/sent-input.ts';
import type {HistogramBuild} from './histogram-library.ts';
import {createLatencyRecorder} from './latency-recorder.ts';
import type {LatencyRecorder, QuantileInterval} from './latency-recorder.ts';

export interface LatencyBookOptions {
  readonly lanes: readonly LaneName[];
  readonly build: HistogramBuild;
  readonly quantileInterval: QuantileInterval;
  /** which output of a cause ends its latency; default the first */
  readonly closes?: 'first' | 'last';
  /** inputs of one lane that may wait for an answer; older ones are forgotten and counted. Default 131,072 (3 MiB a lane) */
  readonly ringInputs?: number;
  readonly highestNs?: number;
  readonly quantiles?: readonly string[];
}

/** What became of one lane's inputs in the book. */
export interface LatencyBookCounts {
  readonly sent: number;
  /** inputs whose latency was recorded */
  readonly answered: number;
  /** inputs without any output (so far): not samples */
  readonly unanswered: number;
  /** further outputs of an answered input */
  readonly furtherOutputs: number;
  /** outputs of inputs that were never sent or are forgotten */
  readonly unmatchedOutputs: number;
  /** inputs whose answer came after they were forgotten: missing samples, stated as invalid */
  readonly tooLate: number;
}

export interface LatencyBook {
  sent(input: SentInput): void;
  output(lane: LaneName, inputSeq: number, tMonoNs: number): void;
  /** Puts waiting values into the histograms; call it when idle. */
  fold(): void;
  counts(lane: LaneName): LatencyBookCounts;
  /** Two entries per lane: response (from the planned time) and service (from the send). Closes what is still open with `closes: 'last'`. */
  evidence(): readonly LatencyEvidence[];
  destroy(): void;
}

const RING_INPUTS = 131_072;

/** Pairs sends with outputs by input position and keeps two histograms per lane. Bounded; never throws in `sent` and `output`. */
export function createLatencyBook(options: LatencyBookOptions): LatencyBook {
  const pages = new Map(options.lanes.map((lane) => [lane, createPage(lane, options)]));
  return {
    sent: (input) => { pages.get(input.lane)?.sent(input); },
    output: (lane, inputSeq, tMonoNs) => { pages.get(lane)?.output(inputSeq, tMonoNs); },
    fold: () => { for (const page of pages.values()) page.fold(); },
    counts(lane) {
      return pages.get(lane)?.counts() ?? {sent: 0, answered: 0, unanswered: 0, furtherOutputs: 0, unmatchedOutputs: 0, tooLate: 0};
    },
    evidence: () => [...pages.values()].flatMap((page) => page.evidence()),
    destroy: () => { for (const page of pages.values()) page.destroy(); },
  };
}

const FREE = -1;

function createPage(lane: LaneName, options: LatencyBookOptions) {
  const size = options.ringInputs ?? RING_INPUTS;
  const seqs = new Float64Array(size).fill(FREE);
  const plannedNs = new Float64Array(size);
  const sentNs = new Float64Array(size);
  /** time of the last output so far; NaN = none, only with `closes: 'last'`. With 'first' it is only a mark that the input is answered. */
  const answeredNs = new Float64Array(size).fill(Number.NaN);
  const recorders = recordersOf(lane, options);
  const counts = {sent: 0, answered: 0, furtherOutputs: 0, unmatchedOutputs: 0, lateOutputs: 0, forgottenOpen: 0};
  const waitsForLast = options.closes === 'last';
  let newestSeq = FREE;

  const record = (slot: number, tMonoNs: number): void => {
    recorders.response.record(tMonoNs - (plannedNs[slot] ?? Number.NaN));
    recorders.service.record(tMonoNs - (sentNs[slot] ?? Number.NaN));
  };
  /** Ends what the slot holds: a last answer is recorded, an open input is forgotten. */
  const clear = (slot: number): void => {
    if (seqs[slot] === FREE) return;
    const last = answeredNs[slot] ?? Number.NaN;
    if (Number.isNaN(last)) counts.forgottenOpen += 1;
    else if (waitsForLast) record(slot, last);
    seqs[slot] = FREE;
    answeredNs[slot] = Number.NaN;
  };

  return {
    sent(input: SentInput): void {
      const slot = input.inputSeq % size;
      clear(slot);
      seqs[slot] = input.inputSeq;
      plannedNs[slot] = input.plannedNs;
      sentNs[slot] = input.sentNs;
      counts.sent += 1;
      if (input.inputSeq > newestSeq) newestSeq = input.inputSeq;
    },
    output(inputSeq: number, tMonoNs: number): void {
      const slot = inputSeq % size;
      if (seqs[slot] !== inputSeq) {
        counts.unmatchedOutputs += 1;
        if (inputSeq <= newestSeq - size) counts.lateOutputs += 1;
        return;
      }
      const open = Number.isNaN(answeredNs[slot]);
      if (open) counts.answered += 1;
      else counts.furtherOutputs += 1;
      if (open && !waitsForLast) record(slot, tMonoNs);
      if (open || waitsForLast) answeredNs[slot] = tMonoNs;
    },
    fold(): void {
      recorders.response.fold();
      recorders.service.fold();
    },
    counts: (): LatencyBookCounts => ({
      sent: counts.sent, answered: counts.answered, unanswered: counts.sent - counts.answered,
      furtherOutputs: counts.furtherOutputs, unmatchedOutputs: counts.unmatchedOutputs,
      tooLate: Math.min(counts.lateOutputs, counts.forgottenOpen),
    }),
    evidence(): readonly LatencyEvidence[] {
      if (waitsForLast) for (let slot = 0; slot < size; slot++) if (!Number.isNaN(answeredNs[slot])) clear(slot);
      const tooLate = Math.min(counts.lateOutputs, counts.forgottenOpen);
      return [recorders.response.evidence(tooLate), recorders.service.evidence(tooLate)];
    },
    destroy(): void {
      recorders.response.destroy();
      recorders.service.destroy();
    },
  };
}

function recordersOf(lane: LaneName, options: LatencyBookOptions): Record<LatencyEvidence['kind'], LatencyRecorder> {
  const {build, quantileInterval} = options;
  const shared = {
    lane, build, quantileInterval,
    ...(options.highestNs === undefined ? {} : {highestNs: options.highestNs}),
    ...(options.quantiles === undefined ? {} : {quantiles: options.quantiles}),
  };
  return {response: createLatencyRecorder({...shared, kind: 'response'}), service: createLatencyRecorder({...shared, kind: 'service'})};
}
