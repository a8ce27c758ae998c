/** One field that is hidden. */
export interface RedactField {
  /** JSON pointer of the payload with `*` for one segment and `**` for any number; or `frame:<n>`, a frame before the payload as a whole */
  readonly path: string;
  /** values of fields of one link group keep being equal to each other; null: each path is its own group */
  readonly group: string | null;
}

/**
 * What is hidden before a message reaches a disk. Hidden values become tags that are equal when the values are, so that comparing goes on.
 * Whatever looks like a credential is hidden wherever it stands.
 */
export interface RedactPlan {
  /** `listed`: the fields named. `all-but`: every text and number, unless `keep` names it */
  readonly mode: 'listed' | 'all-but';
  /** of `all-but`: only their groups count */
  readonly fields: readonly RedactField[];
  /** paths whose values stay as they are; numbers that are compared with a tolerance have to be among them */
  readonly keep: readonly string[];
}
