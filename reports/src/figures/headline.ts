import type {Outcome} from '@tandem/contract';
import {formatBytes, formatCount, formatNs, formatRate, formatRatio, formatShare, plural} from '../format/quantity.ts';
import type {Run} from '../read-run.ts';
import {quantileTable} from './quantile-table.ts';
import type {LatencyKind} from './quantile-table.ts';
import {isBenign} from './ranked-causes.ts';
import {savings} from './savings.ts';
import type {ShownVerdict} from './shown-verdict.ts';

/** One of the figures that a reader looks for first. `value` null = not measured. */
interface HeadlineFigure {
  readonly name: string;
  readonly value: string | null;
  readonly detail: string;
  /** worst outcome of the gates of this group: of those that act, else of dry runs; null when nothing was demanded */
  readonly outcome: Outcome | null;
  /** the outcome is of gates that never act */
  readonly isDryRun: boolean;
}

type GroupOutcome = Pick<HeadlineFigure, 'outcome' | 'isDryRun'>;

const NOT_MEASURED = 'not measured in this run';

const gateOutcome = (verdict: ShownVerdict, group: string): GroupOutcome => {
  const demanded = verdict.gates.filter((gate) => gate.group === group && gate.limit !== 'not demanded');
  const acting = demanded.filter((gate) => !gate.dryRun);
  const outcomes = (acting.length > 0 ? acting : demanded).map((gate) => gate.outcome);
  const order: readonly Outcome[] = ['fail', 'error', 'harness-loss', 'no-data', 'inconclusive', 'pass'];
  return {outcome: order.find((outcome) => outcomes.includes(outcome)) ?? null, isDryRun: acting.length === 0};
};

const parityFigure = (run: Run, verdict: ShownVerdict): HeadlineFigure => {
  const parity = run.evidence?.parity ?? null;
  const outcome = gateOutcome(verdict, 'parity');
  if (parity === null || parity.outputs === 0) return {name: 'Same answers', value: null, detail: NOT_MEASURED, ...outcome};
  const differing = parity.outputs - parity.matched;
  const causes = parity.groups.filter((group) => !isBenign(group)).length;
  const detail = differing === 0 ? `all ${formatCount(parity.outputs)} outputs matched`
    : `${formatCount(differing)} of ${formatCount(parity.outputs)} differ, in ${plural(causes, 'cause')}`;
  return {name: 'Same answers', value: formatShare(parity.matched, parity.outputs), detail, ...outcome};
};

/** p99 of response time, or of service time when only that was measured. */
export const headlineLatency = (run: Run): {readonly kind: LatencyKind; readonly legacyNs: number; readonly candidateNs: number} | null => {
  if (run.evidence === null) return null;
  for (const kind of ['response', 'service'] as const) {
    const row = quantileTable(run.evidence, kind).find(({quantile}) => quantile === 0.99);
    if (row?.legacy != null && row.candidate !== null && row.legacy.valueNs > 0) {
      return {kind, legacyNs: row.legacy.valueNs, candidateNs: row.candidate.valueNs};
    }
  }
  return null;
};

const latencyFigure = (run: Run, verdict: ShownVerdict): HeadlineFigure => {
  const latency = headlineLatency(run);
  const outcome = gateOutcome(verdict, 'latency');
  if (latency === null) return {name: 'p99 latency', value: null, detail: NOT_MEASURED, ...outcome};
  return {
    name: `p99 ${latency.kind} time`, value: formatRatio(latency.candidateNs / latency.legacyNs),
    detail: `${formatNs(latency.legacyNs)} → ${formatNs(latency.candidateNs)}`, ...outcome,
  };
};

const resourceFigures = (run: Run, verdict: ShownVerdict): readonly HeadlineFigure[] => {
  const saved = run.evidence === null ? null : savings(run.evidence);
  const cores = saved?.cores ?? null;
  const memory = saved?.memoryBytes ?? null;
  return [
    {
      name: 'CPU', ...gateOutcome(verdict, 'cpu'),
      value: cores === null ? null : formatRatio(cores.candidate / cores.legacy),
      detail: cores === null ? NOT_MEASURED : `${cores.legacy.toFixed(2)} → ${cores.candidate.toFixed(2)} cores`,
    },
    {
      name: 'Memory', ...gateOutcome(verdict, 'memory'),
      value: memory === null ? null : formatRatio(memory.candidate / memory.legacy),
      detail: memory === null ? NOT_MEASURED : `${formatBytes(memory.legacy)} → ${formatBytes(memory.candidate)} ${memory.measure}`,
    },
  ];
};

/** Parity, latency, CPU and memory, in this order. */
export const headlineFigures = (run: Run, verdict: ShownVerdict): readonly HeadlineFigure[] =>
  [parityFigure(run, verdict), latencyFigure(run, verdict), ...resourceFigures(run, verdict)];

/** What the run proved about the mismatch rate, as a clause; null when the judge gave no bound. */
export const provenClause = (verdict: ShownVerdict): string | null => (verdict.proven?.mismatchRateBelow == null ? null
  : `mismatch rate below ${formatRate(verdict.proven.mismatchRateBelow)} with 95 % confidence over ${formatCount(verdict.proven.messages)} messages`);
