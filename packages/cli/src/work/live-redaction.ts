import type {Redaction} from '@tandem/shadow';
import {relative} from 'node:path';
import {keyFileOf, redactionKey} from '../redaction-key.ts';
import {redactPlanOf} from '../redact-plan.ts';
import {rewriterSource} from '../session-plan.ts';
import {migrationFile} from './default-migration.ts';
import {textFlag, type WorkContext} from './work-context.ts';

/** What the migration wants hidden before `artefacts` gets a message, ready for a capture; empty when it wants nothing. */
export const liveRedaction = async (context: WorkContext, artefacts: string): Promise<{redaction?: Redaction}> => {
  const {config, file} = await migrationFile(textFlag(context, 'config'));
  const plan = redactPlanOf(config, relative(process.cwd(), file));
  if (plan === undefined) return {};
  const keyFile = keyFileOf(config.name, process.env);
  const key = await redactionKey(keyFile, artefacts);
  context.progress.say(`hiding ${plan.mode === 'listed' ? `${plan.fields.length} fields` : `everything but ${plan.keep.length} fields`}; tags by the key ${keyFile}`);
  return {redaction: {plan, key, rewriters: rewriterSource(config.codec)}};
};
