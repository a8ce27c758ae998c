import {fileURLToPath} from 'node:url';

/** Path of the program that runs a hot path as a lane: `node <program> order --rules ... --in ... --out ...`. */
export const engineLaneProgram = (): string => fileURLToPath(new URL('./main.ts', import.meta.url));
