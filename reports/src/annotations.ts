import type {GateResult} from '@tandem/contract';
import {encodeAnnotationMessage, encodeAnnotationProperty} from './encode/ci-log.ts';
import {clip} from './encode/visible-text.ts';
import {shellCommand} from './encode/shell-word.ts';
import {gatesBySeverity} from './figures/gate-order.ts';
import {isBenign, rankedCauses} from './figures/ranked-causes.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import type {Run} from './read-run.ts';
import {explainWords} from './figures/run-words.ts';

/** A platform silently drops more than ten of a type in a step. */
const PER_TYPE_MAX = 10;
const CAUSES_MAX = 5;

type Level = 'error' | 'warning';

/** Only a plain relative `file:line` becomes a place; anything else stays without one. */
const placeOf = (source: string): string => {
  const match = /^([A-Za-z0-9_][A-Za-z0-9_./-]{0,200}):(\d{1,7})$/.exec(source);
  return match === null || match[1]?.includes('..') === true ? '' : `file=${encodeAnnotationProperty(match[1] ?? '')},line=${match[2]},`;
};

const command = (level: Level, place: string, words: {title: string; message: string}): string =>
  `::${level} ${place}title=${encodeAnnotationProperty(clip(words.title, 120))}::${encodeAnnotationMessage(clip(words.message, 600))}`;

const levelOf = (gate: GateResult): Level => (gate.outcome === 'fail' && !gate.dryRun ? 'error' : 'warning');

/** Workflow commands for a CI log: one per gate that did not pass, and the five biggest causes. */
export const renderAnnotations = (run: Run): string => {
  const verdict = shownVerdict(run);
  const gates = gatesBySeverity(verdict.gates).filter((gate) => gate.outcome !== 'pass' && gate.limit !== 'not demanded');
  const causes = verdict.outcome !== 'fail' ? [] : rankedCauses(run.evidence?.parity ?? null).filter((group) => !isBenign(group)).slice(0, CAUSES_MAX);
  const lines = [
    ...gates.map((gate) => [levelOf(gate), command(levelOf(gate), placeOf(gate.source), {title: gate.id, message: `${gate.outcome}: ${gate.seen}, limit ${gate.limit}: ${gate.reason}`})] as const),
    ...causes.map((group) => {
      const example = group.examples[0];
      const explain = example === undefined ? '' : `\n${shellCommand(explainWords(run.manifest, example, group))}`;
      return ['error', command('error', placeOf(example?.rule ?? ''), {title: `${group.count} x ${group.class} ${group.path === '' ? 'whole output' : group.path}`, message: `${group.title}${explain}`})] as const;
    }),
  ];
  const kept = (['error', 'warning'] as const).flatMap((level) => lines.filter(([each]) => each === level).slice(0, PER_TYPE_MAX));
  return kept.map(([, text]) => `${text}\n`).join('');
};
