import {TandemError} from '@tandem/contract';
import {textFlag, type WorkContext} from './work-context.ts';

/** A flag that is a decimal number from 0. @throws TandemError TDM-E104 */
export const decimalFlag = (context: WorkContext, name: string): number => {
  const text = textFlag(context, name) ?? '';
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < Infinity) return value;
  throw new TandemError({id: 'TDM-E104', kind: 'usage', what: `--${name} needs a number from 0`, seen: `"${text}"`, fix: `for example --${name} 0.5`});
};
