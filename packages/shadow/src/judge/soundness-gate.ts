import type {GateContext, GateDraft} from './judge-input.ts';
import {plainCount} from './plain-figures.ts';

/** What may be null: "not offered", never "lost". Everything else that is null was NaN or Infinity before it became JSON. */
const NULLABLE: ReadonlySet<string> = new Set([
  'parity', 'floor', 'paired', 'noise', 'coverage', 'collector', 'pssBytes', 'pssBytesMax', 'rssSlopeBytesPerHour', 'runQueueWaitShare', 'loopDelayMaxMs',
  'exitCode', 'signal', 'ratePerSecond', 'stealShare', 'firstUnequalSeq', 'cores',
]);
const SIGNED: ReadonlySet<string> = new Set(['rssSlopeBytesPerHour', 'exitCode', 'remainder']);
const DEPTH_MAX = 8;
const PATHS_SHOWN = 5;

/** Is every figure of the evidence a figure? Comparing with something else would quietly be true or false. */
export function soundnessGate({evidence}: GateContext): GateDraft {
  const paths = unsoundPaths(evidence, '', 0);
  const base = {id: 'evidence.sound', group: 'evidence', demanded: true, limit: 'every figure a finite number'} as const;
  if (paths.length === 0) return {...base, outcome: 'pass', seen: 'sound', reason: 'every figure is a finite number'};
  const shown = paths.slice(0, PATHS_SHOWN).join(', ') + (paths.length > PATHS_SHOWN ? ', ...' : '');
  return {...base, outcome: 'harness-loss', seen: `${plainCount(paths.length)} not sound`, reason: `not a number, null or negative where that means nothing: ${shown}`};
}

function unsoundPaths(value: unknown, path: string, depth: number): readonly string[] {
  const key = path.slice(path.lastIndexOf('/') + 1);
  if (typeof value === 'number') return Number.isFinite(value) && (value >= 0 || SIGNED.has(key)) ? [] : [path];
  if (value === null) return NULLABLE.has(key) || isOpenEnd(path) ? [] : [path];
  if (typeof value !== 'object' || key === 'examples' || depth > DEPTH_MAX) return [];
  return Object.entries(value).flatMap(([name, member]) => unsoundPaths(member, `${path}/${name}`, depth + 1));
}

/** The upper end of a quantile's interval. */
function isOpenEnd(path: string): boolean {
  return /\/intervalsNs\/[^/]+\/1$/.test(path);
}
