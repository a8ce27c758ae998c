import type {Outcome} from '@tandem/contract';
import {guardCiLog} from './encode/ci-log.ts';
import {encodeTerminalLine} from './encode/terminal.ts';
import {clip} from './encode/visible-text.ts';
import {shellCommand} from './encode/shell-word.ts';
import {gatesBySeverity} from './figures/gate-order.ts';
import {headlineFigures} from './figures/headline.ts';
import {fieldName, noisyFields} from './figures/noisy-fields.ts';
import {OUTCOME_WORDS} from './figures/outcome-words.ts';
import {isBenign, isFollowing, rankedCauses} from './figures/ranked-causes.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import {formatCount} from './format/quantity.ts';
import type {Run} from './read-run.ts';
import {explainWords} from './figures/run-words.ts';

/** One line of the terminal's verdict block. Text is safe for a terminal and without colour; the caller paints by `role` and `outcome`. */
export interface ResultLine {
  readonly role: 'verdict' | 'summary' | 'figure' | 'gate' | 'cause' | 'warning' | 'next';
  readonly outcome: Outcome | null;
  readonly text: string;
}

const WIDTH_MAX = 200;
const GATES_MAX = 20;
const CAUSES_MAX = 5;
const NOISY_MAX = 3;

const line = (role: ResultLine['role'], text: string, outcome: Outcome | null = null): ResultLine => ({role, outcome, text: guardCiLog(encodeTerminalLine(clip(text, WIDTH_MAX)))});

const gateLines = (run: Run): readonly ResultLine[] => {
  const standing = gatesBySeverity(shownVerdict(run).gates).filter((gate) => gate.outcome !== 'pass' && gate.limit !== 'not demanded');
  const shown = standing.slice(0, GATES_MAX).flatMap((gate) => [
    line('gate', `${OUTCOME_WORDS[gate.outcome].mark} ${gate.id}${gate.dryRun ? ' (dry run)' : ''}  ${gate.seen}  limit: ${gate.limit}`, gate.outcome),
    line('gate', `    ${gate.reason}`),
  ]);
  return standing.length > GATES_MAX ? [...shown, line('gate', `… and ${standing.length - GATES_MAX} more gates`)] : shown;
};

const causeLines = (run: Run): readonly ResultLine[] => {
  const all = rankedCauses(run.evidence?.parity ?? null).filter((group) => !isBenign(group));
  const causes = all.filter((group) => !isFollowing(group));
  const following = all.filter(isFollowing);
  const follow = following.length === 0 ? [] : [line('cause', `${formatCount(following.reduce((sum, {count}) => sum + count, 0))} further differences of ${following.length} kinds only follow from these`)];
  const shown = causes.slice(0, CAUSES_MAX).flatMap((group, n) => {
    const example = group.examples[0];
    const head = line('cause', `cause ${n + 1}  ${formatCount(group.count)} x ${group.path === '' ? 'whole output' : clip(group.path, 60)}  ${group.title}${group.rootCount < group.count ? `  (${formatCount(group.rootCount)} roots)` : ''}`);
    // a command that was cut cannot be run, so it is whole or absent
    const command = example === undefined ? '' : `    ${shellCommand(explainWords(run.manifest, example, group))}`;
    return command === '' || command.length > WIDTH_MAX ? [head] : [head, line('next', command)];
  });
  return [...shown, ...(causes.length > CAUSES_MAX ? [line('cause', `… and ${causes.length - CAUSES_MAX} more causes`)] : []), ...follow];
};

/** What the legacy itself does not repeat: only triples in which one of the two others differs alone say anything. */
const noiseLines = (run: Run): readonly ResultLine[] => {
  const fields = noisyFields(run.evidence);
  const shown = fields.slice(0, NOISY_MAX).map((field) => line('figure', `noisy    ${clip(fieldName(field), 60)}: only the candidate differs ${formatCount(field.onlyCandidate)} x, only the twin ${formatCount(field.onlyTwin)} x, both ${formatCount(field.both)} x in ${formatCount(field.compared)}`));
  return fields.length > NOISY_MAX ? [...shown, line('figure', `… and ${fields.length - NOISY_MAX} more noisy fields`)] : shown;
};

/** The verdict block that a command prints at its end: verdict, figures, what stands in the way, causes, warnings. */
export const resultLines = (run: Run): readonly ResultLine[] => {
  const verdict = shownVerdict(run);
  const words = OUTCOME_WORDS[verdict.outcome];
  return [
    line('verdict', `VERDICT  ${words.mark} ${words.word.toUpperCase()}  ${run.manifest.migration}`, verdict.outcome),
    line('summary', `why  ${verdict.summary}`),
    ...headlineFigures(run, verdict).map((figure) => line('figure', `${figure.name.padEnd(20)} ${(figure.value ?? '–').padStart(10)}  ${figure.detail}`, figure.outcome)),
    ...gateLines(run),
    ...causeLines(run),
    ...noiseLines(run),
    ...(verdict.loweredBecause === null || verdict.judged === null ? [] : [line('warning', `as written: ${verdict.judged.outcome}. ${verdict.judged.summary}`, verdict.outcome)]),
    ...run.incomplete.slice(0, 5).map((why) => line('warning', `incomplete: ${why}`)),
  ];
};
