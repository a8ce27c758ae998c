import {formatBytes, formatCount, formatNs, formatRatio, formatShare} from '../format/quantity.ts';
import type {Run} from '../read-run.ts';
import {headlineLatency, provenClause} from './headline.ts';
import {OUTCOME_WORDS} from './outcome-words.ts';
import {savings} from './savings.ts';
import type {ShownVerdict} from './shown-verdict.ts';

/** The one sentence to copy into a mail: verdict, what was compared, what it costs, and the hash that it rests on. */
export const copySentence = (run: Run, verdict: ShownVerdict): string => {
  const parity = run.evidence?.parity ?? null;
  const latency = headlineLatency(run);
  const saved = run.evidence === null ? null : savings(run.evidence);
  const facts = [
    ...(parity === null || parity.outputs === 0 ? ['nothing was compared']
      : [`${formatShare(parity.matched, parity.outputs)} of ${formatCount(parity.outputs)} outputs equal to legacy`]),
    ...(provenClause(verdict) === null ? [] : [provenClause(verdict)]),
    ...(latency === null ? [] : [`p99 ${latency.kind} time ${formatNs(latency.legacyNs)} → ${formatNs(latency.candidateNs)} (${formatRatio(latency.candidateNs / latency.legacyNs)})`]),
    ...(saved?.cores == null ? [] : [`CPU ${formatRatio(saved.cores.candidate / saved.cores.legacy)}`]),
    ...(saved?.memoryBytes == null ? []
      : [`memory ${formatRatio(saved.memoryBytes.candidate / saved.memoryBytes.legacy)} (${formatBytes(saved.memoryBytes.legacy)} → ${formatBytes(saved.memoryBytes.candidate)})`]),
  ];
  const hash = run.evidenceHash === null ? '' : ` Evidence sha256 ${run.evidenceHash.slice(0, 16)}.`;
  return `${run.manifest.migration}: ${OUTCOME_WORDS[verdict.outcome].word.toUpperCase()}; ${facts.join('; ')}. Run ${run.manifest.runId}, ${run.manifest.startedAt.slice(0, 10)}.${hash}`;
};

/** What moving this load would free, from measured figures alone; null when either side was not measured. */
export const savingsSentence = (run: Run): string | null => {
  if (run.evidence === null) return null;
  const {cores, memoryBytes, messagesPerSecond} = savings(run.evidence);
  if (messagesPerSecond === null || (cores === null && memoryBytes === null)) return null;
  const clause = (difference: number, amount: string, what: string): string => (difference >= 0 ? `${amount} ${what} less` : `${amount} ${what} more`);
  const parts = [
    ...(cores === null ? [] : [clause(cores.legacy - cores.candidate, Math.abs(cores.legacy - cores.candidate).toFixed(2), 'cores')]),
    ...(memoryBytes === null ? [] : [clause(memoryBytes.legacy - memoryBytes.candidate,
      formatBytes(Math.abs(memoryBytes.legacy - memoryBytes.candidate)), `of memory (peak ${memoryBytes.measure})`)]),
  ];
  return `At the measured ${formatCount(messagesPerSecond)} messages/s the candidate takes ${parts.join(' and ')} than legacy.`;
};
