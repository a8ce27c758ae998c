import {fileURLToPath} from 'node:url';

/** Path of the program that runs a hot path as a lane: `node <program> order --rules ... --in ... --out ...`. */
export const engineLaneProgram = (): string => fileURLToPath(new URL('./main.ts', import.meta.url));

/** The same with defects that real ports have had, for demonstrations and tests of the harness: `... --plant <defect>`. */
export const plantedEngineProgram = (): string => fileURLToPath(new URL('./planted/main.ts', import.meta.url));
