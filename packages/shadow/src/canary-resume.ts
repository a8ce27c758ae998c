import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {RUN_FILE, TandemError, type RunManifest} from '@tandem/contract';
import {verifyJournal} from './egress/journal-file.ts';
import {touchedCause} from './flow/journal-fold.ts';

/** What a canary was started with: enough to feed the same inputs to the same downstream again. */
export interface CanaryOrigin {
  /** migration file; null: the example */
  readonly config: string | null;
  /** folder of the inputs; null: seeded traffic, or live */
  readonly capture: string | null;
  readonly live: boolean;
  readonly orders: number;
  readonly ratePerSecond: number;
  readonly seed: number;
  /** null: a recording one that ended with whoever started it */
  readonly downstream: string | null;
}

const FILE = 'canary/start.json';

export function noteOrigin(runFolder: string, origin: CanaryOrigin): void {
  mkdirSync(join(runFolder, 'canary'), {recursive: true, mode: 0o700});
  writeFileSync(join(runFolder, FILE), `${JSON.stringify(origin)}\n`, {mode: 0o600});
}

/** Why a canary cannot be taken up again. */
export const notResumable = (runFolder: string, seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E269', kind: 'usage', what: 'this canary cannot be taken up again', where: runFolder, seen, fix});

/** What the canary of this folder was started with. Throws TDM-E269 when it cannot be taken up again. */
export function originToResume(runFolder: string): CanaryOrigin & {readonly downstream: string} {
  const refuse = (seen: string, fix: string): TandemError => notResumable(runFolder, seen, fix);
  const path = join(runFolder, FILE);
  if (!existsSync(path)) throw refuse('it does not say what it was started with', 'name a canary that tandem canary start began, with --run');
  const origin = JSON.parse(readFileSync(path, 'utf8')) as CanaryOrigin;
  const {finishedAt} = JSON.parse(readFileSync(join(runFolder, RUN_FILE.manifest), 'utf8')) as RunManifest;
  if (finishedAt !== null) throw refuse(`it ended in order at ${finishedAt}`, 'start another one; its report says how this one went');
  if (origin.live) throw refuse('its inputs were live', 'legacy has to answer live inputs by itself now; tandem kill is not needed, its gate has ended');
  if (origin.downstream === null) throw refuse('its downstream was a recording one, which ended with it', 'start another canary; with --downstream one can be taken up again');
  return {...origin, downstream: origin.downstream};
}

/** The highest cause that has, or may have, left: everything up to there is answered again before the canary goes on. 0 for none. */
export async function resumeCauseOf(runFolder: string): Promise<number> {
  const journalFile = join(runFolder, RUN_FILE.journal);
  if (!existsSync(journalFile)) return 0;
  const {folded} = await verifyJournal(journalFile);
  return Math.max(0, ...[...folded.partitions.values()].map(touchedCause));
}
