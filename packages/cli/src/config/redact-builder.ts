/** A field to hide; fields of one group keep being equal to each other. */
export type RedactConfig = readonly (string | {readonly path: string; readonly group: string})[] | AllButConfig;

export interface AllButConfig {
  readonly kind: 'all-but';
  readonly keep: readonly string[];
  readonly groups: Readonly<Record<string, string>>;
}

/** Every text and number is hidden but those at these paths; `groups` says which hidden fields belong together: `{'/orderId': 'order', '/origOrderId': 'order'}` */
export const allBut = (keep: readonly string[], {groups = {}}: {groups?: Readonly<Record<string, string>>} = {}): AllButConfig => ({kind: 'all-but', keep, groups});
