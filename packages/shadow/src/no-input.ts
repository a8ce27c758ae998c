import {TandemError} from '@tandem/contract';

/** Nothing to feed: the capture is empty, or nothing of it was asked for. */
export const noInput = (told: {where?: string; seen: string; asked?: string}): TandemError => new TandemError({
  id: 'TDM-E131', kind: 'usage', what: told.asked === undefined ? 'the capture holds no input' : `the capture holds no input that fits ${told.asked}`, where: told.where, seen: told.seen,
  fix: told.asked === undefined ? 'record again: tandem record' : 'widen or leave out these flags',
});
