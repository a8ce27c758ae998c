import {TandemError, type LaunchLane} from '@tandem/contract';
import {LANE_DEFAULTS, type LaneEvents, type LaneOptions, type StartedLane} from './lane.ts';
import {startLaneProcess, type LaneProcess} from './lane-process.ts';
import {notConnected} from './lane-fault.ts';
import {connectLane} from './launched-lane.ts';
import {makeSocketFolder, type SocketFolder} from './socket-folder.ts';
import {whenListening} from './when-listening.ts';

/** What must be given; everything else has a default. */
export type StartLaneOptions = LaneEvents & Pick<LaneOptions, 'token'> & Partial<LaneOptions>;

/**
 * Starts a lane's program, waits until it says that it is ready, and connects to it. The program has the environment of the
 * spec and nothing else, its own process group, and a stdin that ends when this process does. Throws a lane error that shows
 * how the program ended and its last words; nothing is left behind then.
 */
export async function startLane(spec: LaunchLane, given: StartLaneOptions): Promise<StartedLane> {
  const options: LaneOptions = {...LANE_DEFAULTS, ...given};
  checkLimits(spec, options);
  const folder = await makeSocketFolder(options.socketBase);
  const places: Readonly<Record<string, string>> = {'{in}': folder.inEndpoint, '{out}': folder.outEndpoint, '{stats}': folder.statsFile, '{snapshots}': options.snapshotFolder ?? ''};
  const filled = (args: readonly string[]): string[] => args.map((arg) => arg.replace(/\{(?:in|out|stats|snapshots)\}/g, (place) => places[place] ?? place));
  try {
    const process = await startLaneProcess({...spec, byHand: filled(spec.byHand ?? spec.args)}, filled(spec.args));
    try {
      await waitReady(process, {spec, folder, timeoutMs: options.readyTimeoutMs});
      return await connectLane({spec, options, process, folder}).catch((error: unknown) => {
        throw error instanceof TandemError ? error : notConnected(process.evidence(), error);
      });
    } catch (error) {
      await process.stop({eofMs: 0, termMs: options.grace.termMs});
      throw error;
    }
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function waitReady(process: LaneProcess, {spec, folder, timeoutMs}: {spec: LaunchLane; folder: SocketFolder; timeoutMs: number}): Promise<void> {
  if (spec.ready !== 'listening') return await process.waitReady(timeoutMs);
  const looking = new AbortController();
  try {
    await process.waitReady(timeoutMs, whenListening([folder.inEndpoint, folder.outEndpoint], looking.signal));
  } finally {
    looking.abort();
  }
}

function checkLimits(spec: LaunchLane, options: LaneOptions): void {
  if (!/^[A-Za-z0-9]{1,12}$/.test(options.token)) {
    throw new TandemError({id: 'TDM-E232', kind: 'invariant', what: 'A lane token is 1 to 12 letters or digits.', seen: options.token});
  }
  const {watermark} = spec;
  if (watermark.kind === 'barrier' && (watermark.everyMessages < 1 || watermark.everyMessages * 2 > options.inFlightMax)) {
    throw new TandemError({
      id: 'TDM-E233', kind: 'usage', what: `The ${spec.name} lane could never go on.`,
      seen: `a barrier every ${watermark.everyMessages} inputs with at most ${options.inFlightMax} in flight`,
      fix: 'let at least two barriers fit into what may be in flight',
    });
  }
}
