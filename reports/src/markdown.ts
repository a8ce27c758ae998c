import type {GateResult} from '@tandem/contract';
import {markdownCell, markdownCode, markdownFence} from './encode/markdown.ts';
import {shellCommand} from './encode/shell-word.ts';
import {clip} from './encode/visible-text.ts';
import {gateMargin} from './figures/gate-margin.ts';
import {gatesBySeverity} from './figures/gate-order.ts';
import {headlineFigures} from './figures/headline.ts';
import {OUTCOME_WORDS} from './figures/outcome-words.ts';
import {isBenign, rankedCauses} from './figures/ranked-causes.ts';
import {copySentence} from './figures/sentence.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import {formatCount} from './format/quantity.ts';
import type {Run} from './read-run.ts';
import {explainWords} from './figures/run-words.ts';

/** A platform drops the whole summary above its own limit, so ours is far below. */
export const MARKDOWN_BYTES_MAX = 60 * 1024;
/** Finds the one comment of an earlier run, to be replaced. */
const MARKER = '<!-- tandem-report -->';
const CAUSES_MAX = 5;
const TEXT_MAX = 240;

const cell = (text: string): string => markdownCell(clip(text, TEXT_MAX));

const gateRow = (gate: GateResult): string => {
  const {mark, word} = OUTCOME_WORDS[gate.outcome];
  const state = gate.limit === 'not demanded' ? 'not demanded' : `${mark} ${word}${gate.dryRun ? ', dry run' : ''}`;
  return `| ${state} | ${cell(gate.id)} | ${cell(gate.limit)} | ${cell(gate.seen)} | ${gateMargin(gate)?.text ?? '–'} | ${cell(gate.reason)} |`;
};

const gateTable = (gates: readonly GateResult[]): string => `| | gate | limit | seen | margin | why |\n|---|---|---|---|---|---|\n${gates.map(gateRow).join('\n')}`;

const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

const causeBlock = (run: Run): string => {
  const causes = rankedCauses(run.evidence?.parity ?? null).filter((group) => !isBenign(group));
  if (causes.length === 0) return '';
  const blocks = causes.slice(0, CAUSES_MAX).map((group, n) => {
    const example = group.examples[0];
    const body = example === undefined ? 'No example was kept.' : markdownFence([
      `field      ${example.path === '' ? 'whole output' : example.path}`, `legacy     ${clip(example.expected ?? 'no output', TEXT_MAX)}`,
      `candidate  ${clip(example.actual ?? 'no output', TEXT_MAX)}`, shellCommand(explainWords(run.manifest, example, group)),
    ].join('\n'));
    return `${n + 1}. **${formatCount(group.count)}** × ${markdownCode(clip(group.title, TEXT_MAX))}, ${group.class} in ${markdownCode(clip(group.path === '' ? 'whole output' : group.path, TEXT_MAX))}\n\n${folded('first example', body)}`;
  });
  const left = causes.length - blocks.length;
  return `### Causes\n\n${blocks.join('\n\n')}${left > 0 ? `\n\n${left} more in the report.` : ''}`;
};

const compose = (run: Run, gatesMax: number, withCauses: boolean): string => {
  const verdict = shownVerdict(run);
  const words = OUTCOME_WORDS[verdict.outcome];
  const gates = gatesBySeverity(verdict.gates);
  const standing = gates.filter((gate) => gate.outcome !== 'pass').slice(0, gatesMax);
  const passed = gates.filter((gate) => gate.outcome === 'pass').slice(0, gatesMax);
  const left = gates.length - standing.length - passed.length;
  return [
    MARKER,
    `## ${words.mark} ${words.word}: ${markdownCode(clip(run.manifest.migration, TEXT_MAX))}`,
    `${markdownCode(clip(verdict.summary, 600))}\n\n${words.meaning}`,
    ...(verdict.loweredBecause === null || verdict.judged === null ? [] : [`**As written:** ${OUTCOME_WORDS[verdict.judged.outcome].word}, ${markdownCode(clip(verdict.judged.summary, 600))}`]),
    ...(run.incomplete.length === 0 ? [] : [`**Incomplete run:** ${run.incomplete.slice(0, 5).map((why) => markdownCode(clip(why, TEXT_MAX))).join(', ')}`]),
    `| | | |\n|---|---|---|\n${headlineFigures(run, verdict).map((figure) => `| ${figure.name} | **${figure.value ?? '–'}** | ${figure.detail} |`).join('\n')}`,
    ...(standing.length === 0 ? [] : [gateTable(standing)]),
    ...(passed.length === 0 ? [] : [folded(`${passed.length} gates passed`, gateTable(passed))]),
    ...(left > 0 ? [`${left} more gates in the report.`] : []),
    ...(withCauses ? [causeBlock(run)] : []),
    folded('in one sentence', markdownFence(copySentence(run, verdict))),
  ].filter((part) => part !== '').join('\n\n') + '\n';
};

/** A job summary or one sticky comment: at most 60 KB, every value from the run in a code span or a fence. */
export const renderMarkdown = (run: Run): string => {
  for (const [gatesMax, withCauses] of [[200, true], [40, true], [15, true], [10, false]] as const) {
    const text = compose(run, gatesMax, withCauses);
    if (Buffer.byteLength(text) <= MARKDOWN_BYTES_MAX) return text;
  }
  return `${MARKER}\n\n## ${OUTCOME_WORDS[shownVerdict(run).outcome].word}\n\nThe summary grew too large; see the HTML report.\n`;
};
