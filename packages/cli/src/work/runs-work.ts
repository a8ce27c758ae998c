import {EXIT_CODE, TandemError, type RunManifest, type Outcome} from '@tandem/contract';
import {readRunFolder} from '@tandem/shadow';
import {paint, visible, type TerminalStyle} from '../terminal/style.ts';
import {runFolders} from './run-locator.ts';
import {numberFlag, textFlag, type WorkContext} from './work-context.ts';

/** One run in a list; a folder that cannot be read is listed with the reason. */
interface ListedRun {
  readonly runId: string;
  readonly kind: RunManifest['kind'] | null;
  readonly migration: string;
  readonly outcome: Outcome | null;
  readonly compared: number | null;
  readonly complete: boolean;
  /** why its verdict may not be relied on, or why there is none */
  readonly notes: readonly string[];
}

/** `tandem runs`: latest first. */
export const runsWork = async (context: WorkContext): Promise<number> => {
  const all = runFolders(textFlag(context, 'runs') ?? '').reverse();
  const listed = await Promise.all(all.slice(0, numberFlag(context, 'top') ?? 20).map(({id, path}) => listedRun(id, path)));
  context.printJson({formatVersion: '1.0', count: all.length, runs: listed});
  for (const run of listed) context.print(runLine(run, context.style));
  if (all.length > listed.length) context.print(`... and ${all.length - listed.length} more: --top ${all.length}`);
  if (all.length === 0) context.print('there is no run yet: make one with tandem replay or tandem demo');
  return EXIT_CODE.pass;
};

const listedRun = async (runId: string, path: string): Promise<ListedRun> => {
  try {
    const {manifest: {kind, migration, complete, notes}, evidence, result, problems} = await readRunFolder(path);
    return {runId, kind, migration, complete, outcome: result?.verdict.outcome ?? null, compared: evidence?.parity?.conservation.compared ?? null, notes: [...problems, ...(complete ? [] : notes)]};
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return {runId, kind: null, migration: '', complete: false, outcome: null, compared: null, notes: [`${error.detail.what} ${error.detail.seen ?? ''}`.trim()]};
  }
};

const runLine = ({runId, kind, outcome, compared, notes}: ListedRun, style: TerminalStyle): string => {
  const verdict = (outcome ?? 'none').padEnd(12);
  const painted = paint(style, outcome === 'pass' ? 'good' : outcome === 'fail' ? 'bad' : 'unsure', verdict);
  return `${visible(runId).padEnd(44)} ${(kind ?? '?').padEnd(7)} ${painted} ${(compared === null ? '-' : compared.toLocaleString('en-US')).padStart(12)} compared${notes.length === 0 ? '' : paint(style, 'faint', `   ${visible(notes.join('; ').slice(0, 200))}`)}`;
};
