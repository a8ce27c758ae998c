import type * as tools from './signal/signal-tools.ts';
export {engineLaneProgram, loadRulebook, plantedEngineProgram, startEngineLane} from './engine-lane.ts';
export type {EngineLane} from './lane-server.ts';
export type {LaneOptions} from './lane-options.ts';
export type {Digest, Emit, HotPath} from './hot-path.ts';
export type {Rulebook} from './order/rulebook.ts';
/** The tools of the signal path, loaded when they are asked for. */
export const signalTools = (): Promise<typeof tools> => import('./signal/signal-tools.ts');
