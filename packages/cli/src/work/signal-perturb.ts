import {existsSync} from 'node:fs';
import {extname, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {EXIT_CODE} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {paint, visible} from '../terminal/style.ts';
import {pythonTrial} from './python-trial.ts';
import {seededWalk} from './seeded-walk.ts';
import {openTicks, type Ticks} from './tick-input.ts';
import {numberFlag, type WorkContext} from './work-context.ts';
import {moduleRefusal} from './world-input.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Trial = Parameters<Tools['perturbFuture']>[0];
type Module = Partial<{makeFeatures: Parameters<Tools['streamedTrial']>[0]; compute: Parameters<Tools['batchTrial']>[0]}>;

const trialOf = async (file: string | null, ticks: Ticks, say: (line: string) => void): Promise<{trial: Trial; close: () => void}> => {
  const tools = await signalTools();
  const close = (): void => undefined;
  if (file === null) return {trial: tools.streamedTrial((await tools.openWorld(null)).makeFeatures), close};
  if (!existsSync(file)) throw moduleRefusal(file, 'there is no such module', 'write its path from the folder in which you call tandem');
  if (extname(file) === '.py') return await pythonTrial(file, ticks, say);
  const {makeFeatures, compute} = await import(pathToFileURL(resolve(file)).href) as Module;
  if (typeof makeFeatures === 'function') return {trial: tools.streamedTrial(makeFeatures), close};
  if (typeof compute === 'function') return {trial: tools.batchTrial(compute, ticks), close};
  throw moduleRefusal(file, 'the module exports neither makeFeatures nor compute', 'tandem signals perturb --help');
};

/** `tandem signals perturb` */
export const perturbWork = async (context: WorkContext, file: string | null): Promise<number> => {
  const tools = await signalTools();
  const {flags, style} = context;
  const recordings = Array.isArray(flags['ticks']) ? flags['ticks'] as string[] : [];
  const count = numberFlag(context, 'count');
  const seed = numberFlag(context, 'seed') ?? 7;
  const ticks = recordings.length === 0 ? await seededWalk(count ?? 8000, seed) : await openTicks(recordings, count);
  const {trial, close} = await trialOf(file, ticks, (line) => { context.progress.say(line); });
  const startedMs = performance.now();
  try {
    const report = await tools.perturbFuture(trial, ticks, {cuts: numberFlag(context, 'cuts') ?? 4, seed});
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    context.printJson({formatVersion: '1.0', module: file, ...report, seconds});
    const {leaks} = report;
    const head = leaks.length === 0 ? paint(style, 'good', 'no feature looks ahead') : paint(style, 'bad', `${leaks.length} of ${report.features} features look ahead`);
    context.print(`${head}  ${report.features} features, ${report.ticks.toLocaleString('en-US')} ticks, ${report.cuts.length} cuts, ${report.valuesCompared.toLocaleString('en-US')} values compared, ${seconds} s`);
    for (const {feature, reachTicks, cut, firstRow} of leaks) {
      context.print(`  ${visible(feature).padEnd(24)} ${reachTicks === null ? 'sees the whole file' : `sees ${reachTicks} tick${reachTicks === 1 ? '' : 's'} ahead`}  (row ${firstRow} changed when only what follows row ${cut} was changed)`);
    }
    return leaks.length === 0 ? EXIT_CODE.pass : EXIT_CODE.fail;
  } finally {
    close();
  }
};
