import {EXIT_CODE} from '@tandem/contract';
import {findObjectStorePython, findSignalsPython} from '../session-plan.ts';
import {switchFlag, type WorkContext} from './work-context.ts';

/** `tandem signals setup` */
export const setupWork = async (context: WorkContext): Promise<number> => {
  const say = (line: string): void => { context.progress.say(line); };
  const {path, version} = await findSignalsPython(say);
  context.print(`the signal legacies run on Python ${version} (${path})`);
  const store = switchFlag(context, 'object-store') ? await findObjectStorePython(say) : null;
  if (store !== null) context.print(`the local object store runs on ${store}`);
  context.printJson({formatVersion: '1.0', python: path, version, objectStorePython: store});
  return EXIT_CODE.pass;
};
