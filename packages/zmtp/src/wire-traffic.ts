import type {WireTraffic} from './wire-events.ts';

export const NO_TRAFFIC: WireTraffic = {
  bytes: 0, unsentBytes: 0, messages: 0, messageBytes: 0, observed: 0, truncated: 0, unobserved: 0, unaccepted: 0, subscriptions: 0, commands: 0,
  opaqueFrames: 0, opaqueBytes: 0, splicedBytes: 0,
};

export function addTraffic(one: WireTraffic, other: WireTraffic): WireTraffic {
  const sum: Record<keyof WireTraffic, number> = {...one};
  for (const name of Object.keys(NO_TRAFFIC) as (keyof WireTraffic)[]) sum[name] += other[name];
  return sum;
}
