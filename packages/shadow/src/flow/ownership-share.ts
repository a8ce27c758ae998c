const encoder = new TextEncoder();

/**
 * Where a partition stands in 0..1: FNV-1a (32 bit, over UTF-8) and then MurmurHash3's 32-bit finaliser, divided by 2^32.
 * FNV alone leaves names that differ in their last letter close together. The function is part of the format: changing it
 * would move partitions between owners.
 */
export function partitionPoint(partition: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(partition)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 0x1_0000_0000;
}

/**
 * The partitions that a stage covers: those with a point below `share`, but never none while there are any, since a stage
 * that exercises nothing proves nothing. Rising shares give rising sets.
 */
export function partitionsInShare(partitions: readonly string[], share: number): string[] {
  if (share <= 0 || partitions.length === 0) return [];
  const covered = partitions.filter((partition) => partitionPoint(partition) < share);
  if (covered.length > 0) return covered;
  const lowest = partitions.reduce((best, partition) => (isBefore(partition, best) ? partition : best));
  return [lowest];
}

function isBefore(left: string, right: string): boolean {
  const leftPoint = partitionPoint(left);
  const rightPoint = partitionPoint(right);
  return leftPoint < rightPoint || (leftPoint === rightPoint && left < right);
}
