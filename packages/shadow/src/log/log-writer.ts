import {mkdir, readdir} from 'node:fs/promises';
import {LOG_FORMAT, TandemError} from '@tandem/contract';
import type {SyncMode} from './append-file.ts';
import type {Retention} from './segment-shelf.ts';
import {SegmentedWriter, type WriterSettings} from './segmented-writer.ts';
import type {LogWriter} from './writer-port.ts';

export interface LogWriterOptions {
  /** a message waits at most this long before it goes to the file */
  readonly commitMs?: number;
  /** a chunk ends at this many octets or messages */
  readonly chunkBytes?: number;
  readonly chunkRecords?: number;
  /** a segment ends at this many octets, or this long after its beginning */
  readonly segmentBytes?: number;
  readonly segmentMs?: number;
  /** whole finished segments go, oldest first, when the log is longer or they are older; the manifest and readers say so */
  readonly retention?: Partial<Retention>;
  /** octets that may wait for the disk; beyond it messages are refused and a gap is recorded */
  readonly bufferBytesMax?: number;
  /** `group`: every group of chunks is on the disk before the next; `close`: when a segment ends */
  readonly sync?: SyncMode;
  /** told once when the log had to stop; nothing that was offered afterwards is kept */
  readonly onFault?: (error: TandemError) => void;
  /** text pairs for the head of each segment, for example the boot id that the times belong to */
  readonly about?: Readonly<Record<string, string>>;
}

export type {LogCounts, LogWriter} from './writer-port.ts';

const DEFAULTS: WriterSettings = {
  commitMs: 5, chunkBytes: 65_536, chunkRecords: 256, segmentBytes: 256 * 1024 * 1024, segmentMs: Infinity, retention: {bytesMax: null, ageMsMax: null}, bufferBytesMax: 32 * 1024 * 1024, sync: 'close', about: {},
};

/** Starts a log in a folder that holds none. */
export async function openLogWriter(folder: string, options: LogWriterOptions = {}): Promise<LogWriter> {
  const {onFault, retention, ...given} = options;
  await mkdir(folder, {recursive: true, mode: 0o700}).catch((error: unknown) => {
    throw new TandemError({
      id: 'TDM-E271', kind: 'environment', what: 'The folder of the log cannot be made.', where: folder,
      seen: error instanceof Error ? error.message : String(error), fix: 'choose a folder that this user may write',
    }, {cause: error});
  });
  const present = (await readdir(folder)).filter((name) => name.endsWith('.mcap') || name === LOG_FORMAT.seal || name === LOG_FORMAT.manifest);
  if (present.length > 0) {
    throw new TandemError({
      id: 'TDM-E270', kind: 'usage', what: 'The folder already holds a log.', where: folder, seen: present.slice(0, 3).join(', '),
      fix: 'write into a new folder; a log is never added to or overwritten',
    });
  }
  const writer = new SegmentedWriter(folder, {...DEFAULTS, ...given, retention: {...DEFAULTS.retention, ...retention}}, onFault ?? (() => undefined));
  await writer.started();
  return writer;
}
