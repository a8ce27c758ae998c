import {EXIT_CODE, type DivergenceGroup, type ParityEvidence, type RunManifest} from '@tandem/contract';
import {explainWords, isBenign, rankedCauses, shellCommand} from '@tandem/reports';
import {readRunFolder} from '@tandem/shadow';
import {marks, paint, visible} from '../terminal/style.ts';
import {locateRun} from './run-locator.ts';
import {numberFlag, switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** `tandem diff`: the groups of a run, in the order of the report. Exit 10 when there is a difference that counts. */
export const diffWork = async (context: WorkContext): Promise<number> => {
  const folder = locateRun(textFlag(context, 'runs') ?? '', textFlag(context, 'run') ?? 'latest');
  const {evidence, manifest} = await readRunFolder(folder);
  const parity = switchFlag(context, 'floor') ? evidence?.floor : evidence?.parity;
  if (parity === null || parity === undefined) {
    context.print(`${manifest.runId}: nothing was compared${switchFlag(context, 'floor') && evidence !== null ? '; a floor needs a twin: tandem replay --twin' : ''}`);
    for (const note of manifest.notes) context.print(`  ${visible(note)}`);
    context.printJson({formatVersion: '1.0', runId: manifest.runId, compared: 0, groups: [], notes: manifest.notes});
    return EXIT_CODE.inconclusive;
  }
  const ranked = rankedCauses(parity);
  const groups = ranked.slice(0, numberFlag(context, 'top') ?? 20);
  context.printJson({formatVersion: '1.0', runId: manifest.runId, conservation: parity.conservation, outputs: parity.outputs, matched: parity.matched, byClass: parity.byClass, groups});
  for (const line of diffLines(parity, groups, context, manifest)) context.print(line);
  return ranked.every(isBenign) ? EXIT_CODE.pass : EXIT_CODE.fail;
};

const diffLines = (parity: ParityEvidence, groups: readonly DivergenceGroup[], {style}: WorkContext, manifest: RunManifest): string[] => {
  const {conservation: {in: inputs, compared, waived, inFlight, lost, remainder}} = parity;
  const mark = marks(style);
  const lostText = Object.entries(lost).map(([reason, count]) => `${count} ${reason}`).join(', ') || '0';
  const lines = [
    `${parity.expected} against ${parity.actual}: ${parity.matched.toLocaleString('en-US')} of ${parity.outputs.toLocaleString('en-US')} outputs match`,
    paint(style, 'faint', `inputs ${inputs} = compared ${compared} + waived ${waived} + in flight ${inFlight} + lost ${lostText}${remainder === 0 ? '' : ` + UNEXPLAINED ${remainder}`}`),
    '',
  ];
  if (groups.length === 0) lines.push(`${paint(style, 'good', mark.pass)} no difference`);
  let section = '';
  for (const [at, group] of groups.entries()) {
    const [title, tone, sign] = isBenign(group) ? ['counted, breaks nothing:', 'faint', mark.rest] as const : [group.rootCount === 0 ? 'what follows from the above:' : '', 'bad', mark.fail] as const;
    if (title !== section && at > 0) lines.push('', paint(style, 'faint', title));
    section = title;
    const example = group.examples[0];
    lines.push(`${paint(style, tone, sign)} cause ${at + 1}  ${paint(style, 'strong', visible(`${group.outputKind} ${group.path || '(whole output)'}`.trim()))}  ${visible(group.title)}`);
    lines.push(`   ${group.class}  ${group.count.toLocaleString('en-US')} × (${group.rootCount === 1 ? '1 root' : `${group.rootCount.toLocaleString('en-US')} roots`})  first at ${group.firstInputSeq}`);
    if (example !== undefined) lines.push(paint(style, 'faint', `   ${parity.expected} ${visible(example.expected ?? '(nothing)')}   ${parity.actual} ${visible(example.actual ?? '(nothing)')}`));
    lines.push(`   ${paint(style, 'name', visible(shellCommand(explainWords(manifest, {cause: ''}, group))))}`);
  }
  if (parity.groups.length > groups.length) lines.push(paint(style, 'faint', `... and ${parity.groups.length - groups.length} more groups: --top ${parity.groups.length}`));
  return lines;
};
