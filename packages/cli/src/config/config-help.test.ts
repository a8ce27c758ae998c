import {describe, expect, it} from 'vitest';
import {configHelp} from './config-help.ts';
import {migrationSchema} from './config-schema.ts';

interface Wrapped {
  readonly shape?: Readonly<Record<string, Wrapped>>;
  readonly def?: {readonly innerType?: Wrapped; readonly in?: Wrapped; readonly valueType?: Wrapped};
}
/** names of all keys that a schema knows, through optional, default and refinement */
const keysOf = (schema: Wrapped | undefined, depth = 0): string[] => {
  if (schema === undefined || depth > 12) return [];
  const own = Object.entries(schema.shape ?? {}).flatMap(([name, inner]) => [name, ...keysOf(inner, depth + 1)]);
  return [...own, ...keysOf(schema.def?.innerType, depth + 1), ...keysOf(schema.def?.in, depth + 1), ...keysOf(schema.def?.valueType, depth + 1)];
};
/** what builders fill in, not people */
const BUILT = new Set(['kind', 'source', 'pattern', 'endpoint', 'runtime', 'script', 'rule']);

describe('help about the migration file', () => {
  it('names every key that the schema knows', () => {
    const keys = keysOf(migrationSchema as unknown as Wrapped).filter((key) => !BUILT.has(key));
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(configHelp))).toEqual([]);
  });
});
