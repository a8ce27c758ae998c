import type {RedactPlan} from '@tandem/contract';
import {z} from 'zod';

const path = z.string().regex(/^(?:(\/[^/]+)+|frame:\d{1,2})$/, 'expected a path such as "/account", "/client/**" or "frame:0"');
const group = z.string().min(1).max(80);

/** Listed fields, or everything but some. */
export const redactSchema = z.union([
  z.array(z.union([path.transform((one) => ({path: one, group: null})), z.strictObject({path, group})])).min(1).max(1000).transform((fields): RedactPlan => ({mode: 'listed', fields, keep: []})),
  z.strictObject({kind: z.literal('all-but'), keep: z.array(path).max(1000), groups: z.record(path, group)})
    .transform(({keep, groups}): RedactPlan => ({mode: 'all-but', keep, fields: Object.entries(groups).map(([one, name]) => ({path: one, group: name}))})),
]);
