import type {ParityEvidence} from '@tandem/contract';
import {BENIGN_CLASSES} from '@tandem/contract';
import type {GateContext, GateDraft} from './judge-input.ts';
import {breakingCount, weighFields} from './noisy-fields.ts';
import type {FieldFinding} from './noisy-fields.ts';
import {plainCount, plainPlural} from './plain-figures.ts';

const FIELDS_SHOWN = 3;

/** Differences that count (benign classes left out). */
export function mismatchCount(parity: ParityEvidence): number {
  return breakingCount(parity);
}

/** Do the lanes say the same? Fields that the legacy itself does not repeat are weighed against its twin. */
export function mismatchGate(context: GateContext): GateDraft {
  const {evidence, limits} = context;
  const allowed = limits.parity.mismatches;
  const base = {id: 'parity.mismatches', group: 'parity', demanded: true, limit: `at most ${plainCount(allowed)} mismatches`} as const;
  const parity = evidence.parity;
  if (parity === null) return {...base, outcome: 'no-data', seen: 'not compared', reason: 'candidate and legacy were not compared'};
  const compared = parity.conservation.compared;
  if (!(compared > 0) || !(parity.outputs > 0)) {
    return {...base, outcome: 'no-data', seen: `${plainCount(parity.outputs)} outputs`, reason: 'no output was compared, so there is nothing that could have matched'};
  }
  if (!(parity.matched > 0) && breakingCount(parity) === 0) {
    return {...base, outcome: 'inconclusive', seen: `${plainCount(parity.outputs)} outputs`, reason: 'no output matched and none is listed as different: the comparison contradicts itself'};
  }
  const findings = weighFields(context, parity);
  const brokenFields = findings.filter((finding) => finding.standing === 'broken');
  const openFields = findings.filter((finding) => finding.standing === 'open');
  const brokenCount = total(brokenFields);
  const openCount = total(openFields);
  const seen = describeSeen(parity, brokenCount, openCount);
  if (!(brokenCount <= allowed)) return {...base, outcome: 'fail', seen, reason: `${plainCount(brokenCount)} differences: ${listed(brokenFields)}`};
  if (!(brokenCount + openCount <= allowed)) return {...base, outcome: 'inconclusive', seen, reason: `cannot be told from the legacy's own noise: ${listed(openFields)}`};
  const excused = total(findings.filter((finding) => finding.standing === 'excused'));
  const rest = excused === 0 ? '' : `; ${plainCount(excused)} differences in noisy fields are no more than the legacy's own`;
  return {...base, outcome: 'pass', seen, reason: `${plainCount(parity.matched)} of ${plainCount(parity.outputs)} outputs match${rest}`};
}

/** State digests at barriers; a gate only where the lanes offer digests. */
export function stateGates({evidence}: GateContext): readonly GateDraft[] {
  const checks = evidence.parity?.stateChecks;
  if (checks === undefined || checks.equal + checks.unequal === 0) return [];
  const base = {id: 'parity.state', group: 'parity', demanded: true, limit: 'every state digest equal', seen: `${plainCount(checks.equal)} equal, ${plainCount(checks.unequal)} unequal`} as const;
  if (checks.unequal === 0 && checks.equal > 0) return [{...base, outcome: 'pass', reason: `${plainPlural(checks.equal, 'state digest')} at barriers agree`}];
  const floorUnequal = evidence.floor?.stateChecks.unequal ?? 0;
  if (floorUnequal > 0) {
    return [{...base, outcome: 'inconclusive', reason: `the legacy's digest differs from its own twin's ${plainCount(floorUnequal)} times, so unequal digests of the candidate prove nothing`}];
  }
  const first = checks.firstUnequalSeq === null ? '' : `, first at input ${plainCount(checks.firstUnequalSeq)}`;
  return [{...base, outcome: 'fail', reason: `${plainPlural(checks.unequal, 'state digest')} differ${first}: the systems disagree about their state even where outputs match`}];
}

function describeSeen(parity: ParityEvidence, brokenCount: number, openCount: number): string {
  const benign = BENIGN_CLASSES.map((name) => [name, parity.byClass[name] ?? 0] as const).filter(([, count]) => count > 0);
  const parts = [`${plainCount(brokenCount)} in ${plainPlural(parity.outputs, 'output')}`];
  if (openCount > 0) parts.push(`${plainCount(openCount)} undecided`);
  for (const [name, count] of benign) parts.push(`${plainCount(count)} ${name} (does not count)`);
  return parts.join(', ');
}

function total(findings: readonly FieldFinding[]): number {
  return findings.reduce((sum, finding) => sum + finding.mismatches, 0);
}

function listed(findings: readonly FieldFinding[]): string {
  const sorted = [...findings].sort((a, b) => b.mismatches - a.mismatches);
  const whys = new Set(sorted.map(({why}) => why));
  // one reason that holds for all is said once
  const common = whys.size === 1 ? [...whys][0] ?? null : null;
  const shown = sorted.slice(0, FIELDS_SHOWN).map((finding) => `${plainCount(finding.mismatches)} x ${finding.name}${common === null ? ` (${finding.why})` : ''}`);
  const rest = sorted.length - shown.length;
  return `${shown.join('; ')}${rest > 0 ? `; and ${plainPlural(rest, 'more field')}` : ''}${common === null ? '' : ` (${common})`}`;
}
