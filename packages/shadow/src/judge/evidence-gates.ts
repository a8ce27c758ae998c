import type {Conservation, LaneHealth, LaneName} from '@tandem/contract';
import type {GateContext, GateDraft} from './judge-input.ts';
import {plainCount, plainPlural, plainShare} from './plain-figures.ts';

const STDERR_LINES_SHOWN = 5;
const GAP_REASONS_SHOWN = 3;

/** Enough messages compared? None at all is its own outcome. */
export function messagesGate({evidence, limits}: GateContext): GateDraft {
  const compared = evidence.parity?.conservation.compared ?? 0;
  const base = {
    id: 'evidence.messages', group: 'evidence', demanded: true,
    limit: `at least ${plainPlural(limits.minMessages, 'message')}`, seen: `${plainCount(evidence.messages)} fed, ${plainCount(compared)} compared`,
  } as const;
  if (!(evidence.messages > 0)) return {...base, outcome: 'no-data', reason: 'no message was fed to the lanes'};
  if (!(compared > 0)) return {...base, outcome: 'no-data', reason: 'no message was compared'};
  if (compared < limits.minMessages) {
    return {...base, outcome: 'inconclusive', reason: `${plainCount(compared)} compared messages are fewer than the ${plainCount(limits.minMessages)} demanded`};
  }
  return {...base, outcome: 'pass', reason: `${plainCount(compared)} messages were compared`};
}

/** in - compared - waived - inFlight - lost, computed again from its parts; NaN when a part is not a number. */
function remainderOf(conservation: Conservation): number {
  return conservation.in - conservation.compared - conservation.waived - conservation.inFlight - lostOf(conservation);
}

function lostOf(conservation: Conservation): number {
  return Object.values(conservation.lost).reduce((sum, count) => sum + count, 0);
}

/** Every input accounted for, in each compared pair? */
export function conservationGate({evidence}: GateContext): GateDraft {
  const base = {id: 'evidence.conservation', group: 'evidence', demanded: true, limit: 'every input accounted for'} as const;
  const pairs = [evidence.parity, evidence.floor].filter((pair) => pair !== null);
  if (pairs.length === 0) return {...base, outcome: 'no-data', seen: 'nothing compared', reason: 'no pair of lanes was compared'};
  for (const pair of pairs) {
    const remainder = remainderOf(pair.conservation);
    if (remainder !== 0 || pair.conservation.remainder !== 0) {
      return {
        ...base, outcome: 'harness-loss', seen: `${plainCount(remainder)} unexplained`,
        reason: `${pair.expected} against ${pair.actual}: ${plainCount(remainder)} of ${plainCount(pair.conservation.in)} inputs are unaccounted for `
          + `(stated remainder ${plainCount(pair.conservation.remainder)}); the harness itself lost count, so nothing that it says holds`,
      };
    }
  }
  return {...base, outcome: 'pass', seen: 'remainder 0', reason: 'inputs = compared + waived + in flight + lost, without a remainder'};
}

/** Loss within budget, nothing in flight, no hole of unknown size? */
export function lossGate({evidence, limits}: GateContext): GateDraft {
  const budget = limits.parity.lossBudget;
  const base = {id: 'evidence.loss', group: 'evidence', demanded: true, limit: `at most ${plainShare(budget)} lost, none in flight`} as const;
  const conservation = evidence.parity?.conservation;
  if (conservation === undefined) return {...base, outcome: 'no-data', seen: 'nothing compared', reason: 'no pair of lanes was compared'};
  // what the log lacks never came in here, so it stands beside what came in and was lost
  const lost = lostOf(conservation) + evidence.gaps.messages;
  const sent = conservation.in + evidence.gaps.messages;
  const share = sent > 0 ? lost / sent : 1;
  const causes = Object.entries(conservation.lost).filter(([, count]) => count !== 0).map(([why, count]) => `${plainCount(count)} ${why}`).join(', ');
  const seen = `${plainCount(lost)} lost (${plainShare(share)}), ${plainCount(conservation.inFlight)} in flight`;
  const known = (evidence.gaps.reasons ?? []).slice(0, GAP_REASONS_SHOWN).join('; ');
  if (evidence.gaps.unknown !== 0) {
    return {...base, outcome: 'inconclusive', seen, reason: `${plainPlural(evidence.gaps.unknown, 'gap')} of unknown size: how much was lost cannot be said${known === '' ? '' : ` (${known})`}`};
  }
  if (!(share <= budget)) {
    return {...base, outcome: 'inconclusive', seen, reason: `${plainShare(share)} of the inputs were lost (${causes === '' ? `gaps in the log${known === '' ? '' : `: ${known}`}` : causes}), above the budget of ${plainShare(budget)}`};
  }
  if (conservation.inFlight !== 0) {
    return {...base, outcome: 'inconclusive', seen, reason: `${plainPlural(conservation.inFlight, 'input')} had no final answer when the run ended; drain the lanes before the end`};
  }
  return {...base, outcome: 'pass', seen, reason: lost === 0 ? 'nothing was lost' : `all loss is explained (${causes}) and within the budget`};
}

/** One gate per lane that is needed or was there. */
export function laneGates({evidence}: GateContext): readonly GateDraft[] {
  const names = new Set<LaneName>(['legacy', 'candidate', ...evidence.lanes.map((lane) => lane.lane)]);
  return [...names].map((name) => laneGate(name, evidence.lanes.find((lane) => lane.lane === name)));
}

function laneGate(name: LaneName, lane: LaneHealth | undefined): GateDraft {
  const base = {id: `evidence.lane.${name}`, group: 'evidence', demanded: true, limit: 'alive to the end'} as const;
  if (lane === undefined) return {...base, outcome: 'inconclusive', seen: 'no report', reason: `nothing says what became of the ${name} lane`};
  const seen = `${lane.state}, ${plainPlural(lane.outputs, 'output')} for ${plainPlural(lane.sent, 'input')}`;
  if (lane.state === 'ok' && lane.restarts !== 0) {
    return {...base, outcome: 'inconclusive', seen, reason: `the ${name} lane (${lane.label}) was restarted ${plainPlural(lane.restarts, 'time')}, so its state is not the one of an unbroken run`};
  }
  if (lane.state === 'ok') return {...base, outcome: 'pass', seen, reason: `the ${name} lane (${lane.label}) ran to the end`};
  const how = lane.signal === null ? (lane.exitCode === null ? '' : `, exit code ${String(lane.exitCode)}`) : `, signal ${lane.signal}`;
  const said = lane.stderrTail.length === 0 ? 'it wrote nothing to stderr' : `its last words: ${lane.stderrTail.slice(-STDERR_LINES_SHOWN).join(' | ')}`;
  return {...base, outcome: 'error', seen: `${seen}${how}`, reason: `the ${name} lane (${lane.label}) ${laneFate(lane.state)}${how} at input ${plainCount(lane.watermark)}; ${said}`};
}

function laneFate(state: 'crashed' | 'hung' | 'missing'): string {
  if (state === 'crashed') return 'crashed';
  return state === 'hung' ? 'stopped answering' : 'never came up';
}
