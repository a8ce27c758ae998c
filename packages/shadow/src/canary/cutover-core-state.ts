import type {CanaryEvent, CanaryPlanSpec, CanaryStage, Outcome, Owner} from '@tandem/contract';
import type {GateView, ProposeAnswer, ProposeRequest} from '../flow/ownership-control.ts';
import type {LaneLife} from '../flow/ownership-output.ts';

/** What a canary is carried out by; nothing here changes during a run. */
export interface CutoverConfig {
  readonly plan: CanaryPlanSpec;
  readonly planHash: string;
  /** who proposes: the same name for every process of this controller */
  readonly actor: string;
  /** tells one process of the controller from another */
  readonly incarnation: string;
  /** candidate behind legacy by more inputs: no step forward, since its partitions would wait */
  readonly lagInputsMax: number;
}

/** The latest judgement, and when it was made on the clock of the events. */
export interface EvidenceWord {
  readonly outcome: Outcome;
  readonly hash: string;
  readonly atMs: number;
}

/** What a controller sees at one moment. */
export interface CutoverTick {
  readonly kind: 'tick';
  readonly nowMs: number;
  /** null: the gate does not answer */
  readonly gate: GateView | null;
  readonly evidence: EvidenceWord | null;
  readonly lives: Readonly<Record<Owner, LaneLife>>;
  /** inputs that legacy has settled and the candidate has not; negative when the candidate is ahead */
  readonly lagInputs: number;
  /** inputs that a lane that was started again has still to answer again before it stands where it stood */
  readonly replayInputs: number;
  /** inputs compared since the run began */
  readonly messages: number;
}

export type CutoverEvent =
  | CutoverTick
  /** `answer` null: it was lost, the change may or may not have been made */
  | {readonly kind: 'answered'; readonly nonce: string; readonly answer: ProposeAnswer | null}
  /** `start`: go forward (again); `rollback`: everything back now, and stay there */
  | {readonly kind: 'operator'; readonly command: 'start' | 'rollback'; readonly reason: string};

export type CutoverCommand =
  | {readonly kind: 'propose'; readonly request: ProposeRequest}
  | {readonly kind: 'event'; readonly event: Pick<CanaryEvent, 'kind' | 'stage' | 'share' | 'action' | 'reason'>};

export interface CutoverState {
  stage: CanaryStage;
  /** position in `plan.stages`; -1 in SHADOW */
  stageIndex: number;
  share: number;
  /** may go forward */
  armed: boolean;
  /** false until the first answer of the gate told where the journal stands */
  synced: boolean;
  /** the gate's epoch that this state rests on */
  epoch: number;
  enteredMs: number;
  messagesAtEnter: number;
  lastTickMs: number;
  lastMessages: number;
  /** both lanes have been up at the same time */
  wereUp: boolean;
  /** when a lane was last seen away after both had been up; null: never. Who has just come back may go again: it is no place to go back to */
  awayMs: number | null;
  pending: ProposeRequest | null;
  proposals: number;
  rollbackReason: string | null;
  /** another controller won: this one does nothing any more */
  standDown: string | null;
  /** why nothing moves, so that it is told once and not at every tick */
  toldWaiting: string;
}

/** Armed from the beginning: the first stage begins as soon as evidence allows. */
export function createCutoverState(): CutoverState {
  return {
    stage: 'SHADOW', stageIndex: -1, share: 0, armed: true, synced: false, epoch: 0, enteredMs: 0, messagesAtEnter: 0, lastTickMs: 0, lastMessages: 0,
    wereUp: false, awayMs: null, pending: null, proposals: 0, rollbackReason: null, standDown: null, toldWaiting: '',
  };
}
