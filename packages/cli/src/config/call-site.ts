import {fileURLToPath} from 'node:url';

/**
 * `file:line` of the first stack frame outside this folder, so that a rule can be named by the line it stands on.
 * Falls back to `default` when the engine gives no stack.
 */
export const callSite = (): string => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const line of (new Error('call site').stack ?? '').split('\n').slice(1)) {
    const match = /\(?((?:file:\/\/|\/)[^)]+?)(?:\?\w+)?:(\d+):\d+\)?$/.exec(line);
    if (match === null) continue;
    const [, file, number] = match as unknown as [string, string, string];
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    if (!path.startsWith(here) || path.endsWith('.test.ts')) return `${path}:${number}`;
  }
  return 'default';
};
