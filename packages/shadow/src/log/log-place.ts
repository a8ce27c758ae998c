import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {LOG_FORMAT, TandemError} from '@tandem/contract';
import type {Damage} from './log-damage.ts';
import {readManifest, readSeal, type LogSeal} from './log-seal.ts';
import {judgeStart} from './segment-start.ts';

export interface SegmentFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Where a log is and what stands there. */
export interface LogPlace {
  readonly folder: string;
  /** in writing order */
  readonly files: readonly SegmentFile[];
  readonly seal: LogSeal | null;
  /** what the writer said about finished segments before it ended without a seal, or what it says while it writes */
  readonly manifest: LogSeal | null;
  /** why a seal that is there is not believed, else null */
  readonly sealProblem: string | null;
  /** false: a single file was named, its neighbours are not looked at */
  readonly wholeFolder: boolean;
}

/** Retention may take a file between two looks. */
function missing(error: unknown): null {
  if ((error as {code?: unknown}).code === 'ENOENT') return null;
  throw error;
}

/** Only names that the writer makes count; what else lies in the folder is not a part of the log. */
const SEGMENT = /^\d{6,9}\.mcap$/;

export async function listSegments(folder: string): Promise<SegmentFile[]> {
  const names = (await readdir(folder)).filter((name) => SEGMENT.test(name)).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const files: SegmentFile[] = [];
  for (const name of names) {
    const info = await stat(join(folder, name)).catch(missing);
    if (info !== null) files.push({name, sizeBytes: info.size});
  }
  return files;
}

export async function locateLog(folderOrFile: string): Promise<LogPlace> {
  const info = await stat(folderOrFile).catch((error: unknown) => {
    throw new TandemError({
      id: 'TDM-E274', kind: 'usage', what: 'There is no log at this path.', where: folderOrFile,
      seen: error instanceof Error ? error.message : String(error), fix: 'name the folder that a recording made, or one of its .mcap files',
    }, {cause: error});
  });
  const place = info.isDirectory() ? await folderPlace(folderOrFile) : filePlace(folderOrFile, info.size);
  await assertReadable(place, folderOrFile);
  return place;
}

async function folderPlace(folder: string): Promise<LogPlace> {
  const files = await listSegments(folder);
  const seal = await readSeal(folder);
  const manifest = seal.state === 'absent' ? await readManifest(folder) : null;
  if (files.length === 0) {
    throw new TandemError({
      id: 'TDM-E275', kind: 'usage', what: 'The folder holds no log.', where: folder,
      seen: seal.state === 'sealed' ? `a seal of ${seal.seal.segments.length} segments, and none of them` : `no file named like ${LOG_FORMAT.segmentName(1)}`,
      fix: 'name the folder that a recording made',
    });
  }
  return {
    folder, files, wholeFolder: true, manifest: manifest?.state === 'sealed' ? manifest.seal : null, seal: seal.state === 'sealed' ? seal.seal : null,
    sealProblem: seal.state === 'unreadable' ? seal.reason : null,
  };
}

function filePlace(path: string, sizeBytes: number): LogPlace {
  return {folder: dirname(path), files: [{name: basename(path), sizeBytes}], seal: null, manifest: null, sealProblem: null, wholeFolder: false};
}

/** At least one segment must be a log of this version, else this is something else and not a damaged log. */
async function assertReadable(place: LogPlace, where: string): Promise<void> {
  let refusal = 'every file is empty';
  for (const file of place.files) {
    if (file.sizeBytes === 0) continue;
    const start = await judgeStart(join(place.folder, file.name)).catch(missing);
    if (start?.kind !== 'foreign') return;
    refusal = `${file.name}: ${start.reason}`;
  }
  throw new TandemError({
    id: 'TDM-E276', kind: 'usage', what: 'This is not a log that can be read.', where, seen: refusal,
    likely: 'another program or another version wrote it, or nothing was written', fix: `read it with the program that wrote it; this one reads "${LOG_FORMAT.library}"`,
  });
}

/** What the seal says that is not so: segments that are missing or shorter or longer than they were. */
export function sealDamages(place: LogPlace): Damage[] {
  const {seal, sealProblem, wholeFolder} = place;
  if (!wholeFolder) return [];
  if (sealProblem !== null) return [{file: LOG_FORMAT.seal, offset: 0, reason: `seal unreadable: ${sealProblem}`, bytesLost: 0}];
  const found: Damage[] = [];
  for (const segment of seal?.segments ?? []) {
    const file = place.files.find((candidate) => candidate.name === segment.file);
    const sizeBytes = file?.sizeBytes ?? 0;
    if (file === undefined) found.push({file: segment.file, offset: 0, reason: 'segment is missing', bytesLost: segment.sizeBytes});
    else if (sizeBytes < segment.sizeBytes) {
      found.push({file: segment.file, offset: sizeBytes, reason: 'shorter than sealed', bytesLost: segment.sizeBytes - sizeBytes});
    } else if (sizeBytes > segment.sizeBytes) found.push({file: segment.file, offset: segment.sizeBytes, reason: 'longer than sealed', bytesLost: 0});
  }
  return found;
}
