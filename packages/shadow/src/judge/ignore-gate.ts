import type {GateContext, GateDraft} from './judge-input.ts';
import {plainCount, plainShare} from './plain-figures.ts';

/** Ignore rules: within their share, not expired, and used. Ignored is not matched. */
export function ignoreGate({evidence, basis}: GateContext): GateDraft {
  const {maxIgnoredShare, ignores} = basis.waivers;
  const parity = evidence.parity;
  const fields = (parity?.fieldsCompared ?? 0) + (parity?.fieldsIgnored ?? 0);
  const share = fields === 0 ? 0 : (parity?.fieldsIgnored ?? 0) / fields;
  const base = {
    id: 'parity.ignored', group: 'parity', demanded: true, limit: `at most ${plainShare(maxIgnoredShare)} of fields, no expired rule`,
    seen: `${plainCount(parity?.fieldsIgnored ?? 0)} of ${plainCount(fields)} fields (${plainShare(share)}), ${plainCount(ignores.length)} rules`,
  } as const;
  const expired = ignores.filter((waiver) => !(waiver.expires >= basis.judgedOn));
  if (expired.length > 0) {
    const list = expired.map((waiver) => `${waiver.path} (${waiver.owner}: ${waiver.reason}; until ${waiver.expires})`).join(', ');
    return {...base, outcome: 'fail', reason: `expired before ${basis.judgedOn}: ${list}`};
  }
  if (!(share <= maxIgnoredShare)) return {...base, outcome: 'fail', reason: `${plainShare(share)} of the fields are ignored, more than ${plainShare(maxIgnoredShare)}: what is left proves too little`};
  if (parity === null || fields === 0) return {...base, outcome: ignores.length === 0 ? 'pass' : 'inconclusive', reason: 'no field was compared or ignored'};
  const unused = ignores.filter((waiver) => waiver.source !== null && !((parity.ruleHits[waiver.source] ?? 0) > 0));
  if (unused.length > 0) {
    const list = unused.map((waiver) => `${waiver.path}${waiver.source === null ? '' : ` (${waiver.source})`}`).join(', ');
    return {...base, outcome: 'inconclusive', reason: `matched nothing, so it is either wrong or untested: ${list}`};
  }
  return {...base, outcome: 'pass', reason: ignores.length === 0 ? 'nothing is ignored' : `${plainShare(share)} of the fields are ignored by ${plainCount(ignores.length)} rules, all in force and used`};
}
