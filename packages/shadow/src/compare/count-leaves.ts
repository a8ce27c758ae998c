import {JsonObject} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';

/** Scalars and empty containers in a value; 0 for an absent one. */
export function countLeaves(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  const pending: JsonValue[] = [value];
  let leaves = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const members = next instanceof JsonObject ? next.values : Array.isArray(next) ? (next as readonly JsonValue[]) : null;
    if (members === null || members.length === 0) leaves += 1;
    else for (const member of members) pending.push(member);
  }
  return leaves;
}
