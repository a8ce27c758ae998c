import {TandemError} from '@tandem/contract';
import type {LastWords} from './supervised-process.ts';

/** Why a canary cannot begin, in the gate's own words where it had any; what is the user's to change stays the user's. */
export const gateNotUp = ({text, detail}: LastWords, {endpoint, waitedMs}: {endpoint: string; waitedMs: number}): TandemError => new TandemError({
  id: 'TDM-E263', kind: detail?.kind === 'usage' ? 'usage' : 'environment', what: 'The gate did not come up.', where: detail?.where ?? endpoint,
  seen: text === '' ? `nothing within ${waitedMs} ms` : text,
  likely: detail?.likely ?? 'the downstream does not run, or the journal of the run folder belongs to another plan',
  fix: detail?.fix ?? 'start the downstream first, use a fresh run folder',
});
