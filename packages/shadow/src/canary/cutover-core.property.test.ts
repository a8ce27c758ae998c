import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {CanaryStage, Outcome, Owner} from '@tandem/contract';
import type {GateView, ProposeAnswer, ProposeRequest} from '../flow/ownership-control.ts';
import type {LaneLife} from '../flow/ownership-output.ts';
import {createCutoverState, type CutoverCommand, type CutoverConfig, type CutoverEvent, type CutoverState} from './cutover-core-state.ts';
import {cutoverStep} from './cutover-core.ts';

const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000_000);
const STAGES = [0.25, 0.5, 1];
const config = (actor: string, incarnation: string): CutoverConfig => ({
  plan: {stages: STAGES, bakeMs: 100, minMessages: 10, inDoubt: 'query', outputRatioMax: 4, evidenceMaxAgeMs: 500},
  planHash: 'plan', actor, incarnation, lagInputsMax: 50,
});

/** A gate as far as a controller can see it, and the controllers in front of it. */
class ControlWorld {
  nowMs = 10_000;
  epoch = 0;
  epochActor = '';
  stage: CanaryStage = 'SHADOW';
  share = 0;
  killed: 'legacy' | 'halt' | null = null;
  readonly owners = new Map<string, Owner>([['A', 'legacy'], ['B', 'legacy'], ['C', 'legacy'], ['D', 'legacy']]);
  handingOver = 0;
  gateUp = true;
  journalWritable = true;
  evidence: {outcome: Outcome; hash: string; atMs: number} | null = null;
  lives: Record<Owner, LaneLife> = {legacy: 'up', candidate: 'up'};
  lagInputs = 0;
  replayInputs = 0;
  messages = 0;
  readonly controllers: {config: CutoverConfig; state: CutoverState; asked: ProposeRequest[]; answers: CutoverEvent[]; sawBoth: boolean; awayMs: number}[];
  readonly broken: string[] = [];
  readonly #nonces = new Map<string, ProposeAnswer>();
  #incarnations = 0;
  #approved = true;
  readonly seen = {promoted: 0, primary: 0, rolledBack: 0, refused: 0, lost: 0, standDown: 0};

  constructor(count: number) {
    this.controllers = Array.from({length: count}, (_, index) => this.#fresh(`controller ${index}`));
  }

  #fresh(actor: string): ControlWorld['controllers'][number] {
    this.#incarnations += 1;
    return {config: config(actor, String(this.#incarnations)), state: createCutoverState(), asked: [], answers: [], sawBoth: false, awayMs: -Infinity};
  }

  crash(index: number): void {
    const controller = this.controllers[index];
    if (controller !== undefined) this.controllers[index] = this.#fresh(controller.config.actor);
  }

  view(): GateView {
    return {
      session: 1, epoch: this.epoch, stage: this.stage, share: this.share, planHash: 'plan', killed: this.killed, journalWritable: this.journalWritable, halted: [],
      partitions: [...this.owners].map(([partition, owner], index) => ({partition, owner, released: 0, handingOver: index < this.handingOver})),
      accounts: {offered: 0, released: 0, deduped: 0, suppressed: 0, fenced: 0, dropped: {}, inFlight: 0}, releasedBy: {legacy: 0, candidate: 0}, filled: 0,
      watermarks: {legacy: 0, candidate: 0}, holds: {count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0},
    };
  }

  step(index: number, event: CutoverEvent): void {
    const controller = this.controllers[index];
    if (controller === undefined) return;
    const out: CutoverCommand[] = [];
    cutoverStep(controller.config, controller.state, event, out);
    for (const command of out) {
      if (command.kind === 'event') continue;
      this.#check(controller.state, command.request, {event, awayMs: controller.awayMs});
      controller.asked.push(command.request);
    }
  }

  tick(index: number): void {
    const controller = this.controllers[index];
    if (controller === undefined) return;
    const bothUp = this.lives.legacy === 'up' && this.lives.candidate === 'up' && this.replayInputs === 0;
    controller.sawBoth ||= bothUp;
    if (!bothUp && controller.sawBoth) controller.awayMs = this.nowMs;
    this.step(index, {
      kind: 'tick', nowMs: this.nowMs, gate: this.gateUp ? this.view() : null, evidence: this.evidence, lives: {...this.lives}, lagInputs: this.lagInputs, replayInputs: this.replayInputs, messages: this.messages,
    });
  }

  /** I11 and the rest of what a proposal may never be. */
  #check(state: CutoverState, request: ProposeRequest, {event, awayMs}: {event: CutoverEvent; awayMs: number}): void {
    if (event.kind !== 'tick') this.broken.push('a proposal without looking');
    if (state.standDown !== null) this.broken.push('a proposal after standing down');
    if (this.#nonces.has(request.nonce)) this.broken.push('a nonce used twice');
    const isForward = request.stage === 'PRIMARY' || STAGES.indexOf(request.share) > STAGES.indexOf(state.share);
    if (isForward && this.nowMs - awayMs < 100) this.broken.push('a step forward with a lane that is just back');
    if (!request.moves.some(({owner}) => owner === 'candidate')) return;
    const age = this.evidence === null ? Infinity : this.nowMs - this.evidence.atMs;
    if (this.evidence?.outcome !== 'pass' || age > 500) this.broken.push(`I11 forward on ${this.evidence?.outcome}, ${age} ms old`);
    if (request.evidenceHash !== this.evidence?.hash) this.broken.push('I11 evidence not bound');
    if (this.lives.candidate !== 'up' || this.lives.legacy !== 'up') this.broken.push('forward while a lane is away');
    if (this.killed !== null) this.broken.push('forward after the kill');
    if (!this.#approved) this.broken.push('forward after a rollback that nobody revoked');
    const from = STAGES.indexOf(state.share);
    const to = STAGES.indexOf(request.share);
    if (to > from + 1 || to < from) this.broken.push(`from ${state.share} to ${request.share}`);
    if (to === from + 1 && from >= 0 && (this.nowMs - state.enteredMs < 100 || this.messages - state.messagesAtEnter < 10)) this.broken.push('not baked');
  }

  /** The gate takes the oldest request of a controller; its answer may be lost. */
  answer(index: number, lost: boolean): void {
    const controller = this.controllers[index];
    const request = controller?.asked.shift();
    if (controller === undefined || request === undefined) return;
    const answer = this.gateUp ? this.#decide(request) : null;
    if (lost || answer === null) this.seen.lost += 1;
    this.step(index, {kind: 'answered', nonce: request.nonce, answer: lost ? null : answer});
    if (controller.state.standDown !== null) this.seen.standDown += 1;
  }

  #decide(request: ProposeRequest): ProposeAnswer {
    const known = this.#nonces.get(request.nonce);
    if (known !== undefined) return known;
    const forward = request.moves.some(({owner}) => owner === 'candidate');
    const refusal = request.expectedEpoch !== this.epoch ? 'epoch' : this.killed !== null && forward ? 'killed' : null;
    if (refusal !== null) {
      this.seen.refused += 1;
      return {kind: 'refused', code: refusal, reason: '', epoch: this.epoch, winner: this.epochActor};
    }
    for (const {partition, owner} of request.moves) this.owners.set(partition, owner);
    this.epoch += Math.max(1, request.moves.length);
    this.epochActor = request.actor;
    if (STAGES.includes(request.share) && request.share > this.share) this.seen.promoted += 1;
    if (request.stage === 'PRIMARY') this.seen.primary += 1;
    if (request.stage === 'ROLLING_BACK') this.#approved = false;
    if (request.stage === 'SHADOW') this.seen.rolledBack += 1;
    this.stage = request.stage;
    this.share = request.share;
    const answer: ProposeAnswer = {kind: 'accepted', epoch: this.epoch, moved: request.moves.length};
    this.#nonces.set(request.nonce, answer);
    return answer;
  }

  start(index: number): void {
    this.step(index, {kind: 'operator', command: 'start', reason: 'again'});
    if (this.controllers[index]?.state.rollbackReason === null) this.#approved = true;
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.messages += Math.floor(ms / 4);
  }

  judge(outcome: Outcome): void {
    this.evidence = {outcome, hash: `hash ${this.nowMs}`, atMs: this.nowMs};
  }
}

function act(world: ControlWorld, [roll, arg]: readonly [number, number]): void {
  const index = arg % world.controllers.length;
  if (roll < 35) {
    world.pass(20 + arg % 60);
    if (arg % 5 !== 0) world.judge('pass');
    world.tick(index);
    world.answer(index, false);
  } else if (roll < 50) world.tick(index);
  else if (roll < 60) world.answer(index, arg % 4 === 0);
  else if (roll < 66) world.pass(arg % 900);
  else if (roll < 70) world.judge(['pass', 'inconclusive', 'fail', 'error', 'no-data'][arg % 5] as Outcome);
  else if (roll < 74) world.evidence = null;
  else if (roll < 78) world.lives.candidate = arg % 2 === 0 ? 'down' : 'up';
  else if (roll < 81) world.lives.legacy = arg % 2 === 0 ? 'down' : 'up';
  else if (roll < 84) world.handingOver = arg % 3;
  else if (roll < 86) world.lagInputs = arg % 100;
  else if (roll < 87) world.replayInputs = arg % 3 === 0 ? 0 : arg % 500;
  else if (roll < 90) world.crash(index);
  else if (roll < 93) world.gateUp = arg % 3 !== 0;
  else if (roll < 97) world.start(index);
  else if (roll < 98) world.owners.set(`P${arg % 9}`, world.owners.get(`P${arg % 9}`) ?? 'legacy');
  else if (roll < 99) world.step(index, {kind: 'operator', command: 'rollback', reason: 'operator'});
  else world.killed ??= arg % 2 === 0 ? 'legacy' : 'halt';
}

describe(`cutover core, seed ${seed}`, () => {
  test('forward only on fresh passing evidence and one stage at a time; backward whenever it must; it always comes to rest', () => {
    const sometimes = new Map<string, number>();
    fc.assert(fc.property(fc.constantFrom(1, 1, 2), fc.array(fc.tuple(fc.integer({min: 0, max: 99}), fc.nat(100_000)), {minLength: 10, maxLength: 150}), (count, actions) => {
      const world = new ControlWorld(count);
      for (const action of actions) act(world, action);
      if (world.broken.length > 0) throw new Error(world.broken.join('\n'));
      // Faults end, and the evidence says fail: whoever still stands must bring everything home.
      world.gateUp = true;
      world.handingOver = 0;
      world.replayInputs = 0;
      world.lives = {legacy: 'up', candidate: 'up'};
      for (let round = 0; round < 60; round += 1) {
        world.pass(50);
        world.judge('fail');
        for (let index = 0; index < count; index += 1) {
          world.tick(index);
          world.answer(index, false);
        }
      }
      if (world.broken.length > 0) throw new Error(world.broken.join('\n'));
      const standing = world.controllers.some(({state}) => state.standDown === null);
      const owned = [...world.owners.values()].filter((owner) => owner === 'candidate').length;
      if (world.killed === null && standing && (world.stage !== 'SHADOW' || owned > 0)) throw new Error(`at rest in ${world.stage} with ${owned} partitions of the candidate`);
      for (const [name, times] of Object.entries(world.seen)) if (times > 0) sometimes.set(name, (sometimes.get(name) ?? 0) + 1);
    }), {seed, numRuns: process.env['TANDEM_DEEP'] === '1' ? 100_000 : 3000, endOnFailure: false});
    for (const rare of ['promoted', 'primary', 'rolledBack', 'refused', 'lost', 'standDown']) expect(sometimes.get(rare) ?? 0, `runs with ${rare}`).toBeGreaterThan(5);
  });

  test('a journal that cannot be written halts it, in whichever stage, once and for good; it asks for nothing any more', () => {
    for (const rounds of [0, 3, 12, 40]) {
      const world = new ControlWorld(1);
      const pass = (): void => {
        world.pass(30);
        world.judge('pass');
        world.tick(0);
      };
      for (let round = 0; round < rounds; round += 1) {
        pass();
        world.answer(0, false);
      }
      world.journalWritable = false;
      const asked = world.controllers[0]?.asked.length ?? 0;
      for (let round = 0; round < 20; round += 1) pass();
      world.journalWritable = true;
      for (let round = 0; round < 20; round += 1) pass();
      expect(world.controllers[0]?.state).toMatchObject({stage: 'HALTED', armed: false, pending: null});
      expect(world.controllers[0]?.asked.length).toBe(asked);
    }
  });

  test('two controllers that both stand down cannot be: one of them wrote the epoch', () => {
    const world = new ControlWorld(2);
    for (let round = 0; round < 400; round += 1) {
      world.pass(30);
      world.judge('pass');
      world.tick(0);
      world.tick(1);
      world.answer(round % 2, false);
      world.answer(1 - round % 2, false);
    }
    expect(world.broken).toEqual([]);
    expect(world.controllers.map(({state}) => state.standDown).filter((winner) => winner !== null).length).toBeLessThan(2);
    expect(world.stage).toBe('PRIMARY');
  });
});
