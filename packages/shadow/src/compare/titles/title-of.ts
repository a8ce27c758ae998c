import type {ComparedPair} from '@tandem/contract';
import type {OpenGroup} from '../divergence-groups.ts';

/** A sentence that says what the differences of a group have in common. */
export function titleOf(group: OpenGroup, pair: ComparedPair): string {
  return `${group.class} ${group.path} ${group.shape} ${pair.actual}`;
}
