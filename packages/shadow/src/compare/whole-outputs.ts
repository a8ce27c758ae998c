import type {DifferenceClass} from '@tandem/contract';
import {textOf, textOfBytes} from '../flow/bounded-json/json-text.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import type {OutputView} from './output-view.ts';
import {faultText} from './output-view.ts';
import type {PairOutcome} from './pair-outcome.ts';
import {sameBytes, sameEnvelope} from './same-bytes.ts';

/** Longest text of a value in a finding. */
export const TEXT_MAX = 200;

export interface WholeDifference {
  readonly class: DifferenceClass;
  readonly shape: string;
}

/** Two outputs that differ as a whole, so that their fields say nothing; null when the fields decide. */
export function wholeDifference(expected: OutputView, actual: OutputView): WholeDifference | null {
  const spoilt = expected.fault !== null ? expected : actual.fault !== null ? actual : null;
  if (spoilt !== null) return {class: 'malformed', shape: faultText(spoilt)};
  if (!(expected.coversFrames && actual.coversFrames) && !sameEnvelope(expected, actual)) return {class: 'value', shape: 'frames'};
  if (expected.json === null || actual.json === null) return sameBytes(expected.payload, actual.payload) ? null : {class: 'value', shape: 'bytes'};
  if (expected.isError === actual.isError) return null;
  return {class: 'error-mismatch', shape: expected.isError ? `expected refuses ${expected.reason}` : `actual refuses ${actual.reason}`};
}

/** An output that has no partner. */
export function loneDifference(relation: 'duplicate' | 'missing' | 'extra', view: OutputView, isActual: boolean): WholeDifference {
  if (view.fault !== null) return {class: 'malformed', shape: faultText(view)};
  return {class: relation, shape: isActual ? 'only actual' : 'only expected'};
}

/** The same values, written otherwise around them: in what way; null when the writing is the same or the fields have said it. */
export function writingDifference(expected: OutputView, actual: OutputView, outcome: PairOutcome): string | null {
  if (expected.json === null || actual.json === null || outcome.reshaped || expected.translated || actual.translated) return null;
  if (expected.json.whitespaceChars !== actual.json.whitespaceChars) return 'white space';
  if (expected.json.escapedKeys !== actual.json.escapedKeys) return 'escapes in keys';
  const explained = outcome.findings.length + outcome.ignored + outcome.tolerated > 0;
  return explained || sameBytes(expected.payload, actual.payload) ? null : 'white space';
}

export function wholeText(view: OutputView | null): string | null {
  return view === null ? null : textOfBytes(view.text, TEXT_MAX);
}

export function shortText(value: JsonValue | undefined): string | null {
  return value === undefined ? null : textOf(value, TEXT_MAX);
}
