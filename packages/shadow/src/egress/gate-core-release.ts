import type {Owner} from '@tandem/contract';
import type {Reign} from '../flow/ownership.ts';
import {isAfter, otherOwner} from '../flow/ownership-output.ts';
import {checkRelease} from './gate-core-invariants.ts';
import type {GateCommand, GatePartition, GateState} from './gate-core-state.ts';
import {finish, haltPartition, notice, suppress} from './gate-core-outcome.ts';
import type {Held} from './held-queue-core.ts';

/** A partition is advanced at most so often in one call; each round takes one effect or ends one reign. */
const ROUNDS_MAX = 1_000_000;
const HOLDS_KEPT = 1024;

/** Releases what may be released, ends reigns that are over, and notes what waits. */
export function advance(state: GateState, partition: GatePartition, out: GateCommand[]): void {
  for (let round = 0; round < ROUNDS_MAX && partition.halted === null; round += 1) {
    const reign = partition.reigns[partition.reignIndex] as Reign;
    const next = partition.reigns[partition.reignIndex + 1];
    const limit = next?.fromSeq ?? Infinity;
    const head = state.rules.pick(partition);
    // What legacy has begun to finish in the owner's place, it finishes.
    const filling = partition.takenLane !== reign.owner && partition.takenCause >= reign.fromSeq;
    if (!filling && head !== undefined && head.causeSeq < limit && !state.rules.isFenced(state, head.lane)) {
      if (!mayTake(state)) break;
      take(state, partition, {held: head, owner: reign.owner, epoch: reign.epoch, fill: false}, out);
    } else if (!filling && next !== undefined && isOver(state, partition, reign.owner, limit)) {
      endReign(state, partition, out);
    } else if (next === undefined || !fill(state, partition, {reign, limit}, out)) {
      break;
    }
  }
  noteWaiting(state, partition);
}

function mayTake(state: GateState): boolean {
  return state.journalFailed === null && state.killed !== 'halt';
}

/** All outputs of a lane for causes of this partition below the returned one + 1 have arrived. */
function seenBelow(state: GateState, partition: GatePartition, lane: Owner): number {
  return Math.max(state.lanes[lane].watermark, partition.seen[lane].maxCause - 1);
}

function isOver(state: GateState, partition: GatePartition, owner: Owner, limit: number): boolean {
  const left = partition.queue[owner].first();
  if (left !== undefined && left.causeSeq < limit) return false;
  return state.rules.holdOver(seenBelow(state, partition, owner), limit);
}

function endReign(state: GateState, partition: GatePartition, out: GateCommand[]): void {
  partition.reignIndex += 1;
  const reign = enterReign(state, partition);
  const heldMs = partition.holdSinceMs === null ? 0 : state.nowMs - partition.holdSinceMs;
  partition.holdSinceMs = null;
  partition.stallTold = false;
  if (state.holdsMs.length < HOLDS_KEPT) state.holdsMs.push(heldMs);
  else state.holdsMs[state.holdCount % HOLDS_KEPT] = heldMs;
  state.holdCount += 1;
  notice(out, 'handed-over', partition.partition, `${reign.owner} owns from ${reign.fromSeq}, held ${heldMs.toFixed(1)} ms`);
}

/** The present reign begins: answers of its owner to earlier causes, to which the former owner had none, have lost their turn. */
export function enterReign(state: GateState, partition: GatePartition): Reign {
  const reign = partition.reigns[partition.reignIndex] as Reign;
  partition.decidedCause = Math.max(partition.decidedCause, reign.fromSeq - 1);
  const queue = partition.queue[reign.owner];
  for (let held = queue.first(); held !== undefined && held.causeSeq < reign.fromSeq; held = queue.first()) dropUnpaired(state, partition, reign.owner);
  return reign;
}

interface Taking {
  readonly held: Held;
  readonly owner: Owner;
  readonly epoch: number;
  readonly fill: boolean;
}

/** The last point before an effect: every condition is checked here once more, whoever asked. */
function take(state: GateState, partition: GatePartition, taking: Taking, out: GateCommand[]): void {
  const {held, fill: isFill} = taking;
  const broken = checkRelease(state, partition, taking);
  if (broken !== null) {
    state.counts.violations += 1;
    notice(out, 'violation', partition.partition, `${broken.invariant} ${broken.text}`);
    haltPartition(state, partition, broken, out);
    return;
  }
  partition.queue[held.lane].shift();
  state.heldBytes -= held.payload.byteLength;
  if (held.causeSeq !== partition.takenCause) {
    partition.hashes = [];
    partition.matched = 0;
    partition.mismatched = false;
  }
  partition.takenCause = held.causeSeq;
  partition.takenOrdinal = held.ordinal;
  partition.takenLane = held.lane;
  partition.hashes.push(held.hash);
  if (partition.again.length > 0) partition.again = partition.again.slice(1);
  partition.decidedCause = Math.max(partition.decidedCause, held.causeSeq);
  state.lastIntent += 1;
  partition.lastIntent = state.lastIntent;
  if (held.lane === 'candidate') state.unsentCandidate += 1;
  state.open.push({
    no: state.lastIntent, partition: partition.partition, causeSeq: held.causeSeq, ordinal: held.ordinal, lane: held.lane, hash: held.hash,
    epoch: taking.epoch, fill: isFill, pos: held.pos, outputKind: held.outputKind, payload: held.payload, owner: partition,
  });
  finish(state, held.lane, held.pos, state.lastIntent);
  settleCounterparts(state, partition, held);
}

/** The other lane's answers up to this effect have lost their turn; the one with the same identity is compared. */
function settleCounterparts(state: GateState, partition: GatePartition, taken: Held): void {
  const queue = partition.queue[otherOwner(taken.lane)];
  for (let other = queue.first(); other !== undefined; other = queue.first()) {
    const sameCause = other.causeSeq === taken.causeSeq;
    if (other.causeSeq > taken.causeSeq || (sameCause && other.ordinal > taken.ordinal)) return;
    queue.shift();
    state.heldBytes -= other.payload.byteLength;
    if (sameCause && other.ordinal === taken.ordinal) compareWithReleased(state, partition, other);
    else state.counts.compared.unpaired += 1;
    suppress(state, partition, other);
  }
}

/** Compares an answer to the present cause with what was released in its place. */
export function compareWithReleased(state: GateState, partition: GatePartition, other: {readonly causeSeq: number; readonly ordinal: number; readonly hash: string}): void {
  const released = other.causeSeq === partition.takenCause ? partition.hashes[other.ordinal] : undefined;
  if (released === undefined) {
    state.counts.compared.late += 1;
  } else if (released === other.hash) {
    // In order, so that an answer that comes again after a restart is not counted twice.
    if (other.ordinal === partition.matched) partition.matched += 1;
    state.counts.compared.equal += 1;
  } else {
    partition.mismatched = true;
    state.counts.compared.different += 1;
  }
}

/**
 * A candidate that is gone cannot finish its causes below the way back. Legacy does, cause by cause, where everything that the
 * candidate released of the cause is what legacy answered too; each such effect is marked in the journal.
 */
function fill(state: GateState, partition: GatePartition, stretch: {reign: Reign; limit: number}, out: GateCommand[]): boolean {
  const {reign, limit} = stretch;
  // A cause of this reign that has begun may lack effects; one of the reign before does not.
  const begun = partition.takenCause >= reign.fromSeq;
  const byLegacy = begun && partition.takenLane === 'legacy';
  if (reign.owner !== 'candidate' || !(byLegacy || isGone(state))) return false;
  const head = partition.queue.legacy.first();
  const finished = isOver(state, partition, 'candidate', partition.takenCause + 1);
  const mayGoOn = state.config.fill === 'equal' && (!begun || byLegacy || finished || state.rules.mayFill(partition));
  if (!mayGoOn) {
    giveUpWhenHopeless(state, partition, out);
    return false;
  }
  if (head !== undefined && head.causeSeq < limit) {
    if (head.causeSeq === partition.takenCause && finished && !byLegacy) {
      dropUnpaired(state, partition, 'legacy');
      return true;
    }
    const [again] = partition.again;
    if (again !== undefined && isAfter(again, head)) {
      dropUnpaired(state, partition, 'legacy');
      return true;
    }
    if (again !== undefined && (isAfter(head, again) || again.hash !== head.hash)) {
      giveUpWhenHopeless(state, partition, out);
      return false;
    }
    if (!mayTake(state)) return false;
    take(state, partition, {held: head, owner: reign.owner, epoch: reign.epoch, fill: true}, out);
    return true;
  }
  if (!isOver(state, partition, 'legacy', limit)) return false;
  endReign(state, partition, out);
  return true;
}

/** The first held output of a lane has no counterpart and its cause is over. */
export function dropUnpaired(state: GateState, partition: GatePartition, lane: Owner): void {
  const held = partition.queue[lane].shift();
  if (held === undefined) return;
  state.heldBytes -= held.payload.byteLength;
  state.counts.compared.unpaired += 1;
  partition.decidedCause = Math.max(partition.decidedCause, held.causeSeq);
  suppress(state, partition, held);
}

/** Outputs whose counterpart never came: dropped some time after the owner was done with their cause, so that a way back can still use them. */
export function dropLeftovers(state: GateState, partition: GatePartition): void {
  const reign = partition.reigns[partition.reignIndex] as Reign;
  const limit = partition.reigns[partition.reignIndex + 1]?.fromSeq ?? Infinity;
  const other = otherOwner(reign.owner);
  for (let held = partition.queue[other].first(); held !== undefined; held = partition.queue[other].first()) {
    if (held.causeSeq >= limit || state.nowMs - held.heldSinceMs < state.config.retainMs) break;
    if (!isOver(state, partition, reign.owner, held.causeSeq + 1)) break;
    dropUnpaired(state, partition, other);
  }
  noteWaiting(state, partition);
}

function isGone(state: GateState): boolean {
  return state.rules.isFenced(state, 'candidate') || state.lanes.candidate.life !== 'up';
}

/** Legacy answered, and differently, and the candidate will never come back: nobody can say how the cause should end. */
function giveUpWhenHopeless(state: GateState, partition: GatePartition, out: GateCommand[]): void {
  const forever = state.rules.isFenced(state, 'candidate') || state.lanes.candidate.life === 'ended';
  if (!forever || partition.reigns[partition.reignIndex + 1] === undefined || seenBelow(state, partition, 'legacy') < partition.takenCause) return;
  const reason = `cause ${partition.takenCause} was begun by the candidate, which is gone, and legacy did not answer the same`;
  haltPartition(state, partition, {invariant: 'I10', text: reason}, out);
}

function noteWaiting(state: GateState, partition: GatePartition): void {
  const next = partition.reigns[partition.reignIndex + 1];
  if (next === undefined || partition.halted !== null) {
    state.waiting.delete(partition);
  } else {
    state.waiting.add(partition);
    const held = partition.queue[next.owner].last();
    if (held !== undefined && held.causeSeq >= next.fromSeq) partition.holdSinceMs ??= state.nowMs;
  }
  if (partition.queue.legacy.length > 0 || partition.queue.candidate.length > 0) state.holding.add(partition);
  else state.holding.delete(partition);
}
