import {TandemError, type ErrorDetail, type InputSpec, type PayloadCodec} from '@tandem/contract';
import {inputCodec, inputSpecs} from '../session-plan.ts';
import {migrationToRun} from './default-migration.ts';
import {switchFlag, textFlag, type WorkContext} from './work-context.ts';

/** What is tapped, and what reads its payloads. */
export interface LiveInputs {
  readonly inputs: readonly InputSpec[];
  readonly codec: PayloadCodec | null;
}

/** The one input that the flags describe, or those of the migration file. */
export const liveInputs = async (context: WorkContext): Promise<LiveInputs> => {
  const [endpoint, listen, upstream, pattern] = ['endpoint', 'listen', 'upstream', 'pattern'].map((name) => textFlag(context, name));
  if ([endpoint, listen, upstream, pattern].some((given) => given !== null && given !== undefined)) return {inputs: [inputOfFlags(context)], codec: null};
  const {config, file} = await migrationToRun(textFlag(context, 'config'));
  return {inputs: inputSpecs(config, file), codec: inputCodec(config.codec)};
};

const inputOfFlags = (context: WorkContext): InputSpec => {
  const refuse = (what: string, seen: string, fix: string): TandemError => new TandemError({id: 'TDM-E106', kind: 'usage', what, seen, fix});
  const endpoint = textFlag(context, 'endpoint'), listen = textFlag(context, 'listen'), upstream = textFlag(context, 'upstream');
  const sequence = textFlag(context, 'sequence'), serverKey = textFlag(context, 'server-key'), keyFile = textFlag(context, 'key-file');
  const pattern = (textFlag(context, 'pattern') ?? 'pub-sub') as InputSpec['pattern'];
  const real = upstream ?? endpoint;
  if (upstream !== null && endpoint !== null) throw refuse('--endpoint and --upstream name the same thing', `${endpoint} and ${upstream}`, 'give --upstream with --listen, and --endpoint without it');
  if (real === null) throw refuse('the real endpoint is missing', listen === null ? '--pattern alone' : `--listen ${listen}`, 'add --upstream with the endpoint on which the live system listens; with a migration file leave these flags out and write {listen} there');
  if (upstream !== null && listen === null) throw refuse('the place of the tap is missing', `--upstream ${upstream}`, 'add --listen with the endpoint to which live peers will connect');
  return {
    stream: 'input', pattern, endpoint: real, topics: (context.flags['topic'] as string[] | undefined) ?? [''], ...(listen === null ? {} : {listen}), ...(sequence === null ? {} : {sequence}),
    ...(switchFlag(context, 'no-drop') ? {noDrop: true} : {}), ...(serverKey === null ? {} : {curve: {serverKey, ...(keyFile === null ? {} : {keyFile})}}),
  };
};

/** The inputs as one text. */
export const inputNames = (inputs: readonly InputSpec[]): string => inputs.map(({endpoint, listen}) => (listen === undefined ? endpoint : `${listen} -> ${endpoint}`)).join(', ');

/** The notice of a silent tap with the flag that belongs to it here. */
export const withTopicAdvice = (silence: ErrorDetail, inputs: readonly InputSpec[]): ErrorDetail => {
  const [input] = inputs;
  if (input === undefined || input.listen !== undefined || !(silence.seen ?? '').includes('handshake done') || (silence.seen ?? '').includes('subscribed to everything')) return silence;
  const all = input.topics.length === 0 || input.topics.includes('');
  return {...silence, likely: all ? 'nothing is published at this time' : 'no message starts with these topics, or nothing is published at this time',
    fix: all ? 'look at the publisher; to wait for it, leave out --for or give it more time' : `tandem record --endpoint ${input.endpoint} --topic "" shows all that is published`};
};
