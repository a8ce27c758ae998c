import {EXIT_CODE, TandemError} from '@tandem/contract';
import {startEngineLane} from './engine-lane.ts';
import {readLaneOptions} from './lane-options.ts';
import type {EngineLane} from './lane-server.ts';

const explain = ({detail}: TandemError): string => {
  const lines = [`${detail.id}: ${detail.what}`];
  for (const key of ['where', 'seen', 'likely', 'fix'] as const) {
    if (detail[key] !== undefined) lines.push(`  ${key}: ${detail[key]}`);
  }
  // what a hostile file or peer wrote must not steer a terminal
  return `${lines.join('\n').replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?')}\n`;
};

const exitCodeOf = (error: TandemError): number => {
  if (error.detail.kind === 'usage') return EXIT_CODE.usage;
  return error.detail.kind === 'environment' ? EXIT_CODE.environment : EXIT_CODE.bug;
};

interface Started {
  readonly lane: EngineLane;
  readonly exitOnStdinEof: boolean;
}

/** The first argument names the hot path; what another one needs is not loaded. */
const start = async (args: readonly string[]): Promise<Started> => {
  if (args[0] === 'signal') {
    const [{readSignalLaneOptions}, {startSignalLane}, {openWorld}] = await Promise.all([import('./signal-lane-options.ts'), import('./signal-lane.ts'), import('./signal/open-world.ts')]);
    const options = readSignalLaneOptions(args.slice(1));
    return {lane: await startSignalLane(options, openWorld), exitOnStdinEof: options.exitOnStdinEof};
  }
  const options = readLaneOptions(args);
  return {lane: await startEngineLane(options), exitOnStdinEof: options.exitOnStdinEof};
};

const serve = async (args: readonly string[]): Promise<void> => {
  const {lane, exitOnStdinEof} = await start(args);
  process.on('SIGTERM', () => { lane.stop(); });
  process.on('SIGINT', () => { lane.stop(); });
  process.on('SIGUSR2', () => { lane.writeStats(); });
  if (exitOnStdinEof) {
    process.stdin.on('end', () => { lane.stop(); });
    process.stdin.resume();
  }
  process.stdout.write(`${JSON.stringify({ready: true, pid: process.pid, ...(lane.snapshot === null ? {} : {snapshot: lane.snapshot})})}\n`);
  await lane.ended;
  process.stdin.pause();
};

/**
 * The program: reads its command line, says that it is ready, and runs until a signal or the end of stdin. What is wrong with the command line or
 * the surroundings goes to stderr and becomes the exit code.
 * @param args behind the program's name
 */
export const runLane = async (args: readonly string[]): Promise<void> => {
  try {
    await serve(args);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    process.stderr.write(explain(error));
    process.exitCode = exitCodeOf(error);
  }
};
