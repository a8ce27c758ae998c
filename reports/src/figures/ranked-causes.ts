import {BENIGN_CLASSES} from '@tandem/contract';
import type {DivergenceGroup, ParityEvidence} from '@tandem/contract';

export const isBenign = (group: DivergenceGroup): boolean => BENIGN_CLASSES.includes(group.class);

/** A group that holds no root only follows from others: repair those and it may be gone. */
export const isFollowing = (group: DivergenceGroup): boolean => group.rootCount === 0;

/** Causes that break parity first, most roots first, then the biggest; ties by fingerprint, so that the order never changes. */
export const rankedCauses = (parity: ParityEvidence | null): readonly DivergenceGroup[] => [...(parity?.groups ?? [])].sort((a, b) =>
  Number(isBenign(a)) - Number(isBenign(b)) || b.rootCount - a.rootCount || b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1));

/** Findings by field, biggest first; the whole output is the path ``. */
export const byField = (parity: ParityEvidence): readonly (readonly [path: string, count: number])[] => {
  const counts = new Map<string, number>();
  for (const group of parity.groups) counts.set(group.path, (counts.get(group.path) ?? 0) + group.count);
  return [...counts].sort(([pathA, a], [pathB, b]) => b - a || (pathA < pathB ? -1 : 1));
};
