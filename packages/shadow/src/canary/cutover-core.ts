import type {CanaryEvent, CanaryStage} from '@tandem/contract';
import type {GateView, ProposeAnswer, ProposeRequest} from '../flow/ownership-control.ts';
import {partitionsInShare} from '../flow/ownership-share.ts';
import {whyGoBack, whyWait} from './cutover-core-judgement.ts';
import type {CutoverCommand, CutoverConfig, CutoverEvent, CutoverState, CutoverTick} from './cutover-core-state.ts';

/** A pause of the controller itself that is longer restarts the bake: nobody watched (F8). */
const UNWATCHED_MS = 2000;
const REASON_CHARS_MAX = 400;

type Told = Pick<CanaryEvent, 'kind' | 'action' | 'reason'>;

/**
 * The controller's decisions, changing `state` in place: SHADOW -> CANARY -> PROMOTING -> PRIMARY, from each of them
 * ROLLING_BACK -> SHADOW. It only proposes; what holds is what the gate answers and its journal says.
 */
export function cutoverStep(config: CutoverConfig, state: CutoverState, event: CutoverEvent, out: CutoverCommand[]): void {
  switch (event.kind) {
    case 'tick': onTick(config, state, event, out); return;
    case 'answered': onAnswered(config, state, event, out); return;
    case 'operator': onOperator(state, event, out);
  }
}

function onOperator(state: CutoverState, {command, reason}: Extract<CutoverEvent, {kind: 'operator'}>, out: CutoverCommand[]): void {
  if (command === 'rollback') {
    state.armed = false;
    if (state.stage !== 'SHADOW' || state.pending !== null) state.rollbackReason ??= reason;
  } else if (state.rollbackReason !== null) {
    // Forward is a new decision, to be taken when everything is back.
    tell(state, out, {kind: 'note', action: 'start refused', reason: `still going back: ${state.rollbackReason}`});
    return;
  } else {
    state.armed = true;
    state.toldWaiting = '';
  }
  tell(state, out, {kind: 'note', action: `operator: ${command}`, reason});
}

function onTick(config: CutoverConfig, state: CutoverState, tick: CutoverTick, out: CutoverCommand[]): void {
  if (tick.nowMs - state.lastTickMs > UNWATCHED_MS) restartBake(state, tick);
  state.lastTickMs = tick.nowMs;
  state.lastMessages = tick.messages;
  watchLives(state, tick);
  if (tick.gate === null || state.standDown !== null) return;
  if (!state.synced || (state.pending === null && tick.gate.epoch !== state.epoch)) adopt(config, state, tick, out);
  if (tick.gate.killed !== null) {
    onKilled(state, tick.gate, out);
    return;
  }
  if (!tick.gate.journalWritable) {
    onJournalLost(state, out);
    return;
  }
  if (state.pending !== null) return;
  if (state.stage === 'HALTED') return;
  if (state.stage === 'ROLLING_BACK') return goBack(config, state, tick, out);
  if (state.stage !== 'SHADOW') {
    const why = whyGoBack(config, state, tick);
    if (why !== null) {
      if (tick.lives.legacy === 'up') return beginRollback(config, state, {tick, why}, out);
      tellWaiting(state, out, `must go back (${why}), but legacy is ${tick.lives.legacy}`);
      return;
    }
  }
  if (state.armed) goForward(config, state, tick, out);
}

/** A lane that was away starts the bake again, from the moment at which it is back and stands where it stood. */
function watchLives(state: CutoverState, tick: CutoverTick): void {
  const areUp = tick.lives.legacy === 'up' && tick.lives.candidate === 'up' && tick.replayInputs === 0;
  state.wereUp ||= areUp;
  // One that was taken up again stands above SHADOW before its lanes have been up.
  if (areUp || (!state.wereUp && state.stage === 'SHADOW')) return;
  state.awayMs = tick.nowMs;
  restartBake(state, tick);
}

/** The journal says where we are: after a start, or when somebody else changed it. */
function adopt(config: CutoverConfig, state: CutoverState, tick: CutoverTick, out: CutoverCommand[]): void {
  const gate = tick.gate as GateView;
  const changed = gate.epoch !== state.epoch;
  state.synced = true;
  if (!changed) return;
  state.epoch = gate.epoch;
  state.stage = gate.stage;
  state.share = gate.share;
  state.stageIndex = gate.share > 0 ? config.plan.stages.findLastIndex((share) => share <= gate.share) : -1;
  // A canary that went back stays back until somebody says `start`.
  if (gate.stage === 'SHADOW' || gate.stage === 'ROLLING_BACK') state.armed = false;
  restartBake(state, tick);
  tell(state, out, {kind: 'note', action: 'adopted', reason: `the journal stands at epoch ${gate.epoch}`});
}

function restartBake(state: CutoverState, tick: CutoverTick): void {
  state.enteredMs = tick.nowMs;
  state.messagesAtEnter = tick.messages;
}

function onKilled(state: CutoverState, gate: GateView, out: CutoverCommand[]): void {
  const stage: CanaryStage = gate.killed === 'halt' ? 'HALTED' : 'SHADOW';
  if (state.stage === stage && !state.armed) return;
  state.armed = false;
  state.pending = null;
  state.stage = stage;
  state.share = 0;
  state.stageIndex = -1;
  tell(state, out, {kind: 'kill', action: `killed: ${gate.killed}`, reason: 'the kill switch latches until the run ends'});
}

/** F46, F47: without a journal nobody can own anything new, forth or back; the gate holds everything until it is started again. */
function onJournalLost(state: CutoverState, out: CutoverCommand[]): void {
  if (state.stage === 'HALTED') return;
  state.armed = false;
  state.pending = null;
  state.stage = 'HALTED';
  tell(state, out, {kind: 'halt', action: 'halted: the journal cannot be written', reason: 'nothing is released any more; the journal says up to where it was. Make room before you begin another canary'});
}

interface Change {
  readonly stage: CanaryStage;
  readonly share: number;
  readonly moves: ProposeRequest['moves'];
  readonly reason: string;
}

function propose(config: CutoverConfig, state: CutoverState, {tick, change}: {tick: CutoverTick; change: Change}, out: CutoverCommand[]): void {
  state.proposals += 1;
  const request: ProposeRequest = {
    kind: 'propose', nonce: `${config.actor}.${config.incarnation}.${state.proposals}`, expectedEpoch: state.epoch, ...change,
    reason: change.reason.slice(0, REASON_CHARS_MAX), evidenceHash: tick.evidence?.hash ?? '', planHash: config.planHash, actor: config.actor,
  };
  state.pending = request;
  out.push({kind: 'propose', request});
}

function beginRollback(config: CutoverConfig, state: CutoverState, {tick, why}: {tick: CutoverTick; why: string}, out: CutoverCommand[]): void {
  state.rollbackReason = why;
  state.armed = false;
  tell(state, out, {kind: 'rollback', action: 'rollback decided', reason: why});
  propose(config, state, {tick, change: {stage: 'ROLLING_BACK', share: 0, moves: toLegacy(tick), reason: why}}, out);
}

function toLegacy(tick: CutoverTick): ProposeRequest['moves'] {
  return (tick.gate?.partitions ?? []).filter(({owner}) => owner === 'candidate').map(({partition}) => ({partition, owner: 'legacy' as const}));
}

function goBack(config: CutoverConfig, state: CutoverState, tick: CutoverTick, out: CutoverCommand[]): void {
  if (tick.lives.legacy !== 'up') {
    tellWaiting(state, out, `goes back, but legacy is ${tick.lives.legacy}`);
    return;
  }
  const moves = toLegacy(tick);
  const why = state.rollbackReason ?? 'going back';
  if (moves.length > 0) return propose(config, state, {tick, change: {stage: 'ROLLING_BACK', share: 0, moves, reason: why}}, out);
  if (tick.gate?.partitions.some(({handingOver}) => handingOver) === true) return;
  propose(config, state, {tick, change: {stage: 'SHADOW', share: 0, moves: [], reason: `back with legacy: ${why}`}}, out);
}

function goForward(config: CutoverConfig, state: CutoverState, tick: CutoverTick, out: CutoverCommand[]): void {
  const {stages} = config.plan;
  const waiting = whyWait(config, state, tick);
  const names = (tick.gate?.partitions ?? []).map(({partition}) => partition);
  const missing = (share: number): ProposeRequest['moves'] => {
    const owned = new Set((tick.gate?.partitions ?? []).filter(({owner}) => owner === 'candidate').map(({partition}) => partition));
    return partitionsInShare(names, share).filter((partition) => !owned.has(partition)).map((partition) => ({partition, owner: 'candidate' as const}));
  };
  const isBaking = waiting !== null && (waiting.startsWith('bakes') || waiting.endsWith('wanted'));
  // Partitions that appeared since belong to the share that was agreed.
  const late = state.stageIndex >= 0 && (waiting === null || isBaking) ? missing(state.share) : [];
  if (late.length > 0) {
    return propose(config, state, {tick, change: {stage: state.stage, share: state.share, moves: late, reason: `${late.length} new partitions of the share`}}, out);
  }
  // Nothing comes behind it.
  if (state.stage === 'PRIMARY') return;
  if (waiting !== null) {
    tellWaiting(state, out, waiting);
    return;
  }
  const share = stages[state.stageIndex + 1];
  if (share === undefined) {
    return propose(config, state, {tick, change: {stage: 'PRIMARY', share: state.share, moves: [], reason: 'baked at the full share'}}, out);
  }
  const stage: CanaryStage = share === 1 ? 'PROMOTING' : 'CANARY';
  propose(config, state, {tick, change: {stage, share, moves: missing(share), reason: state.stageIndex < 0 ? 'first stage' : `baked at ${percent(state.share)}`}}, out);
}

function onAnswered(config: CutoverConfig, state: CutoverState, {nonce, answer}: {nonce: string; answer: ProposeAnswer | null}, out: CutoverCommand[]): void {
  const request = state.pending;
  if (request === null || request.nonce !== nonce) return;
  if (answer === null) {
    // Done or not, the journal tells. Asking again would act on evidence of then (F8).
    state.pending = null;
    state.synced = false;
    return;
  }
  state.pending = null;
  if (answer.kind === 'accepted') return onAccepted(config, state, {request, answer}, out);
  tellWaiting(state, out, `refused (${answer.code}): ${answer.reason}`);
  if (answer.code !== 'epoch') return;
  // A former process of this controller may have been answered after its death: look again. Anybody else: one of us is too many.
  state.synced = false;
  if (answer.winner === config.actor || answer.winner === '') return;
  state.standDown = answer.winner;
  tell(state, out, {kind: 'halt', action: 'controller stands down', reason: `epoch ${answer.epoch} was written by ${answer.winner}`});
}

function onAccepted(
  config: CutoverConfig, state: CutoverState, {request, answer}: {request: ProposeRequest; answer: Extract<ProposeAnswer, {kind: 'accepted'}>}, out: CutoverCommand[],
): void {
  const widened = request.stage === state.stage && request.share === state.share && request.stage !== 'ROLLING_BACK';
  state.epoch = answer.epoch;
  state.stage = request.stage;
  state.share = request.share;
  state.stageIndex = request.share > 0 ? config.plan.stages.indexOf(request.share) : -1;
  state.toldWaiting = '';
  if (!widened) {
    state.enteredMs = state.lastTickMs;
    state.messagesAtEnter = state.lastMessages;
  }
  const back = request.stage === 'ROLLING_BACK' || request.stage === 'SHADOW';
  if (request.stage === 'SHADOW') state.rollbackReason = null;
  const kind = back ? 'rollback' : widened ? 'stage' : 'promote';
  tell(state, out, {kind, action: `${request.stage} ${percent(request.share)}: ${answer.moved} partitions moved`, reason: request.reason});
}

function tell(state: CutoverState, out: CutoverCommand[], told: Told): void {
  out.push({kind: 'event', event: {...told, stage: state.stage, share: state.share}});
}

function tellWaiting(state: CutoverState, out: CutoverCommand[], reason: string): void {
  // Figures change at every tick; the sentence without them is what counts as the same reason.
  const shape = reason.replace(/[\d.]+/g, '#');
  if (shape === state.toldWaiting) return;
  state.toldWaiting = shape;
  tell(state, out, {kind: 'note', action: 'waits', reason});
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
