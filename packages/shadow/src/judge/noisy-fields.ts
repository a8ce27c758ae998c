import type {PairedField, ParityEvidence} from '@tandem/contract';
import {BENIGN_CLASSES} from '@tandem/contract';
import {classifyField, triplesToSettle} from './classes.ts';
import {lnPairedOneSided, oddSharesBelow} from './e-values.ts';
import type {GateContext} from './judge-input.ts';
import {plainCount, plainRatio, plainShare} from './plain-figures.ts';

/** What a field with differences means for parity. */
export interface FieldFinding {
  readonly name: string;
  readonly mismatches: number;
  /** `broken`: counts against the limit. `excused`: shown to be no worse than the legacy's own noise. `open`: cannot be said */
  readonly standing: 'broken' | 'excused' | 'open';
  readonly why: string;
}

interface FieldCounts {
  readonly outputKind: string;
  readonly path: string;
  readonly mismatches: number;
}

/**
 * Sorts the fields in which candidate and legacy differ by what the twin says about them.
 * Without a twin every field counts as deterministic: nothing excuses a difference.
 */
export function weighFields(context: GateContext, parity: ParityEvidence): readonly FieldFinding[] {
  const {evidence, thresholds} = context;
  const fields = countFields(parity);
  const floor = evidence.floor;
  if (floor === null || !(floor.conservation.compared > 0)) {
    return [...fields.values()].map((field) => broken(field, 'no twin ran, so nothing excuses a difference'));
  }
  const noise = countFields(floor);
  const family = Math.max(thresholds.familyFieldsMin, new Set([...fields.keys(), ...noise.keys()]).size);
  const lnLimit = Math.log(family / thresholds.alpha);
  const findings: FieldFinding[] = [];
  for (const [key, field] of fields) {
    const own = noise.get(key)?.mismatches ?? 0;
    const paired = evidence.paired?.find((entry) => keyOf(entry) === key) ?? null;
    if (own === 0) findings.push(weighClean({context, field, compared: comparedOf(paired, floor.conservation.compared), paired, lnLimit}));
    else findings.push(weighNoisy({context, field, own, paired, lnLimit}));
  }
  return findings;
}

/** Differences per (kind, path), benign classes left out; what the groups do not cover (capped lists) is one nameless field. */
function countFields(parity: ParityEvidence): ReadonlyMap<string, FieldCounts> {
  const fields = new Map<string, FieldCounts>();
  let grouped = 0;
  for (const group of parity.groups) {
    if (BENIGN_CLASSES.includes(group.class)) continue;
    grouped += group.count;
    const key = keyOf(group);
    fields.set(key, {outputKind: group.outputKind, path: group.path, mismatches: (fields.get(key)?.mismatches ?? 0) + group.count});
  }
  const rest = breakingCount(parity) - grouped;
  // Written so that a count that is not a number lands here and can never pass.
  if (!(rest <= 0)) fields.set('\n', {outputKind: '', path: '(not in any listed group)', mismatches: rest});
  return fields;
}

/** All differences that are not of a benign class. */
export function breakingCount(parity: ParityEvidence): number {
  let count = 0;
  for (const [name, value] of Object.entries(parity.byClass)) {
    if (!BENIGN_CLASSES.some((benign) => benign === name)) count += value;
  }
  return count;
}

function keyOf(field: {readonly outputKind: string; readonly path: string}): string {
  return `${field.outputKind}\n${field.path}`;
}

function nameOf(field: FieldCounts): string {
  const path = field.path === '' ? 'whole output' : field.path;
  return field.outputKind === '' ? path : `${path} of kind ${field.outputKind}`;
}

function broken(field: FieldCounts, why: string): FieldFinding {
  return {name: nameOf(field), mismatches: field.mismatches, standing: 'broken', why};
}

/** Triples that say something about the field; one that neither legacy nor twin ever had is absent from all of them. */
function comparedOf(paired: PairedField | null, compared: number): number {
  return paired === null || paired.compared === 0 ? compared : Math.min(paired.compared, compared);
}

function weighClean(input: {context: GateContext; field: FieldCounts; compared: number; paired: PairedField | null; lnLimit: number}): FieldFinding {
  const {context, field, compared, paired, lnLimit} = input;
  const needed = triplesToSettle(context.thresholds.settleRate, context.thresholds.alpha);
  const settled = classifyField({compared, twinDiffers: 0}, needed) === 'deterministic';
  const clean = `the legacy never differed from its twin here in ${plainCount(compared)} messages`;
  if (settled) return broken(field, clean);
  if (lnPairedOneSided(paired?.onlyCandidate ?? field.mismatches, 0) >= lnLimit) return broken(field, `${clean}, which chance does not explain`);
  return {
    name: nameOf(field), mismatches: field.mismatches, standing: 'open',
    why: `${clean}; ${plainCount(needed)} are needed before a first difference can be told from rare noise; a replay of its input alone shows whether it comes again`,
  };
}

function weighNoisy(input: {context: GateContext; field: FieldCounts; own: number; paired: PairedField | null; lnLimit: number}): FieldFinding {
  const {context, field, own, paired, lnLimit} = input;
  const onlyCandidate = paired?.onlyCandidate ?? field.mismatches;
  const onlyTwin = paired?.onlyTwin ?? own;
  const noisy = `the legacy differs from its own twin here too (${plainCount(own)} times, the candidate ${plainCount(field.mismatches)})`;
  const lnValue = lnPairedOneSided(onlyCandidate, onlyTwin);
  if (lnValue >= lnLimit) {
    return broken(field, `${noisy}, but the candidate far more often: e-value 10^${plainRatio(lnValue / Math.LN10)}, 10^${plainRatio(lnLimit / Math.LN10)} suffices`);
  }
  const open = (why: string): FieldFinding => ({name: nameOf(field), mismatches: field.mismatches, standing: 'open', why});
  if (paired === null) return open(`${noisy}; without counts per triple it cannot be shown that the candidate is no worse`);
  if (classifyField({compared: paired.compared, twinDiffers: own}, 1) === 'opaque') {
    return open(`${noisy}, in ${plainCount(own)} of ${plainCount(paired.compared)} comparisons: comparing it says nothing, so it is not verified; it needs a rule or a waiver`);
  }
  if (!(paired.unpaired === 0)) return open(`${noisy}; for ${plainCount(paired.unpaired)} differences of the candidate the twin's answer is not known`);
  const share = oddSharesBelow(onlyCandidate, onlyTwin, context.thresholds.alpha);
  const {oddShareMax} = context.thresholds;
  if (share > oddShareMax) return open(`${noisy}; the candidate is the odd one in up to ${plainShare(share)} of differences, ${plainShare(oddShareMax)} must be excluded: more messages are needed`);
  return {
    name: nameOf(field), mismatches: field.mismatches, standing: 'excused',
    why: `${noisy}; the candidate is the odd one in at most ${plainShare(share)} of differences, as good as the legacy against itself`,
  };
}
