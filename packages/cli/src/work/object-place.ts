import {TandemError} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {textFlag, type WorkContext} from './work-context.ts';

/** The store that `--store` names: `s3://bucket`, or a folder. Credentials come from where the S3 client usually finds them. */
export const storeOf = async (context: WorkContext, place: string): Promise<Awaited<ReturnType<Awaited<ReturnType<typeof signalTools>>['s3Store']>>> => {
  const tools = await signalTools();
  const bucket = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(place)?.[1];
  if (bucket !== undefined) return await tools.s3Store({bucket, endpoint: textFlag(context, 'endpoint'), region: textFlag(context, 'region') ?? 'us-east-1', credentials: null});
  if (/^\w+:\/\//.test(place)) throw new TandemError({id: 'TDM-E104', kind: 'usage', what: '--store is not understood', seen: `"${place}"`, fix: 'for example --store s3://signals, or a folder'});
  return tools.folderStore(place);
};
