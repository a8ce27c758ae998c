import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {RUN_FILE, type CanaryPlanSpec, type LaunchLane, type Owner} from '@tandem/contract';

const SOCKETS = 'tandem-canary-';

/** Where a canary keeps its files. Sockets stand in a short private folder, since their paths are bounded. */
export interface CanaryPaths {
  readonly journalFile: string;
  readonly timelineFile: string;
  readonly killFile: string;
  readonly controlSocket: string;
  readonly relayEndpoint: string;
  readonly gateSettings: string;
  readonly controllerSettings: string;
  /** where a lane keeps snapshots of its state */
  snapshotFolder(owner: Owner): string;
  /** where sockets of the lanes stand: their folder goes with ours */
  readonly socketBase: string;
  removeSockets(): void;
}

/** Makes the folders (0700) and tells in canary/control.json how the running canary is reached. */
export function prepareCanaryFolder(runFolder: string): CanaryPaths {
  const folder = join(runFolder, 'canary');
  mkdirSync(folder, {recursive: true, mode: 0o700});
  chmodSync(folder, 0o700);
  removeFormerSockets(join(folder, 'control.json'));
  const sockets = mkdtempSync(join(tmpdir(), SOCKETS));
  const paths: CanaryPaths = {
    journalFile: join(runFolder, RUN_FILE.journal), timelineFile: join(runFolder, RUN_FILE.canaryTimeline), killFile: join(folder, 'kill'),
    controlSocket: join(sockets, 'control'), relayEndpoint: `ipc://${sockets}/relay`, gateSettings: join(folder, 'gate.json'),
    controllerSettings: join(folder, 'controller.json'), socketBase: sockets,
    snapshotFolder: (owner) => join(folder, 'snapshots', owner),
    removeSockets: () => rmSync(sockets, {recursive: true, force: true}),
  };
  writeFileSync(join(folder, 'control.json'), `${JSON.stringify({controlSocket: paths.controlSocket, killFile: paths.killFile})}\n`, {mode: 0o600});
  return paths;
}

/** A canary whose process was killed leaves them. */
function removeFormerSockets(controlFile: string): void {
  if (!existsSync(controlFile)) return;
  const {controlSocket} = JSON.parse(readFileSync(controlFile, 'utf8')) as {controlSocket?: unknown};
  const sockets = typeof controlSocket === 'string' ? dirname(controlSocket) : '';
  if (basename(sockets).startsWith(SOCKETS)) rmSync(sockets, {recursive: true, force: true});
}

/** A lane that can be given a place for snapshots names it among its arguments. */
export function keepsSnapshots({args}: LaunchLane): boolean {
  return args.some((arg) => arg.includes('{snapshots}'));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Binds changes of ownership to what was agreed: the migration and the plan. */
export function planHashOf(configHash: string, plan: CanaryPlanSpec): string {
  const {stages, bakeMs, minMessages, inDoubt, outputRatioMax, evidenceMaxAgeMs} = plan;
  return digest([configHash, stages, bakeMs, minMessages, inDoubt, outputRatioMax, evidenceMaxAgeMs]);
}

/** What runs as a lane. The digest covers how it is started, not the bytes of the program. */
export function attestLane(spec: LaunchLane): string {
  return digest([spec.name, spec.command, spec.args, spec.cwd, Object.entries(spec.env).sort()]);
}

export function attestLanes(lanes: Readonly<Record<Owner, LaunchLane>>): Record<Owner, string> {
  return {legacy: attestLane(lanes.legacy), candidate: attestLane(lanes.candidate)};
}
