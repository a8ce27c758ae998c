import type {Divergence} from '@tandem/contract';
import type {OpenGroup} from '../divergence-groups.ts';
import type {LaneWords} from './number-titles.ts';

const LAW_EXAMPLES_MIN = 3;

/** The wrong value is the right one of the time before, or of another field. */
export function sequenceTitle(group: OpenGroup, groups: readonly OpenGroup[], words: LaneWords): string | null {
  return swappedTitle(group, groups) ?? staleTitle(group, words);
}

/** In the same outputs another field is wrong the other way round. */
function swappedTitle(group: OpenGroup, groups: readonly OpenGroup[]): string | null {
  for (const other of groups) {
    if (other === group || other.outputKind !== group.outputKind || other.path === group.path) continue;
    const partners = new Map(other.examples.map((example) => [placeOf(example), example]));
    let exchanged = 0;
    let met = 0;
    for (const example of group.examples) {
      const partner = partners.get(placeOf(example));
      if (partner === undefined) continue;
      met += 1;
      if (example.expected !== null && example.expected === partner.actual && example.actual === partner.expected) exchanged += 1;
    }
    if (met > 0 && exchanged === met) return `swapped with ${other.path}`;
  }
  return null;
}

/** Each wrong value is the expected one of the example before, in its partition. */
function staleTitle(group: OpenGroup, {actual}: LaneWords): string | null {
  const latest = new Map<string, string | null>();
  let followed = 0;
  let stale = 0;
  for (const example of group.examples) {
    const before = latest.get(example.partition);
    if (before !== undefined) {
      followed += 1;
      if (before === example.actual) stale += 1;
    }
    latest.set(example.partition, example.expected);
  }
  return followed >= LAW_EXAMPLES_MIN && stale * 10 >= followed * 9 ? `${actual} is one step behind: it shows the value before` : null;
}

function placeOf({inputSeq, partition, ordinal}: Divergence): string {
  return `${String(inputSeq)} ${String(ordinal)} ${partition}`;
}
