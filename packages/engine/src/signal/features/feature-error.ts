import {TandemError} from '@tandem/contract';

/** A feature that cannot be made as described; `where` is its id. */
export const unusableFeature = (where: string, seen: string): TandemError => new TandemError({
  id: 'TDM-E450', kind: 'usage', what: 'a feature cannot be made as it is described', where, seen, fix: 'see the windows, params, seeds and rules of its kind',
});

/** A tick without the column that features read. */
export const unusableTick = (wanted: number, given: number): TandemError => unusableFeature('open', `the features read ${wanted} columns, and a tick has ${given}`);

/** Emitted files that do not belong to the descriptors or to each other. */
export const foreignProgram = (where: string, seen: string): TandemError => new TandemError({
  id: 'TDM-E451', kind: 'usage', what: 'the emitted features are not the ones that were meant', where, seen, fix: 'emit them again',
});
