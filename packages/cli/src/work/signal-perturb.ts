import {extname} from 'node:path';
import {EXIT_CODE} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {paint, visible} from '../terminal/style.ts';
import {pythonTrial} from './python-trial.ts';
import {seededWalk} from './seeded-walk.ts';
import {openTicks, type Ticks} from './tick-input.ts';
import {numberFlag, type WorkContext} from './work-context.ts';
import {loadUserModule, moduleFailure, moduleRefusal} from './user-module.ts';

type Tools = Awaited<ReturnType<typeof signalTools>>;
type Trial = Parameters<Tools['perturbFuture']>[0];
type Module = Partial<{makeFeatures: Parameters<Tools['streamedTrial']>[0]; compute: Parameters<Tools['batchTrial']>[0]} & Parameters<Tools['emittedFeatures']>[0]>;

const trialOf = async (file: string | null, ticks: Ticks, say: (line: string) => void): Promise<{trial: Trial; close: () => void}> => {
  const tools = await signalTools();
  const close = (): void => undefined;
  if (file === null) return {trial: tools.streamedTrial((await tools.openWorld(null)).makeFeatures), close};
  if (extname(file) === '.py') return await pythonTrial(file, ticks, say);
  const module = await loadUserModule(file) as Module;
  const {makeFeatures, compute, manifest, bind} = module;
  try {
    if (typeof makeFeatures === 'function') return {trial: tools.streamedTrial(makeFeatures), close};
    if (typeof compute === 'function') return {trial: tools.batchTrial(compute, ticks), close};
    if (manifest !== undefined && typeof bind === 'function') return {trial: tools.streamedTrial(tools.emittedFeatures({manifest, bind})), close};
  } catch (error) {
    throw moduleFailure(file, error);
  }
  const isDescribed = 'features' in module;
  throw moduleRefusal(file, 'the module exports neither makeFeatures nor compute', isDescribed ? `it exports descriptors: emit them (node ${file} <folder>), then try <folder>/<name>.mjs` : 'tandem signals perturb --help');
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
    const report = await tools.perturbFuture(trial, ticks, {cuts: numberFlag(context, 'cuts') ?? 4, seed}).catch((error: unknown) => { throw file === null ? error : moduleFailure(file, error); });
    const seconds = Math.round(performance.now() - startedMs) / 1000;
    context.printJson({formatVersion: '1.0', module: file, ...report, seconds});
    const {leaks, silent} = report;
    const head = leaks.length === 0 ? paint(style, silent.length === 0 ? 'good' : 'unsure', silent.length === 0 ? 'no feature looks ahead' : `${silent.length} of ${report.features} features have no value here, and cannot be judged`) : paint(style, 'bad', `${leaks.length} of ${report.features} features look ahead`);
    context.print(`${head}  ${report.features} features, ${report.ticks.toLocaleString('en-US')} ticks, ${report.cuts.length} cuts, ${report.valuesCompared.toLocaleString('en-US')} values compared, ${seconds} s`);
    for (const {feature, reachTicks, cut, firstRow} of leaks) {
      context.print(`  ${visible(feature).padEnd(24)} ${reachTicks === null ? 'sees the whole file' : `sees ${reachTicks} tick${reachTicks === 1 ? '' : 's'} ahead`}  (row ${firstRow} changed when only what follows row ${cut} was changed)`);
    }
    if (silent.length > 0) context.print(`  no value up to the last cut: ${silent.slice(0, 5).map(visible).join(', ')}${silent.length > 5 ? ` and ${silent.length - 5} more` : ''}; give more ticks (--count, --ticks)`);
    if (leaks.length > 0) return EXIT_CODE.fail;
    return silent.length === 0 ? EXIT_CODE.pass : EXIT_CODE.inconclusive;
  } finally {
    close();
  }
};
