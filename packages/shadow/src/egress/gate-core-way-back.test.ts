import type {Owner} from '@tandem/contract';
import {describe, expect, test} from 'vitest';
import {emptyJournal} from '../flow/journal-fold.ts';
import {gateStep, type GateEvent} from './gate-core.ts';
import {cutRecords} from './gate-core-journal.ts';
import {GATE_RULES} from './gate-core-rules.ts';
import {createGateState, type GateCommand, type GateState} from './gate-core-state.ts';

const PARTITIONS = ['A', 'B', 'C'];
const config = {planHash: 'plan', inDoubt: 'query', outputRatioMax: 10, heldBytesMax: 1e9, partitionsMax: 100, holdMsMax: 1000, retainMs: 1000, fill: 'equal', attest: {legacy: 'l', candidate: 'c'}} as const;

/** Both lanes answered 1 to 3 in every partition, all is on disk and confirmed; then the candidate owns them all. */
const owned = (): {state: GateState; step: (event: GateEvent) => GateCommand[]; answer: (lane: Owner, partition: string, causeSeq: number) => GateCommand[]} => {
  const state = createGateState(config, emptyJournal(), GATE_RULES);
  const next = {legacy: 0, candidate: 0};
  const step = (event: GateEvent): GateCommand[] => {
    const out: GateCommand[] = [];
    gateStep(state, event, out);
    // on disk and at the downstream at once
    for (let cut = cutRecords(state); cut.length > 0; cut = cutRecords(state)) {
      gateStep(state, {kind: 'durable', records: cut.length}, out);
      gateStep(state, {kind: 'confirmed', through: state.lastIntent}, out);
    }
    return out;
  };
  const answer = (lane: Owner, partition: string, causeSeq: number): GateCommand[] =>
    step({kind: 'output', lane, pos: next[lane]++, incarnation: 1, partition, causeSeq, ordinal: 0, outputKind: '8', hash: `${partition}${causeSeq}`, payload: Buffer.from('x')});
  for (const lane of ['legacy', 'candidate'] as const) {
    step({kind: 'start', start: {lane, pos: 0, incarnation: 1, attest: config.attest[lane], watermark: 0, settledCause: 0, life: 'up'}});
    step({kind: 'progress', lane, seq: 100, sentBefore: 0});
  }
  for (const causeSeq of [1, 2, 3]) for (const partition of PARTITIONS) for (const lane of ['legacy', 'candidate'] as const) answer(lane, partition, causeSeq);
  step(propose(state, 'candidate', 1));
  return {state, step, answer};
};
const propose = (state: GateState, owner: Owner, nonce: number): GateEvent => ({
  kind: 'propose', requestId: nonce, request: {kind: 'propose', nonce: `n${nonce}`, expectedEpoch: state.epoch, stage: owner === 'legacy' ? 'ROLLING_BACK' : 'CANARY', share: owner === 'legacy' ? 0 : 1,
    moves: PARTITIONS.map((partition) => ({partition, owner})), evidenceHash: 'e', planHash: 'plan', actor: 'test', reason: 'test'},
});
const ownersOf = (state: GateState): unknown => PARTITIONS.map((name) => [name, state.partitions.get(name)?.reigns.at(-1)?.owner, state.partitions.get(name)?.halted]);
const HALTED = 'I3 legacy sent 4.0 out of order: it cannot be given back';

describe('the way back where legacy answered one partition out of order', () => {
  test('gives the others back and halts that one', () => {
    const {state, step, answer} = owned();
    expect(ownersOf(state)).toEqual(PARTITIONS.map((name) => [name, 'candidate', null]));
    answer('legacy', 'B', 5);
    answer('legacy', 'B', 4);
    const out = step(propose(state, 'legacy', 2));
    expect(out).toContainEqual(expect.objectContaining({kind: 'answer', requestId: 2, answer: expect.objectContaining({kind: 'accepted', moved: 2}) as object}));
    expect(ownersOf(state)).toEqual([['A', 'legacy', null], ['B', 'candidate', HALTED], ['C', 'legacy', null]]);
    // nothing of the halted one leaves any more, of either system
    const released = state.counts.released;
    answer('candidate', 'B', 6);
    answer('legacy', 'B', 6);
    expect(state.counts.released).toBe(released);
    // where it went back, legacy is released
    answer('legacy', 'A', 7);
    expect(state.counts.releasedBy.legacy).toBeGreaterThan(PARTITIONS.length * 3);
  });

  test('is the same by the kill switch', () => {
    const {state, step, answer} = owned();
    answer('legacy', 'B', 5);
    answer('legacy', 'B', 4);
    step({kind: 'kill', mode: 'legacy', actor: 'test'});
    expect(ownersOf(state)).toEqual([['A', 'legacy', null], ['B', 'candidate', HALTED], ['C', 'legacy', null]]);
  });

  test('a candidate without order still gets nothing', () => {
    const {state, step, answer} = owned();
    step(propose(state, 'legacy', 2));
    answer('candidate', 'C', 9);
    answer('candidate', 'C', 8);
    expect(step(propose(state, 'candidate', 3))).toContainEqual(expect.objectContaining({answer: expect.objectContaining({kind: 'refused', code: 'lane', reason: 'candidate sent 8.0 out of order'}) as object}));
    expect(ownersOf(state)).toEqual(PARTITIONS.map((name) => [name, 'legacy', null]));
  });
});
