import {lnBeta, lnIncompleteBeta} from './log-beta.ts';

const LN_PI = Math.log(Math.PI);

/**
 * Log e-value against "candidate and twin are equally often the odd one", two-sided.
 * `onlyCandidate` (b) and `onlyTwin` (c) count discordant triples. Not an e-value for a candidate that differs *less* often.
 */
export function lnPairedTwoSided(onlyCandidate: number, onlyTwin: number): number {
  return (onlyCandidate + onlyTwin) * Math.LN2 + lnBeta(onlyCandidate + 0.5, onlyTwin + 0.5) - LN_PI;
}

/**
 * Log e-value against "given discordance, the candidate is the odd one with probability <= 1/2".
 * A supermartingale: it may be read after every message, and crosses 1/alpha with probability <= alpha, ever.
 * It falls when a pair (one more of each) is added, so counts that still contain triples in which *both* differ give a lower bound.
 */
export function lnPairedOneSided(onlyCandidate: number, onlyTwin: number): number {
  const {lnLower} = lnIncompleteBeta(0.5, onlyTwin + 0.5, onlyCandidate + 0.5);
  return Math.LN2 + lnLower + lnPairedTwoSided(onlyCandidate, onlyTwin);
}

/**
 * e-BH: which of K hypotheses to reject so that the share of false rejections stays <= alpha under any dependence.
 * Takes current values at one common look (a running maximum is not an e-value). Returns the indices, strongest first.
 */
export function rejectByEvidence(lnValues: readonly number[], alpha: number): readonly number[] {
  const order = lnValues.map((_, index) => index).sort((x, y) => (lnValues[y] ?? 0) - (lnValues[x] ?? 0));
  let accepted = 0;
  for (let k = 1; k <= order.length; k++) {
    const value = lnValues[order[k - 1] ?? 0] ?? -Infinity;
    if (value >= Math.log(order.length / (alpha * k))) accepted = k;
  }
  return order.slice(0, accepted);
}

/**
 * Upper end of the 1 - alpha confidence sequence for P(candidate is the odd one | discordance); 1 when nothing is known.
 */
export function oddSharesBelow(onlyCandidate: number, onlyTwin: number, alpha: number): number {
  const discordant = onlyCandidate + onlyTwin;
  if (discordant === 0) return 1;
  const lnMixture = lnBeta(onlyCandidate + 0.5, onlyTwin + 0.5) - LN_PI;
  const limit = Math.log(1 / alpha);
  let low = onlyCandidate / discordant;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const excluded = lnMixture - onlyCandidate * Math.log(middle) - onlyTwin * Math.log1p(-middle) >= limit;
    if (excluded) high = middle;
    else low = middle;
  }
  return high;
}
