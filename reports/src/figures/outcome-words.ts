import type {Outcome} from '@tandem/contract';

interface OutcomeWords {
  /** one word, said large */
  readonly word: string;
  /** what it means for the cutover */
  readonly meaning: string;
  /** one character for plain text */
  readonly mark: string;
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  pass: {word: 'Pass', meaning: 'The candidate met every gate. It may be promoted.', mark: '✓'},
  fail: {word: 'Fail', meaning: 'The evidence says no. Do not promote.', mark: '✗'},
  inconclusive: {word: 'Inconclusive', meaning: 'The evidence is too thin to say yes. Do not promote yet.', mark: '?'},
  'no-data': {word: 'No data', meaning: 'Nothing was measured, so nothing was shown. Do not promote.', mark: '∅'},
  'harness-loss': {word: 'Harness loss', meaning: 'The harness lost messages that it cannot account for. Do not promote.', mark: '!'},
  error: {word: 'Error', meaning: 'A check could not be made. Do not promote.', mark: '!'},
};
