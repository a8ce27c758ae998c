import {TandemError, type CauseSelector, type ErrorDetail, type Migration} from '@tandem/contract';
import type {SessionInputs, SessionOutcome} from '@tandem/shadow';
import {nearestName} from '../config/nearest-name.ts';

const LOOKED_AT_MAX = 200;
const FIELDS_SHOWN = 12;

/**
 * Looks at the first inputs of a capture before anything is started: when not one of them can be paired, the pointer is wrong.
 * @throws TandemError TDM-E118
 */
export const refuseUnpairable = async ({cause, codec, configFile}: Migration, inputs: SessionInputs, signal: AbortSignal): Promise<void> => {
  if (codec !== 'json' || cause.input === null) return;
  // a log that cannot be read is told by the run itself, which keeps what it read until then
  const seen = await firstMessages(inputs, signal).catch(() => []);
  const [first] = seen;
  if (first === undefined || seen.some((message) => isId(valueAt(message, cause.input as string), cause))) return;
  throw new TandemError({id: 'TDM-E118', kind: 'usage', what: `none of the first ${seen.length} inputs can be paired by ${cause.input}`, where: configFile, ...whyNot(first, cause.input, cause)});
};

/** The first messages that are JSON: an odd one says nothing about the pointer. */
const firstMessages = async (inputs: SessionInputs, signal: AbortSignal): Promise<unknown[]> => {
  const messages: unknown[] = [];
  for await (const batch of inputs.open(signal)) {
    messages.push(...batch.map(({payload}) => parsed(Buffer.from(payload).toString('utf8'))).filter((value) => value !== undefined));
    if (messages.length >= LOOKED_AT_MAX) break;
  }
  return messages;
};

/** Said after a run in which no output found its input; null when some did, or when that has another reason. */
export const unpairedOutputs = ({cause, codec, configFile}: Migration, {evidence: {parity}}: SessionOutcome): ErrorDetail | null => {
  if (parity === null || codec !== 'json' || parity.outputs === 0 || parity.matched > 0 || parity.groups.some(({path}) => path !== '')) return null; // a field differs only in what was paired
  const texts = parity.groups.flatMap(({examples}) => examples.map(({expected, actual}) => parsed(expected ?? actual ?? ''))).filter((value) => value !== undefined);
  if (texts.length === 0 || texts.some((value) => isId(valueAt(value, cause.output), cause))) return null;
  return {id: 'TDM-E119', kind: 'usage', what: `no output can be paired by ${cause.output}, so nothing was compared`, where: configFile, ...whyNot(texts[0], cause.output, cause)};
};

const isId = (value: unknown, {kind}: CauseSelector): boolean => (kind === 'sequence' ? Number.isSafeInteger(value) && (value as number) >= 0 : typeof value === 'string' || typeof value === 'number');

const whyNot = (message: unknown, pointer: string, {kind}: CauseSelector): Pick<ErrorDetail, 'seen' | 'likely' | 'fix'> => {
  const value = valueAt(message, pointer);
  const fields = message !== null && typeof message === 'object' ? Object.keys(message) : [];
  const near = nearestName(pointer.slice(1), fields);
  if (value === undefined) {
    return {seen: fields.length === 0 ? 'the message is no object' : `its fields are /${fields.slice(0, FIELDS_SHOWN).join(' /')}`, ...(near === null ? {} : {likely: `/${near} is meant`}), fix: 'correct the pointer in match'};
  }
  const shown = `${pointer} holds ${JSON.stringify(value).slice(0, 80)}`;
  return kind === 'sequence' ? {seen: shown, likely: 'match.cause counts: it needs a whole number that rises with every input', fix: "for ids write match: {by: {input: '/id', output: '/replyTo'}}"}
    : {seen: shown, likely: 'match.by needs a text or a number', fix: 'correct the pointer in match'};
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const valueAt = (value: unknown, pointer: string): unknown => {
  let here = value;
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
};
