import {writeFileSync} from 'node:fs';
import {basename} from 'node:path';
import type {CanaryOptions} from './canary-options.ts';
import {attestLanes, planHashOf, type CanaryPaths} from './canary-paths.ts';
import type {ControllerSettings} from './controller-process.ts';

const LAG_INPUTS_MAX = 10_000;
const ACTOR = 'controller';

/** Lays down what the gate and the controller of a canary are told at their start. The same folder gives the same gate, also when it is taken up again. */
export function writeCanarySettings({configHash, plan, lanes, folder, downstreamEndpoint, lagInputsMax}: CanaryOptions, paths: CanaryPaths): void {
  const planHash = planHashOf(configHash, plan);
  const {journalFile, relayEndpoint, controlSocket, killFile} = paths;
  const gate = {
    gate: basename(folder), planHash, inDoubt: plan.inDoubt, outputRatioMax: plan.outputRatioMax, attest: attestLanes(lanes), fill: 'equal',
    journalFile, relayEndpoint, downstreamEndpoint, controlSocket, killFile,
  };
  const controller: ControllerSettings = {plan, planHash, actor: ACTOR, lagInputsMax: lagInputsMax ?? LAG_INPUTS_MAX, controlSocket};
  writeFileSync(paths.gateSettings, JSON.stringify(gate), {mode: 0o600});
  writeFileSync(paths.controllerSettings, JSON.stringify(controller), {mode: 0o600});
}
