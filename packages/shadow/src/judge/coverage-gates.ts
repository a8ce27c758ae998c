import type {GateContext, GateDraft} from './judge-input.ts';
import {plainCount} from './plain-figures.ts';

/** Cells of the declared input space; a gate only where cells are declared. */
export function coverageGates({evidence}: GateContext): readonly GateDraft[] {
  const coverage = evidence.coverage;
  if (coverage === null) return [];
  const missing = new Set([...coverage.missing, ...coverage.cells.filter((cell) => !(cell.seen > 0)).map((cell) => cell.name)]);
  const names = new Set([...coverage.cells.map((cell) => cell.name), ...coverage.missing]);
  if (names.size === 0) return [];
  const base = {
    id: 'coverage.cells', group: 'coverage', demanded: true, limit: `all ${plainCount(names.size)} declared cells`,
    seen: `${plainCount(names.size - missing.size)} of ${plainCount(names.size)}`,
  } as const;
  if (missing.size > 0) return [{...base, outcome: 'inconclusive', reason: `never exercised: ${[...missing].join(', ')}; what did not happen is not proven`}];
  return [{...base, outcome: 'pass', reason: 'every declared cell was exercised'}];
}
