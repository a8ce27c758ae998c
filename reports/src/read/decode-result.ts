import type {CanaryEvent, GateResult, Outcome, RunResult} from '@tandem/contract';
import {countOf, finite, flag, listOf, nullable, oneOf, shape, text, wholeText} from './decode-shape.ts';
import type {Decode} from './decode-shape.ts';

const outcome = oneOf<Outcome>('pass', 'inconclusive', 'no-data', 'harness-loss', 'error', 'fail');

const gate: Decode<GateResult> = shape<GateResult>({
  id: text(100), group: oneOf('evidence', 'parity', 'latency', 'cpu', 'memory', 'coverage'), outcome, dryRun: flag,
  limit: text(200), seen: text(200), reason: text(600), source: text(300),
});

export const decodeResult: Decode<RunResult> = shape<RunResult>({
  formatVersion: () => '1.0',
  runId: wholeText(200),
  exitCode: finite,
  verdict: shape({
    outcome, summary: text(600), gates: listOf(gate, 200), proven: shape({messages: countOf, mismatchRateBelow: nullable(countOf)}),
    evidenceHash: wholeText(128),
  }),
});

export const decodeCanaryEvent: Decode<CanaryEvent> = shape<CanaryEvent>({
  tWallMs: finite, kind: oneOf('stage', 'promote', 'rollback', 'halt', 'kill', 'crash', 'restart', 'note'),
  stage: oneOf('SHADOW', 'CANARY', 'PROMOTING', 'PRIMARY', 'ROLLING_BACK', 'HALTED'), share: countOf, action: text(200), reason: text(500),
  released: countOf, suppressed: countOf,
});
