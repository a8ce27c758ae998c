import {getCompileCacheDir} from 'node:module';
import {dirname} from 'node:path';

/**
 * What one of our own node programs inherits: where temporary files go, and where this process keeps what was compiled and stripped of its types
 * before. Without the latter each start takes a second of a processor, and a gate or a tap that is started again is awaited by live traffic.
 */
export const programEnvironment = (): Record<string, string> => {
  const {TMPDIR, NODE_COMPILE_CACHE} = process.env;
  const ours = getCompileCacheDir();
  const compiled = NODE_COMPILE_CACHE ?? (ours === undefined ? undefined : dirname(ours));
  return {...(TMPDIR === undefined ? {} : {TMPDIR}), ...(compiled === undefined ? {} : {NODE_COMPILE_CACHE: compiled})};
};
