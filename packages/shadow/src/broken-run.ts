import type {Verdict} from '@tandem/contract';

/** A run that was broken off never passes, however good everything was that it saw. */
export const verdictOfRun = (judged: Verdict, complete: boolean): Verdict => (complete || judged.outcome !== 'pass' ? judged
  : {...judged, outcome: 'inconclusive', summary: 'The run was broken off, so nothing that it did not see is proven.'});
