import {relative} from 'node:path';
import {TandemError} from '@tandem/contract';
import type {LoadedConfig} from '../config/load-config.ts';

/** One of the systems speaks the protocol of this repository's order path. */
export const speaksExample = ({config}: LoadedConfig): boolean =>
  [config.legacy, config.candidate].some(({runtime, script}) => (runtime === 'engine' && script === 'order') || /(^|\/)order_path(_tuned)?\.py$/.test(script));

/**
 * Seeded traffic is for the order path; other systems get what was recorded from them, and nothing else.
 * @throws TandemError TDM-E117
 */
export const refuseExampleTraffic = (loaded: LoadedConfig, capture: string | null): void => {
  if (capture !== null || speaksExample(loaded)) return;
  throw new TandemError({id: 'TDM-E117', kind: 'usage', what: 'there are no messages for these systems', where: relative(process.cwd(), loaded.file), seen: 'without --capture the orders of the example would be sent, which only its order path understands',
    fix: 'add: --capture <folder that tandem record made>'});
};
