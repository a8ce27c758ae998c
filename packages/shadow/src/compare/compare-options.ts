import type {ComparedPair} from '@tandem/contract';

/** Which outputs are refusals: those of this kind, or of this kind when the field at `path` has this text. */
export interface ErrorSelector {
  readonly kind: string;
  readonly path?: string;
  readonly equals?: string;
}

export interface CompareOptions {
  readonly pair: ComparedPair;
  /** `raw`: outputs are equal as bytes or not at all */
  readonly codec: 'json' | 'raw';
  /** pointers into an output */
  readonly outputKind: string;
  readonly partition: string;
  /** what an output is about: later differences about the same follow from the first. Empty: the partition */
  readonly entities: readonly string[];
  /** ISO date of the run; ignore rules expire by it */
  readonly today: string;
  readonly errors: readonly ErrorSelector[];
  /** pointer to the word that says why an output refuses, null when there is none */
  readonly errorReason: string | null;
  /** of the test for bias inside a tolerance: allowed mean error as a share of the tolerance (below 0.1), and false alarm rate */
  readonly bias: {readonly allowed: number; readonly alpha: number};
}

/** The refusals of the FIX-like order path: session, business and cancel rejects, and an execution report that rejects. */
export const FIX_ERRORS: readonly ErrorSelector[] = [
  {kind: '3'}, {kind: 'j'}, {kind: '9'}, {kind: '8', path: '/execType', equals: '8'},
];

export const BIAS_DEFAULTS: CompareOptions['bias'] = {allowed: 0.05, alpha: 0.001};
