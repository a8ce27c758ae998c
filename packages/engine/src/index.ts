export {engineLaneProgram, loadRulebook, plantedEngineProgram, startEngineLane, type EngineLane} from './engine-lane.ts';
export type {LaneOptions} from './lane-options.ts';
export type {Digest, Emit, HotPath} from './hot-path.ts';
export type {Rulebook} from './order/rulebook.ts';
