import type {CanaryPlanSpec, CanaryStage, Owner} from '@tandem/contract';
import type {Intent, JournalRecord, Position} from '../flow/journal-record.ts';
import {reignAt, type Reign} from '../flow/ownership.ts';
import {touchedCause, type FoldedJournal, type FoldedPartition} from '../flow/journal-fold.ts';
import type {LaneLife} from '../flow/ownership-output.ts';
import type {ControlAnswer, KillMode} from '../flow/ownership-control.ts';
import {HeldQueue, type Held} from './held-queue-core.ts';
import {SettleTrack} from './settle-core.ts';

export interface GateConfig {
  readonly planHash: string;
  readonly inDoubt: CanaryPlanSpec['inDoubt'];
  /** effects of one input in one partition, at most (I14) */
  readonly outputRatioMax: number;
  /** all outputs held, bytes; beyond it everything is halted, since the sender must keep to a smaller bound */
  readonly heldBytesMax: number;
  readonly partitionsMax: number;
  /** a hand-over that waits longer is told as a stall */
  readonly holdMsMax: number;
  /** how long an output without counterpart is kept after the owner is done with its cause */
  readonly retainMs: number;
  /** `equal`: legacy may finish a cause of a candidate that is gone, if it answered the same so far */
  readonly fill: 'equal' | 'never';
  /** digests of the programs that may release (I13) */
  readonly attest: Readonly<Record<Owner, string>>;
}

export interface GatePartition {
  readonly partition: string;
  readonly reigns: Reign[];
  reignIndex: number;
  /** last effect taken for release; -1 before the first */
  takenCause: number;
  takenOrdinal: number;
  takenLane: Owner;
  /** digests of the effects of `takenCause`, by ordinal */
  hashes: string[];
  /** how many of them, from the first on, the other lane answered equally, and whether it answered one differently */
  matched: number;
  mismatched: boolean;
  /** causes up to here are over: effects taken, or the owner was done and a leftover of the other lane was dropped */
  decidedCause: number;
  readonly queue: Record<Owner, HeldQueue>;
  /** latest output of each lane in its present incarnation */
  readonly seen: Record<Owner, {incarnation: number; causeSeq: number; ordinal: number; maxCause: number}>;
  /** why a lane's outputs of this partition cannot be trusted to be complete */
  readonly unsound: Record<Owner, string | null>;
  halted: string | null;
  /** what drops by the halt rest on */
  haltNeed: number;
  lastIntent: number;
  released: number;
  holdSinceMs: number | null;
  stallTold: boolean;
  /** effects that were in doubt (policy `resend`): exactly these come next, with the same content */
  again: readonly (Position & {readonly hash: string})[];
}

export interface LaneStream {
  started: boolean;
  track: SettleTrack;
  incarnation: number;
  attested: boolean;
  watermark: number;
  /** outputs of causes up to here may be settled and forgotten (as of the last start) */
  settledCause: number;
  /** highest input that was fed to the lane (I4) */
  fedSeq: number;
  life: LaneLife;
}

/** An intent with what is needed to send it. */
export interface TakenIntent extends Intent {
  readonly pos: number;
  readonly outputKind: string;
  readonly payload: Uint8Array;
  readonly owner: GatePartition;
}

/** A record on its way to the disk and what happens once it is there. */
export interface QueuedRecord {
  readonly record: JournalRecord;
  readonly intents: readonly TakenIntent[];
  readonly answer: {readonly requestId: number; readonly answer: ControlAnswer} | null;
}

/** What the surroundings of the core must do. */
export type GateCommand =
  | {readonly kind: 'send'; readonly intent: TakenIntent}
  /** the lane's stream has a hole or was never begun: ask the sender to begin it again */
  | {readonly kind: 'resync'; readonly lane: Owner}
  | {readonly kind: 'answer'; readonly requestId: number; readonly answer: ControlAnswer}
  /** no effect of the candidate is left to be sent: the kill may be acknowledged */
  | {readonly kind: 'kill-drained'}
  | {readonly kind: 'notice'; readonly notice: GateNotice};

export interface GateNotice {
  readonly kind: 'halt' | 'kill' | 'stall' | 'handed-over' | 'ownership' | 'journal' | 'violation';
  readonly partition: string;
  readonly text: string;
}

/**
 * The small decisions on which the protocol rests, in one table: a test replaces one at a time and demands that the loss is
 * noticed. Production passes GATE_RULES (gate-core-rules.ts)
 * and nothing else.
 */
export interface GateRules {
  /** I2: whose outputs may be released at this point of the partition */
  pick(partition: GatePartition): Held | undefined;
  /** I2: the assertion behind `pick`, at the moment of release */
  mayRelease(owner: Owner, lane: Owner): boolean;
  /** I1: the effect was released, or its turn is over */
  isDone(partition: GatePartition, id: {readonly causeSeq: number; readonly ordinal: number}): boolean;
  /** I2: compare-and-set on the epoch */
  casHolds(expectedEpoch: number, epoch: number): boolean;
  /** I5: intents up to here rest on disk, so what depends on them may be forgotten by the sender */
  settleLimit(state: GateState): number;
  /** the former owner has nothing to come below `limit` */
  holdOver(seenBelow: number, limit: number): boolean;
  /** first cause of the new owner; `decided`: the last cause that is over */
  handoverSeq(decided: number): number;
  /** legacy may go on in the place of a candidate that is gone */
  mayFill(partition: GatePartition): boolean;
  /** I9 */
  isFenced(state: GateState, lane: Owner): boolean;
}

export interface GateState {
  readonly config: GateConfig;
  readonly rules: GateRules;
  nowMs: number;
  readonly session: number;
  epoch: number;
  epochActor: string;
  stage: CanaryStage;
  share: number;
  killed: KillMode | null;
  killWaiting: boolean;
  /** candidate's intents up to here that are not on disk are never sent; 0 for none */
  cutIntent: number;
  /** what drops by a kill rest on */
  killNeed: number;
  journalFailed: string | null;
  readonly partitions: Map<string, GatePartition>;
  readonly lanes: Record<Owner, LaneStream>;
  readonly nonces: Map<string, {readonly epoch: number; readonly moved: number}>;
  lastIntent: number;
  /** confirmed by the downstream; written with the next commit; on disk */
  confirmed: number;
  cutConfirmed: number;
  durableConfirmed: number;
  open: TakenIntent[];
  /** records queued since start, and how many of them are on disk */
  recordCount: number;
  durableRecords: number;
  readonly outbox: QueuedRecord[];
  readonly awaitingDurable: QueuedRecord[];
  readonly unconfirmed: TakenIntent[];
  /** taken from the candidate and not yet handed to the downstream */
  unsentCandidate: number;
  heldBytes: number;
  /** partitions with a hand-over under way; partitions that hold anything */
  readonly waiting: Set<GatePartition>;
  readonly holding: Set<GatePartition>;
  readonly counts: GateCounts;
  readonly holdsMs: number[];
  holdCount: number;
}

export interface GateCounts {
  offered: number;
  released: number;
  deduped: number;
  suppressed: number;
  fenced: number;
  inFlight: number;
  filled: number;
  readonly dropped: Record<string, number>;
  readonly releasedBy: Record<Owner, number>;
  /** how suppressed outputs compared with what was released in their place */
  readonly compared: {equal: number; different: number; unpaired: number; late: number};
  violations: number;
}

/** A gate that starts from what the journal says; nothing may be in doubt any more. */
export function createGateState(config: GateConfig, journal: FoldedJournal, rules: GateRules): GateState {
  const stream = (): LaneStream =>
    ({started: false, track: new SettleTrack(0), incarnation: 0, attested: false, watermark: 0, settledCause: 0, fedSeq: 0, life: 'down'});
  const state: GateState = {
    config, rules, nowMs: 0, session: journal.session, epoch: journal.epoch, epochActor: journal.epochActor, stage: journal.stage, share: journal.share,
    killed: journal.killed, killWaiting: false, killNeed: 0, cutIntent: 0, journalFailed: null, partitions: new Map(), lanes: {legacy: stream(), candidate: stream()},
    nonces: new Map(journal.nonces), lastIntent: journal.lastIntent, confirmed: journal.lastIntent, cutConfirmed: journal.lastIntent,
    durableConfirmed: journal.lastIntent, open: [], recordCount: 0, durableRecords: 0, outbox: [], awaitingDurable: [], unconfirmed: [], unsentCandidate: 0, heldBytes: 0,
    waiting: new Set(), holding: new Set(), holdsMs: [], holdCount: 0,
    counts: {
      offered: 0, released: 0, deduped: 0, suppressed: 0, fenced: 0, inFlight: 0, filled: journal.filled, dropped: {},
      releasedBy: {...journal.releasedBy}, compared: {equal: 0, different: 0, unpaired: 0, late: 0}, violations: 0,
    },
  };
  for (const folded of journal.partitions.values()) {
    const partition = recovered(folded);
    state.partitions.set(folded.partition, partition);
    if (partition.reignIndex < partition.reigns.length - 1) state.waiting.add(partition);
  }
  return state;
}

function recovered(folded: FoldedPartition): GatePartition {
  const taken = folded.confirmed;
  const causeSeq = taken?.causeSeq ?? -1;
  const reigns = [...folded.reigns];
  const reignIndex = taken === null ? 0 : reignAt(reigns, causeSeq);
  return {
    ...emptyPartition(folded.partition, reigns), reignIndex, takenCause: causeSeq, takenOrdinal: taken?.ordinal ?? -1,
    takenLane: (reigns[reignIndex] as Reign).owner, hashes: [...folded.confirmedHashes], decidedCause: touchedCause(folded),
    halted: folded.halted, released: folded.released,  again: [...folded.again],
  };
}

export function emptyPartition(partition: string, reigns: Reign[]): GatePartition {
  const seen = (): GatePartition['seen']['legacy'] => ({incarnation: -1, causeSeq: -1, ordinal: -1, maxCause: -1});
  return {
    partition, reigns, reignIndex: 0, takenCause: -1, takenOrdinal: -1, takenLane: 'legacy', hashes: [], matched: 0, mismatched: false, decidedCause: -1,
    queue: {legacy: new HeldQueue(), candidate: new HeldQueue()}, seen: {legacy: seen(), candidate: seen()},
    unsound: {legacy: null, candidate: null}, halted: null, haltNeed: 0, lastIntent: 0, released: 0, holdSinceMs: null, stallTold: false, again: [],
  };
}
