import {TandemError} from '@tandem/contract';
import {nearestName} from '../config/nearest-name.ts';
import {CLAIM_AREAS, notHere, type Claim, type ClaimContext, type ClaimResult} from './claim.ts';

/** Chooses by area and id; a name that chooses nothing is an error, never an empty success. */
export const chooseClaims = (all: readonly Claim[], areas: readonly string[], only: string | undefined): readonly Claim[] => {
  const unknown = areas.find((area) => !(CLAIM_AREAS as readonly string[]).includes(area));
  if (unknown !== undefined) {
    const near = nearestName(unknown, CLAIM_AREAS);
    throw new TandemError({id: 'TDM-E111', kind: 'usage', what: `there is no area "${unknown}"`, ...(near === null ? {} : {likely: near}), fix: `choose from: ${CLAIM_AREAS.join(' ')}`});
  }
  const wanted = only?.split(',');
  const chosen = all.filter(({area, id}) => (areas.length === 0 || areas.includes(area)) && (wanted === undefined || wanted.includes(id)));
  if (chosen.length === 0 || chosen.length < (wanted?.length ?? 0)) {
    const ids = all.map(({id}) => id);
    const missing = wanted?.find((id) => !ids.includes(id)) ?? only;
    const near = missing === undefined ? null : nearestName(missing, ids);
    throw new TandemError({id: 'TDM-E112', kind: 'usage', what: only === undefined ? 'these areas hold no claim yet' : `there is no claim "${missing}" here`, ...(near === null ? {} : {likely: near}),
      fix: `claims: ${ids.join(' ')}`});
  }
  return chosen;
};

/** Measures one after the other; a measurement that fails is a claim that does not hold, with the failure as its condition. */
export const runClaims = async (claims: readonly Claim[], context: ClaimContext, nowMs: () => number): Promise<readonly ClaimResult[]> => {
  const results: ClaimResult[] = [];
  for (const claim of claims) {
    if (context.signal.aborted) break;
    const startedMs = nowMs();
    context.say(`measuring ${claim.id}: ${claim.claim} ...`);
    const {id, area, claim: text, unit, goal} = claim;
    let figure;
    try {
      figure = await claim.measure(context);
    } catch (error) {
      figure = {figure: null, holds: false, conditions: `failed: ${(error as Error).message}`};
    }
    // what was cut short would read as a defect: what was fed and not yet compared, for one
    if (context.signal.aborted) figure = notHere('stopped before it was measured');
    const result = {id, area, claim: text, figure: figure.figure, unit, goal, holds: figure.holds, conditions: figure.conditions, seconds: Math.round((nowMs() - startedMs) / 100) / 10};
    results.push(result);
    // a run takes minutes: who stops it early has at least what was measured
    context.say(claimTable([result]));
  }
  return results;
};

/** A row a claim, for people. */
export const claimTable = (results: readonly ClaimResult[]): string => {
  const figure = (value: number | null): string => (value === null ? '–' : Number.isInteger(value) ? value.toLocaleString('en-US') : value.toPrecision(3));
  const rows = results.map(({id, claim, figure: value, unit, goal, holds, conditions, seconds}) =>
    [holds === true ? 'ok' : holds === null ? '? ' : 'x ', id, `${figure(value)} ${unit}`, `goal ${goal}`, `${seconds} s`, `${claim} (${conditions})`] as const);
  const width = (at: number): number => Math.max(...rows.map((row) => (row[at] as string).length));
  return rows.map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(width(at)))).join('  ')).join('\n');
};
