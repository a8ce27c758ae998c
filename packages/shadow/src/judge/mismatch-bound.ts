import {lnBeta} from './log-beta.ts';

const LN_PI = Math.log(Math.PI);
const BISECTION_STEPS = 200;

/**
 * Upper bound of a mismatch rate after `mismatches` in `messages`, 1 - alpha, valid at every look.
 * While none was seen: ln(1/alpha) / messages. Later: the upper end of a beta-mixture confidence sequence.
 * Null when nothing was compared.
 */
export function mismatchRateBelow(mismatches: number, messages: number, alpha = 0.05): number | null {
  if (!(messages > 0) || !(mismatches >= 0)) return null;
  if (mismatches >= messages) return 1;
  if (mismatches === 0) return Math.min(1, Math.log(1 / alpha) / messages);
  const limit = Math.log(1 / alpha);
  const lnMixture = lnBeta(mismatches + 0.5, messages - mismatches + 0.5) - LN_PI;
  let low = mismatches / messages;
  let high = 1;
  for (let step = 0; step < BISECTION_STEPS; step++) {
    const rate = (low + high) / 2;
    if (rate === low || rate === high) break;
    const lnRatio = lnMixture - mismatches * Math.log(rate) - (messages - mismatches) * Math.log1p(-rate);
    if (lnRatio >= limit) high = rate;
    else low = rate;
  }
  return high;
}
