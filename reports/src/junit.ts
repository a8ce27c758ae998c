import type {DivergenceGroup, GateResult} from '@tandem/contract';
import {shellCommand} from './encode/shell-word.ts';
import {clip} from './encode/visible-text.ts';
import {encodeXml, encodeXmlLines} from './encode/xml.ts';
import {isBenign, rankedCauses} from './figures/ranked-causes.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import type {ShownVerdict} from './figures/shown-verdict.ts';
import type {Run} from './read-run.ts';
import {carriedWords, explainWords} from './figures/run-words.ts';

const CAUSES_MAX = 50;

interface Case {
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message: string;
  readonly body: string;
}

/** `fail` is a failure; what could not be said is an error, so that no reader takes it for a pass; a dry run is skipped. */
const kindOf = (gate: GateResult): Case['kind'] => {
  if (gate.outcome === 'pass') return 'passed';
  if (gate.dryRun) return 'skipped';
  return gate.outcome === 'fail' ? 'failure' : 'error';
};

const gateCase = (run: Run, gate: GateResult): Case => ({
  name: gate.id, kind: kindOf(gate), message: clip(`${gate.outcome}: ${gate.reason}`, 600),
  body: `limit ${gate.limit}\nseen  ${gate.seen}\nfrom  ${gate.source}\n${shellCommand(['tandem', 'gate', '--run', run.manifest.runId, ...carriedWords(run.manifest)])}`,
});

const causeCase = (run: Run, group: DivergenceGroup): Case => {
  const example = group.examples[0];
  return {
    name: `${group.class} ${group.path === '' ? 'whole output' : group.path} ${group.fingerprint}`, kind: 'failure', message: clip(`${group.count} x ${group.title}`, 600),
    body: example === undefined ? '' : `legacy    ${clip(example.expected ?? 'no output', 400)}\ncandidate ${clip(example.actual ?? 'no output', 400)}\n${shellCommand(explainWords(run.manifest, example, group))}`,
  };
};

const caseXml = (suite: string, entry: Case): string => {
  const open = `    <testcase classname="tandem.${encodeXml(suite)}" name="${encodeXml(clip(entry.name, 200))}"`;
  if (entry.kind === 'passed') return `${open}/>`;
  if (entry.kind === 'skipped') return `${open}><skipped message="${encodeXml(entry.message)}"/></testcase>`;
  return `${open}>\n      <${entry.kind} message="${encodeXml(entry.message)}">${encodeXmlLines(entry.body)}</${entry.kind}>\n    </testcase>`;
};

const countOf = (cases: readonly Case[], kind: Case['kind']): number => cases.filter((entry) => entry.kind === kind).length;

const totals = (cases: readonly Case[]): string => `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}"`;

const suiteXml = (name: string, cases: readonly Case[]): string =>
  `  <testsuite name="${encodeXml(name)}" ${totals(cases)} skipped="${countOf(cases, 'skipped')}">\n${cases.map((entry) => caseXml(name, entry)).join('\n')}\n  </testsuite>`;

/** The verdict itself is a case, so that a run without gates, or one whose result was lowered, is never all green. */
const verdictCase = (run: Run, verdict: ShownVerdict): Case => ({
  name: 'verdict', kind: verdict.outcome === 'pass' ? 'passed' : verdict.outcome === 'fail' ? 'failure' : 'error', message: clip(`${verdict.outcome}: ${verdict.summary}`, 600),
  body: [...(verdict.loweredBecause === null ? [] : [`as written: ${verdict.judged?.outcome ?? 'nothing'}`]), ...run.incomplete.slice(0, 10), shellCommand(['tandem', 'report', '--run', run.manifest.runId])].join('\n'),
});

/** JUnit XML: a suite per gate group, a case per gate, a suite of causes when parity differs. */
export const renderJunit = (run: Run): string => {
  const verdict = shownVerdict(run);
  const groups = new Map<string, Case[]>([['verdict', [verdictCase(run, verdict)]]]);
  for (const gate of verdict.gates) groups.set(gate.group, [...(groups.get(gate.group) ?? []), gateCase(run, gate)]);
  const causes = rankedCauses(run.evidence?.parity ?? null).filter((group) => !isBenign(group)).slice(0, CAUSES_MAX);
  // causes fail only where the verdict does: differences that a gate allows must not turn a build red
  if (verdict.outcome === 'fail' && causes.length > 0) groups.set('causes', causes.map((group) => causeCase(run, group)));
  const all = [...groups.values()].flat();
  const suites = [...groups].map(([name, cases]) => suiteXml(name, cases)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${encodeXml(`tandem ${clip(run.manifest.migration, 100)}`)}" ${totals(all)}>\n${suites}\n</testsuites>\n`;
};
