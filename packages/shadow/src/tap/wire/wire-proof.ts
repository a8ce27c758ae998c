import type {WireEnd} from './wire-settings.ts';

/** Whether a log is complete, in words that can be checked. */
export interface CaptureProof {
  readonly complete: boolean;
  readonly text: string;
}

const count = (value: number): string => value.toLocaleString('en-US');

/**
 * Complete when octets taken = octets passed on = octets read, of every connection, and every message that was read is in the log.
 * Anything that is missing is named with its number.
 */
export const wireProof = (wires: readonly WireEnd[], {logged, limit, subscriptions}: {readonly logged: number; readonly limit: number | null; readonly subscriptions: boolean}): CaptureProof => {
  const sum = (value: (wire: WireEnd) => number): number => wires.reduce((total, wire) => total + value(wire), 0);
  const both = (field: keyof WireEnd['up']): number => sum(({up, down}) => up[field] + down[field]);
  const taken = both('bytes'), waiting = both('unsentBytes'), unread = both('splicedBytes') + both('opaqueBytes');
  const kept = sum(({seen}) => seen.input + seen.replies), copies = sum(({seen}) => seen.copies), lost = sum(({seen}) => seen.lost);
  const missing = [
    lost > 0 ? `${count(lost)} messages are not in the log, each within a stated gap` : '',
    both('splicedBytes') > 0 ? `${count(both('splicedBytes'))} octets passed while the tap looked at nothing` : '',
    both('opaqueBytes') > 0 ? `${count(both('opaqueBytes'))} octets are encrypted` : '',
    waiting > 0 ? `${count(waiting)} octets were taken and not passed on yet` : '',
    sum(({seen}) => seen.desync) > 0 ? `${sum(({seen}) => seen.desync)} connections could not be read to their end` : '',
    sum(({seen}) => seen.opaque) > 0 ? `${sum(({seen}) => seen.opaque)} connections could not be read` : '',
    subscriptions ? 'inputs without a wire tap are only as complete as their publisher\'s numbers show' : '',
  ].filter(Boolean);
  const octets = `${count(sum(({opened}) => opened))} connections, ${count(taken)} octets in, ${count(taken - waiting)} out, ${count(taken - unread)} read`;
  const messages = `${count(kept)} messages recorded${copies > 0 ? `, each publication once: ${count(copies)} more copies went to further subscribers` : ''}`;
  if (missing.length > 0) return {complete: false, text: `completeness unproven: ${missing.join('; ')} (${octets}; ${messages})`};
  if (limit !== null && logged >= limit) return {complete: true, text: `complete up to the limit: ${octets}; the first ${count(logged)} messages are in the log`};
  return {complete: !subscriptions, text: `complete: ${octets}; ${messages}`};
};
