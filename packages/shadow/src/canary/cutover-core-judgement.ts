import type {CutoverConfig, CutoverState, CutoverTick} from './cutover-core-state.ts';

/** Reasons, as texts that go into the journal; null means that there is none. */

function ageText(ageMs: number): string {
  return `${(ageMs / 1000).toFixed(1)} s old`;
}

/** I11: evidence that cannot be used, whatever it says. */
function unusable({plan}: CutoverConfig, tick: CutoverTick): string | null {
  if (tick.evidence === null) return 'no evidence';
  if (tick.evidence.outcome === 'no-data') return 'evidence: no-data';
  const ageMs = tick.nowMs - tick.evidence.atMs;
  if (ageMs > plan.evidenceMaxAgeMs) return `evidence is ${ageText(ageMs)}`;
  return null;
}

/** Why everything has to go back to legacy now. */
export function whyGoBack(config: CutoverConfig, state: CutoverState, tick: CutoverTick): string | null {
  const {gate, evidence, lives} = tick;
  if (state.rollbackReason !== null) return state.rollbackReason;
  if (evidence?.outcome === 'fail') return 'evidence: fail';
  if (lives.candidate !== 'up') return `candidate is ${lives.candidate}`;
  if (gate !== null && gate.halted.length > 0) return `partition ${gate.halted[0]?.partition} halted: ${gate.halted[0]?.reason}`;
  // While legacy is away nothing can be compared, and it is no place to go back to.
  if (lives.legacy !== 'up') return null;
  const bad = unusable(config, tick);
  // Nothing compared, however fresh that word is, is waited for as long as for old evidence (F59): a canary that was taken up again begins with nothing.
  const lastMs = evidence === null || evidence.outcome === 'no-data' ? 0 : evidence.atMs;
  const staleMs = tick.nowMs - Math.max(lastMs, state.enteredMs);
  if (bad !== null && staleMs > config.plan.evidenceMaxAgeMs) return bad;
  if (evidence !== null && bad === null && evidence.outcome !== 'pass' && evidence.outcome !== 'inconclusive') return `evidence: ${evidence.outcome}`;
  return null;
}

/** Why the next step is not taken yet. */
export function whyWait(config: CutoverConfig, state: CutoverState, tick: CutoverTick): string | null {
  const {plan} = config;
  const bad = unusable(config, tick);
  if (bad !== null) return bad;
  if (tick.evidence?.outcome !== 'pass') return `evidence: ${tick.evidence?.outcome}`;
  for (const lane of ['legacy', 'candidate'] as const) if (tick.lives[lane] !== 'up') return `${lane} is ${tick.lives[lane]}`;
  const halted = tick.gate?.halted[0];
  if (halted !== undefined) return `partition ${halted.partition} halted: ${halted.reason}`;
  if (tick.replayInputs > 0) return `a lane that was started again is ${tick.replayInputs} inputs behind`;
  if (tick.lagInputs > config.lagInputsMax) return `candidate is ${tick.lagInputs} inputs behind`;
  if (tick.gate?.partitions.length === 0) return 'no partition was seen yet';
  if (tick.gate?.partitions.some(({handingOver}) => handingOver) === true) return 'a hand-over is under way';
  const backMs = tick.nowMs - (state.awayMs ?? -Infinity);
  if (backMs < plan.bakeMs) return `bakes for ${plan.bakeMs} ms: a lane is just back`;
  if (state.stageIndex < 0) return null;
  const bakedMs = tick.nowMs - state.enteredMs;
  if (bakedMs < plan.bakeMs) return `bakes for ${plan.bakeMs} ms`;
  const messages = tick.messages - state.messagesAtEnter;
  if (messages < plan.minMessages) return `${plan.minMessages} messages wanted`;
  return null;
}
