import {setTimeout as sleep} from 'node:timers/promises';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {storeOf} from './object-place.ts';
import {switchFlag, textFlag, type WorkContext} from './work-context.ts';

const FOLLOW_MS = 500;

/** `tandem signals publish` */
export const publishWork = async (context: WorkContext, log: string): Promise<number> => {
  const tools = await signalTools();
  const store = await storeOf(context, textFlag(context, 'store') ?? '');
  const prefix = textFlag(context, 'as') ?? '';
  const isName = prefix !== '' && prefix.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isName) throw new TandemError({id: 'TDM-E104', kind: 'usage', what: '--as is no name within the store', seen: `"${prefix}"`, fix: 'for example --as desk/2026-11-29'});
  const once = async (): Promise<{written: number; present: number; isSealed: boolean}> => {
    const source = tools.fileSource(log);
    try {
      return {...await tools.publishLog(source, store, prefix), isSealed: new tools.LogVerifier(source, []).verify().isSealed};
    } finally {
      source.close();
    }
  };
  try {
    let state = await once();
    let written = state.written;
    while (switchFlag(context, 'follow') && !state.isSealed && !context.signal.aborted) {
      await sleep(FOLLOW_MS, null, {signal: context.signal}).catch(() => undefined);
      state = await once();
      written += state.written;
    }
    context.print(`published ${written} objects of ${written + state.present} below ${prefix}; ${state.isSealed ? 'the log is sealed' : 'the log is not sealed yet'}`);
    context.printJson({formatVersion: '1.0', log, prefix, written, isSealed: state.isSealed});
    return EXIT_CODE.pass;
  } finally {
    store.close();
  }
};
