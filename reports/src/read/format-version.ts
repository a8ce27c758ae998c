import {TandemError} from '@tandem/contract';

const MAJOR = 1;

/** Refuses a major version that this reader does not know: guessing at a changed format could turn a fail into a pass. */
export const demandKnownVersion = (document: unknown, file: string): void => {
  const version = typeof document === 'object' && document !== null && Object.hasOwn(document, 'formatVersion')
    ? (document as {formatVersion: unknown}).formatVersion : undefined;
  const match = typeof version === 'string' ? /^(\d{1,6})\.(\d{1,6})$/.exec(version) : null;
  if (match !== null && Number(match[1]) === MAJOR) return;
  throw new TandemError({
    id: 'TDM-E602', kind: 'usage', what: `${file} has a format version that this tandem does not know`, where: `${file}, formatVersion`,
    seen: match === null ? 'no version of the form major.minor' : `${match[0]}, known is ${MAJOR}.x`,
    fix: 'render it with the tandem that wrote the run, or make the run again',
  });
};
