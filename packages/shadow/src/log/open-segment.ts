import {constants, open, type FileHandle} from 'node:fs/promises';
import {TandemError} from '@tandem/contract';
import type {MessageFilter} from './chunk-decoder.ts';
import {FileWindow} from './file-window.ts';
import {SegmentScan} from './segment-scan.ts';
import {judgeStart} from './segment-start.ts';
import {MCAP_MAGIC} from './mcap-layout.ts';

/** A segment being read. */
export interface OpenSegment {
  readonly name: string;
  readonly scan: SegmentScan;
  readonly window: FileWindow;
  close(): Promise<void>;
}

/** Null when there is no such file. */
export async function openIfThere(path: string, name: string, filter: MessageFilter): Promise<OpenSegment | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as {code?: unknown}).code === 'ENOENT') return null;
    throw new TandemError({
      id: 'TDM-E277', kind: 'environment', what: 'A segment of the log cannot be opened.', where: path,
      seen: error instanceof Error ? error.message : String(error), fix: 'check that the file is there, is no link and may be read',
    }, {cause: error});
  }
  const window = new FileWindow(handle, (await handle.stat()).size);
  // A file that is shorter than its own start is an interrupted one: nothing to judge yet.
  const start = window.size < MCAP_MAGIC.length ? null : await judgeStart(path).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (start instanceof Error) {
    await handle.close();
    if ((start as {code?: unknown}).code === 'ENOENT') return null;
    throw start;
  }
  const scan = new SegmentScan(name, window, filter, start === null || start.kind === 'ours' ? MCAP_MAGIC.length : 0);
  if (start !== null && start.kind !== 'ours') scan.distrust(start.reason);
  return {name, scan, window, close: async () => await handle.close()};
}
