import {setFlagsFromString} from 'node:v8';
import type {CoreUse} from '@tandem/contract';
import {allowedCores, placeSelf, placeTree, splitCores, treeStandsOn} from './lanes/core-placement.ts';
import type {LiveLane} from './live-lane.ts';
import {collectGarbage} from './measure/collect-garbage.ts';
import {CoreWatch, type CoreSplit, type OwnTime} from './measure/core-watch.ts';
import type {HarnessWatch} from './measure/harness-watch.ts';
import type {TurnBacklog} from './turn-backlog.ts';

export interface MeasuredTurnsOptions {
  readonly lanes: readonly LiveLane[];
  readonly backlog: TurnBacklog;
  readonly pin: 'auto' | 'off';
}

/**
 * What holds while one lane has its turn. Pinned: the lane alone on its cores, the harness and the resting lanes on the others, all threads and all
 * processes of each; every lane has the same cores in its turns. And the harness leaves for later what can wait.
 */
export class MeasuredTurns {
  readonly #options: MeasuredTurnsOptions;
  readonly #split: CoreSplit | null;
  readonly #home: readonly number[];
  #cores: CoreWatch | null;
  /** where this process is between spins */
  #standsOn: readonly number[];
  /** how lanes and harness shared the cores, for whoever reads the run */
  readonly note: string;

  private constructor(options: MeasuredTurnsOptions, place: {split: CoreSplit | null; home: readonly number[]; note: string}) {
    this.#options = options;
    this.#split = place.split;
    this.#home = place.home;
    this.#standsOn = place.home;
    this.#cores = place.split === null ? null : new CoreWatch(place.split);
    this.note = place.note;
  }

  static async open(options: MeasuredTurnsOptions): Promise<MeasuredTurns> {
    const home = allowedCores();
    const split = options.pin === 'off' ? null : splitCores(home);
    const unpinned = (why: string): MeasuredTurns => new MeasuredTurns(options, {split: null, home, note: `lanes and harness shared all cores: ${why}`});
    if (options.pin === 'off') return unpinned('pinning is off');
    if (split === null) return unpinned(home.length === 0 ? 'this platform does not tell cores' : 'there is one');
    if (options.lanes.some(({lane}) => lane.pid === null)) return unpinned('a lane is no program of ours');
    // tried, not looked up: it may be there and forbidden
    if (!await placeSelf(home, {mainOnly: true})) return unpinned('taskset is missing or refused');
    return new MeasuredTurns(options, {split, home, note: `each lane alone on ${named(split.lane)} in its turns, harness and resting lanes on ${named(split.harness)}`});
  }

  /** Everybody to his place; call it when history is done, and before the first turn. */
  async begin(): Promise<void> {
    if (this.#split === null) return;
    const {harness} = this.#split;
    this.#standsOn = harness;
    // on one core helpers of the collector only stand in the way of the thread that waits for them
    setFlagsFromString('--no-parallel-scavenge');
    if (!await placeSelf(harness, {mainOnly: false})) this.#cores?.spoil();
    for (const live of this.#options.lanes) await this.#place(live, harness);
  }

  /** @param harness null: nothing of this turn is measured */
  async turnBegins(live: LiveLane, harness: HarnessWatch | null): Promise<void> {
    if (this.#split !== null) await this.#place(live, this.#split.lane);
    this.#options.backlog.hold();
    collectGarbage();
    if (harness === null) return;
    this.#cores?.begin(live.name, this.#times(live));
    live.turn(true);
    harness.turn(true);
  }

  async turnEnds(live: LiveLane, harness: HarnessWatch | null): Promise<void> {
    harness?.turn(false);
    if (harness !== null) live.turn(false);
    if (this.#split !== null) {
      const {lane: laneCores, harness: harnessCores} = this.#split;
      if (harness !== null) this.#cores?.end(live.name, this.#times(live));
      const stood = this.#options.lanes.every(({name, lane: {pid, fault}}) => fault !== null || pid === null || treeStandsOn(pid, name === live.name ? laneCores : harnessCores));
      if (!stood) this.#cores?.spoil();
      await this.#place(live, harnessCores);
    }
    await this.#options.backlog.release();
    if (harness !== null) for (const each of this.#options.lanes) await each.sample();
  }

  /** Spins where the lanes are measured: what is paused elsewhere does not touch them. */
  async onLaneCores<T>(act: () => T): Promise<T> {
    if (this.#split === null) return act();
    await placeSelf(this.#split.lane, {mainOnly: true});
    try {
      return act();
    } finally {
      await placeSelf(this.#standsOn, {mainOnly: true});
    }
  }

  figures(): CoreUse | null {
    return this.#cores?.figures() ?? null;
  }

  /** This process may run everywhere again. */
  async close(): Promise<void> {
    this.#cores = null;
    setFlagsFromString('--parallel-scavenge');
    if (this.#split !== null) await placeSelf(this.#home, {mainOnly: false});
  }

  async #place({lane: {pid, fault}}: LiveLane, cores: readonly number[]): Promise<void> {
    if (pid !== null && fault === null && !await placeTree(pid, cores)) this.#cores?.spoil();
  }

  #times(turn: LiveLane): {own: OwnTime; rest: OwnTime} {
    const resting = this.#options.lanes.filter((live) => live !== turn).map((live) => live.ownTime());
    return {own: turn.ownTime(), rest: sumOf([harnessTime(), ...resting])};
  }
}

const named = (cores: readonly number[]): string => `${cores.length === 1 ? 'core' : 'cores'} ${cores.join(', ')}`;

/** With what its ended threads used; how long they waited nobody asks. */
const harnessTime = (): OwnTime => {
  const {user, system} = process.cpuUsage();
  return {ranNs: (user + system) * 1000, waitedNs: 0};
};

const sumOf = (times: readonly OwnTime[]): OwnTime => ({
  ranNs: times.reduce<number | null>((sum, {ranNs}) => (sum === null || ranNs === null ? null : sum + ranNs), 0),
  waitedNs: times.reduce<number | null>((sum, {waitedNs}) => (sum === null || waitedNs === null ? null : sum + waitedNs), 0),
});
