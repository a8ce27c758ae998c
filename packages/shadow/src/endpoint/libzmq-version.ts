import {TandemError} from '@tandem/contract';

/** Older ones have known memory errors before authentication and in the subscription store. */
export const LIBZMQ_VERSION_MIN = [4, 3, 5] as const;

/** Throws when the loaded libzmq is older than 4.3.5 or does not say what it is. */
export function assertLibzmqVersion(version: string): void {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  for (const [index, wanted] of LIBZMQ_VERSION_MIN.entries()) {
    const have = parts[index] ?? -1;
    if (have > wanted) return;
    if (have < wanted) {
      throw new TandemError({
        id: 'TDM-E205', kind: 'environment', what: `libzmq ${LIBZMQ_VERSION_MIN.join('.')} or newer is needed.`,
        seen: `the zeromq package loaded libzmq ${version.replace(/[^\x20-\x7e]/g, '?').slice(0, 40)}`,
        likely: 'the package was built against an older system library', fix: 'reinstall zeromq so that it uses the libzmq that it ships',
      });
    }
  }
}
