import type {Evidence, PairedField} from '@tandem/contract';

/** Fields in which legacy and twin differ from each other, noisiest first: what the candidate does there is weighed, not counted. */
export const noisyFields = (evidence: Evidence | null): readonly PairedField[] => (evidence?.paired ?? [])
  .filter(({onlyTwin, both}) => onlyTwin + both > 0)
  .sort((a, b) => b.onlyTwin + b.both - a.onlyTwin - a.both || (fieldName(a) < fieldName(b) ? -1 : 1));

export const fieldName = ({path, outputKind}: Pick<PairedField, 'path' | 'outputKind'>): string =>
  `${path === '' ? 'whole output' : path}${outputKind === '' ? '' : ` of kind ${outputKind}`}`;
