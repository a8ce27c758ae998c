import type {ComparePolicy, Divergence, FieldRule, ParityEvidence} from '@tandem/contract';
import {BIAS_DEFAULTS, FIX_ERRORS} from '../../src/compare/compare-options.ts';
import type {CompareOptions} from '../../src/compare/compare-options.ts';
import {createComparer} from '../../src/compare/comparer.ts';
import {createMatcher} from '../../src/match/matcher.ts';

/** What a lane does: outputs (as text, or as bytes) and now and then a watermark. */
export type LaneStep = {readonly send: string | Uint8Array} | {readonly doneSeq: number};

export interface ParityRun {
  readonly inputs: readonly string[];
  readonly expected: readonly LaneStep[];
  readonly actual: readonly LaneStep[];
  readonly fields?: readonly FieldRule[];
  readonly options?: Partial<CompareOptions>;
}

export const NO_RULES: ComparePolicy = {default: {kind: 'exact'}, fields: [], maxIgnoredShare: 0.1};

export const COMPARE_OPTIONS: CompareOptions = {
  pair: {expected: 'legacy', actual: 'candidate'}, codec: 'json', outputKind: '/msgType', partition: '/account',
  today: '2026-11-20', errors: FIX_ERRORS, entities: [], errorReason: '/text', bias: BIAS_DEFAULTS,
};

/** Matches and compares two recorded lanes, from first input to last watermark. */
export function runParity({inputs, expected, actual, fields = [], options = {}}: ParityRun): {evidence: ParityEvidence; divergences: readonly Divergence[]} {
  const matcher = createMatcher({
    expected: 'legacy', actual: 'candidate', cause: {input: '/msgSeqNum', output: '/refSeqNum', kind: 'sequence', partition: '/account'},
    inOrder: [], window: {messagesMax: 10_000_000, bytesMax: 1e9},
  });
  const comparer = createComparer({...NO_RULES, fields}, {...COMPARE_OPTIONS, ...options});
  const encoder = new TextEncoder();
  const divergences: Divergence[] = [];
  inputs.forEach((input, index) => matcher.input(index + 1, encoder.encode(input)));
  for (const [lane, steps] of [['legacy', expected], ['candidate', actual]] as const) {
    let index = 0;
    for (const step of steps) {
      if ('doneSeq' in step) matcher.watermarkAt(lane, step.doneSeq);
      else {
        matcher.output({lane, index, tMonoNs: 0, payload: typeof step.send === 'string' ? encoder.encode(step.send) : step.send, frames: null});
        index += 1;
      }
    }
    matcher.watermarkAt(lane, inputs.length);
  }
  matcher.finish();
  for (const settled of matcher.take()) divergences.push(...comparer.compareCause(settled));
  for (const stray of matcher.takeStrays()) divergences.push(...comparer.compareStray(stray));
  return {evidence: comparer.evidence(matcher.conservation()), divergences};
}
