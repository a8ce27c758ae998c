import type {GateResult} from '@tandem/contract';
import {visibleLine} from './encode/visible-text.ts';
import {shownVerdict} from './figures/shown-verdict.ts';
import type {Run} from './read-run.ts';

type Status = 'passed' | 'failed' | 'skipped' | 'other';

/** CTRF knows no "inconclusive": `other` is neither a pass nor a failure, and the verdict's own test is failed then. */
const statusOf = (gate: GateResult): Status => {
  if (gate.outcome === 'pass') return 'passed';
  if (gate.dryRun) return 'skipped';
  return gate.outcome === 'fail' ? 'failed' : 'other';
};

const timeOf = (iso: string | null): number => {
  const milliseconds = iso === null ? NaN : Date.parse(iso);
  return Number.isFinite(milliseconds) ? milliseconds : 0;
};

/** Common Test Report Format: one test per gate and one for the verdict. */
export const renderCtrf = (run: Run): string => {
  const verdict = shownVerdict(run);
  const tests = [
    {name: 'verdict', status: verdict.outcome === 'pass' ? 'passed' as const : 'failed' as const, duration: 0, suite: 'verdict', message: visibleLine(verdict.summary)},
    ...verdict.gates.map((gate) => ({
      name: visibleLine(gate.id), status: statusOf(gate), duration: 0, suite: gate.group, rawStatus: gate.outcome, message: visibleLine(`${gate.seen}, limit ${gate.limit}: ${gate.reason}`),
    })),
  ];
  const count = (status: Status): number => tests.filter((test) => test.status === status).length;
  return `${JSON.stringify({
    reportFormat: 'CTRF', specVersion: '0.0.0',
    results: {
      tool: {name: 'tandem', version: run.manifest.versions['tandem'] ?? 'unknown'},
      summary: {
        tests: tests.length, passed: count('passed'), failed: count('failed'), pending: 0, skipped: count('skipped'), other: count('other'),
        start: timeOf(run.manifest.startedAt), stop: timeOf(run.manifest.finishedAt ?? run.manifest.startedAt),
      },
      tests,
    },
  }, null, 2)}\n`;
};
