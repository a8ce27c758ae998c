import {EXIT_CODE} from '@tandem/contract';
import {claimTable, chooseClaims, runClaims} from '../claims/run-claims.ts';
import {ALL_CLAIMS} from '../claims/all-claims.ts';

export interface ClaimsRequest {
  readonly areas: readonly string[];
  readonly only?: string;
  readonly list: boolean;
  readonly seed: number;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly print: (line: string) => void;
  readonly printJson: (document: unknown) => void;
}

/** Exit 0 when all that was asked for hold; what this machine cannot measure is said and does not count as holding. */
export const claimsWork = async (request: ClaimsRequest): Promise<number> => {
  const chosen = chooseClaims(ALL_CLAIMS, request.areas, request.only);
  if (request.list) {
    for (const {id, goal, unit, claim} of chosen) request.print(`${id.padEnd(28)} ${goal} ${unit}  ${claim}`);
    if (request.json) request.printJson(chosen.map(({id, area, claim, unit, goal}) => ({id, area, claim, unit, goal})));
    return EXIT_CODE.pass;
  }
  const results = await runClaims(chosen, {seed: request.seed, say: request.say, signal: request.signal}, () => performance.now());
  if (request.json) request.printJson(results);
  else request.print(claimTable(results));
  return results.length === chosen.length && results.every(({holds}) => holds === true) ? EXIT_CODE.pass : EXIT_CODE.fail;
};
