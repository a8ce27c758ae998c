import {open} from 'node:fs/promises';
import {basename} from 'node:path';
import {TandemError} from '@tandem/contract';
import type {StepFailure} from './append-file.ts';
import {messageFilter} from './chunk-decoder.ts';
import {FileWindow} from './file-window.ts';
import type {SealedSegment} from './log-seal.ts';
import {SegmentScan} from './segment-scan.ts';

const LIKELY: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EFBIG: 'the file size limit of the process is reached',
  EIO: 'the disk does not work', EROFS: 'the file system is read-only', EACCES: 'this user may not write there', EMFILE: 'too many files are open',
};

/** Says what stopped the log and, from what is really in the file, which message of each stream is the last that was kept. */
export async function faultOf(failure: StepFailure, finished: readonly SealedSegment[]): Promise<TandemError> {
  const last = new Map<string, number>();
  for (const segment of finished) {
    for (const stream of segment.streams) last.set(stream.stream, stream.lastSeq);
  }
  let exact = true;
  // A file that could not even be opened holds nothing.
  if (failure.step.kind !== 'open') exact = await lastOfFile(failure.path, last).then(() => true, () => false);
  const code = (failure.error as {code?: unknown} | null)?.code;
  const kept = [...last].slice(0, 20).map(([stream, seq]) => `${stream} up to ${seq}`).join(', ');
  return new TandemError({
    id: 'TDM-E272', kind: 'environment', what: 'The log had to stop; everything whole up to there is kept.', where: failure.path,
    seen: `${failure.error instanceof Error ? failure.error.message : String(failure.error)}; kept: ${kept === '' ? 'nothing' : kept}${exact ? '' : ' (last segment unreadable)'}`,
    likely: typeof code === 'string' ? LIKELY[code] : undefined,
    fix: 'make room or repair the disk, then do it again into a new folder; what was kept can be read and replayed',
  }, {cause: failure.error});
}

async function lastOfFile(path: string, last: Map<string, number>): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const scan = new SegmentScan(basename(path), new FileWindow(handle, (await handle.stat()).size), messageFilter({}));
    scan.giveUp();
    for (let step = await scan.next(); step.kind !== 'end'; step = await scan.next()) {
      if (step.kind !== 'messages') continue;
      for (const message of step.messages) last.set(message.stream, message.seq);
    }
  } finally {
    await handle.close();
  }
}
