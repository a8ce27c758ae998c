import {TandemError} from '@tandem/contract';

/** The work's result, or null when the signal came first; the work itself goes on. */
export const unlessStopped = async <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> => {
  if (signal === undefined) return await work;
  if (signal.aborted) return null;
  let stop: () => void = () => undefined;
  const stopped = new Promise<null>((done) => { stop = () => { done(null); }; });
  signal.addEventListener('abort', stop, {once: true});
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** A session or canary that was stopped while its lanes were starting. */
export const stoppedBeforeReady = (runFolder: string): TandemError =>
  new TandemError({id: 'TDM-E140', kind: 'cancel', what: 'stopped before every lane was ready', where: runFolder, seen: 'no input was fed', fix: 'run it again'});
