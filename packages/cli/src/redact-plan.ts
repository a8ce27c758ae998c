import {TandemError, type RedactPlan} from '@tandem/contract';
import {hidesPath} from '@tandem/shadow';
import type {CheckedConfig} from './config/config-schema.ts';
import {unreachable} from './redact-paths.ts';

const TOLERANT = new Set(['absolute', 'relative', 'ulp', 'decimal', 'ticks']);

/**
 * What a capture by this migration hides; undefined: nothing. Numbers that are needed as numbers stay: the cause that counts, and what is
 * compared with a tolerance.
 * @throws TandemError TDM-E110 when the migration asks for what cannot be
 */
export const redactPlanOf = (config: CheckedConfig, where: string): RedactPlan | undefined => {
  const {redact} = config;
  if (redact === undefined) return undefined;
  const refuse = (what: string, seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E110', kind: 'usage', what, where, seen, fix});
  const absent = redact.fields.find(({path}) => unreachable(path, config.codec.input) && unreachable(path, config.codec.legacy));
  if (absent !== undefined) throw refuse(`redact names ${absent.path}, which these payloads cannot have`, `the inputs are ${config.codec.input.name}`, 'correct the path; text and raw payloads are one value, called /**');
  const numbers = [...(config.match.cause === undefined ? [] : [config.match.cause.input]), ...Object.entries(config.compare).filter(([, {rule}]) => TOLERANT.has(rule.kind)).map(([path]) => path)];
  if (redact.mode === 'all-but') return {...redact, keep: [...redact.keep, ...numbers]};
  const hidden = numbers.find((path) => hidesPath(redact, path));
  if (hidden !== undefined) throw refuse(`redact hides ${hidden}, which is needed as a number`, hidden === config.match.cause?.input ? 'match.cause counts by it' : 'its rule has a tolerance', 'take it out of redact, or compare it exactly');
  return redact;
};
