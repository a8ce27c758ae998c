import type {CoreUse, LaneName} from '@tandem/contract';
import {readCores} from './core-load.ts';
import type {MachineReading} from './machine-load.ts';
import {readOthers} from './other-programs.ts';

/** Which cores serve whom while a turn is measured. */
export interface CoreSplit {
  readonly harness: readonly number[];
  readonly lane: readonly number[];
}

/** What our own programs had of a core since their start, ns; null = the kernel does not tell. */
export interface OwnTime {
  readonly ranNs: number | null;
  readonly waitedNs: number | null;
}

/** Readings at one end of a turn. */
interface Mark {
  readonly lane: LaneName;
  readonly own: OwnTime;
  /** harness and resting lanes, which share its cores */
  readonly rest: OwnTime;
  readonly laneCores: MachineReading | null;
  readonly harnessCores: MachineReading | null;
  readonly othersMs: number | null;
}

interface Sums {
  ranMs: number;
  waitedMs: number;
  busyMs: number;
  stealMs: number;
  totalMs: number;
  othersMs: number;
}

/**
 * Adds up, turn by turn, what each lane and everybody else had of the cores on which the lane was alone. Neighbours are known in two ways, of which
 * the larger counts: what all other programs of the machine ran, wherever it was (exact; blind for what ends unseen), and the busy time of these
 * cores less the lane's own (their own account of it, which is sampled). What a lane's threads waited for each other is then told from what
 * they can have waited for others.
 */
export class CoreWatch {
  readonly #split: CoreSplit;
  readonly #procRoot: string | undefined;
  readonly #lanes = new Map<LaneName, Sums>();
  readonly #harness: Sums = noSums();
  #begun: Mark | null = null;
  #isWhole = true;

  constructor(split: CoreSplit, procRoot?: string) {
    this.#split = split;
    this.#procRoot = procRoot;
  }

  begin(lane: LaneName, times: {own: OwnTime; rest: OwnTime}): void {
    this.#begun = this.#mark(lane, times);
  }

  end(lane: LaneName, times: {own: OwnTime; rest: OwnTime}): void {
    const [from, to] = [this.#begun, this.#mark(lane, times)];
    this.#begun = null;
    if (from?.lane !== lane) return;
    const sums = this.#lanes.get(lane) ?? noSums();
    this.#lanes.set(lane, sums);
    const isRead = addTo(sums, {own: [from.own, to.own], cores: [from.laneCores, to.laneCores], others: [from.othersMs, to.othersMs]});
    this.#isWhole = addTo(this.#harness, {own: [from.rest, to.rest], cores: [from.harnessCores, to.harnessCores], others: [from.othersMs, to.othersMs]}) && isRead && this.#isWhole;
  }

  /** A turn in which somebody stood on cores that are not his: nothing of it can be said. */
  spoil(): void {
    this.#isWhole = false;
  }

  /** null: not every turn could be read, so nothing is known about who was there. */
  figures(): CoreUse | null {
    if (!this.#isWhole || this.#lanes.size === 0) return null;
    const lanes = Object.fromEntries([...this.#lanes].map(([lane, sums]) => [lane, {waitShare: share(sums.waitedMs, sums.ranMs), othersShare: share(others(sums), sums.ranMs), stealShare: sums.stealMs / sums.totalMs}]));
    return {harnessCores: this.#split.harness, laneCores: this.#split.lane, harnessOthersShare: others(this.#harness) / this.#harness.totalMs, lanes};
  }

  #mark(lane: LaneName, {own, rest}: {own: OwnTime; rest: OwnTime}): Mark {
    return {lane, own, rest, laneCores: readCores(this.#split.lane, this.#procRoot), harnessCores: readCores(this.#split.harness, this.#procRoot), othersMs: readOthers(process.pid, this.#procRoot)};
  }
}

const noSums = (): Sums => ({ranMs: 0, waitedMs: 0, busyMs: 0, stealMs: 0, totalMs: 0, othersMs: 0});
const others = (sums: Sums): number => Math.max(0, sums.othersMs, sums.busyMs - sums.ranMs);
const share = (part: number, ran: number): number => (part + ran > 0 ? part / (part + ran) : 0);

/** False when a reading is missing: then nothing was added. */
function addTo(sums: Sums, {own: [from, to], cores: [coresFrom, coresTo], others: [othersFrom, othersTo]}: {
  own: readonly [OwnTime, OwnTime]; cores: readonly [MachineReading | null, MachineReading | null]; others: readonly [number | null, number | null];
}): boolean {
  if (from.ranNs === null || to.ranNs === null || from.waitedNs === null || to.waitedNs === null || coresFrom === null || coresTo === null || othersFrom === null || othersTo === null || coresTo.totalMs <= coresFrom.totalMs) return false;
  sums.ranMs += (to.ranNs - from.ranNs) / 1e6;
  sums.waitedMs += (to.waitedNs - from.waitedNs) / 1e6;
  sums.busyMs += coresTo.busyMs - coresFrom.busyMs;
  sums.stealMs += coresTo.stealMs - coresFrom.stealMs;
  sums.totalMs += coresTo.totalMs - coresFrom.totalMs;
  sums.othersMs += othersTo - othersFrom;
  return true;
}
