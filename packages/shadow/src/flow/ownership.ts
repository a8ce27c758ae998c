import type {Owner, OwnershipRecord} from '@tandem/contract';

/** Who owns before any record says otherwise: the system that is live today. */
export const FIRST_OWNER: Owner = 'legacy';

/** A stretch of causes of one partition with one owner: from `fromSeq` to the next reign's `fromSeq`, exclusive. */
export interface Reign {
  readonly owner: Owner;
  readonly fromSeq: number;
  /** epoch of the record that began it; 0 for the first reign, which has no record */
  readonly epoch: number;
}

/** Owner of the effects of one input: that of the last record of the partition, in journal order, with `fromSeq <= causeSeq`. */
export function ownerOf(records: readonly OwnershipRecord[], partition: string, causeSeq: number): Owner {
  for (let index = records.length - 1; index >= 0; index -= 1) {
    const record = records[index];
    if (record !== undefined && record.partition === partition && record.fromSeq <= causeSeq) return record.owner;
  }
  return FIRST_OWNER;
}

/** The reigns of a partition without a record. */
export function firstReigns(): Reign[] {
  return [{owner: FIRST_OWNER, fromSeq: 0, epoch: 0}];
}

/**
 * Appends a reign in place. Reigns that would begin at or after it never take place: the later record wins, which is how a
 * way back that is written before the way forth took effect undoes it. Gives the same owners as `ownerOf` on the records.
 */
export function addReign(reigns: Reign[], reign: Reign): void {
  while (reigns.length > 0 && (reigns[reigns.length - 1] as Reign).fromSeq >= reign.fromSeq) reigns.pop();
  reigns.push(reign);
}

/** Index of the reign that covers a cause. */
export function reignAt(reigns: readonly Reign[], causeSeq: number): number {
  for (let index = reigns.length - 1; index > 0; index -= 1) {
    if ((reigns[index] as Reign).fromSeq <= causeSeq) return index;
  }
  return 0;
}
