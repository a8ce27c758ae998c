import type {SignalWorld} from './signal-world.ts';
import {signalStream} from './signal-stream.ts';
import type {FeatureSource, SignalStream} from './simulation/feature-source.ts';

/** A tick as it comes in. */
export interface LiveTick {
  seq: number;
  /** place in the lane's list of symbols */
  symbol: number;
  timeUs: number;
  readonly values: Float64Array;
}

/** What a tick gave. Reused. */
export interface LiveSignal {
  seq: number;
  symbol: number;
  timeUs: number;
  /** the features of this step, in the order of the names */
  row: Float64Array;
  isWarm: boolean;
  /** NaN while it is not warm */
  value: number;
  side: 'long' | 'short' | 'flat';
}

/** CRC-32 of octets that goes on from another, unsigned; injected, because deciding code imports nothing. */
export type Crc32 = (octets: DataView, before: number) => number;

/**
 * One tick in, one signal out: features, model, side. Its state hash covers every tick that it took, so two systems that agree on it have seen
 * the same, in the same order, to the bit.
 */
export class SignalPath {
  readonly names: readonly string[];
  private readonly features: FeatureSource;
  private readonly model: SignalStream;
  private readonly threshold: number;
  private readonly crc: Crc32;
  private readonly seen: Float64Array;
  private readonly crcs: Float64Array;
  private readonly view = new DataView(new ArrayBuffer(64));
  private readonly out: LiveSignal;
  private lastSeq = 0;

  constructor(world: SignalWorld, symbols: number, options: {threshold: number; crc: Crc32}) {
    this.model = signalStream(world.model, symbols);
    this.features = world.makeFeatures(symbols);
    this.names = this.features.names;
    this.threshold = options.threshold;
    this.crc = options.crc;
    this.seen = new Float64Array(symbols);
    this.crcs = new Float64Array(symbols);
    this.out = {seq: 0, symbol: 0, timeUs: 0, row: this.features.row, isWarm: false, value: Number.NaN, side: 'flat'};
  }

  get warmupSteps(): number {
    return this.features.warmupSteps;
  }

  /** the last sequence number that was taken */
  get seq(): number {
    return this.lastSeq;
  }

  /** Decides one tick. A sequence number that was seen already changes nothing. @returns null for a repeat */
  accept(tick: LiveTick): LiveSignal | null {
    if (tick.seq <= this.lastSeq) return null;
    this.lastSeq = tick.seq;
    const {out, features, threshold} = this;
    const {symbol} = tick;
    this.note(tick);
    features.step(symbol, tick.values);
    this.seen[symbol]!++;
    out.seq = tick.seq;
    out.symbol = symbol;
    out.timeUs = tick.timeUs;
    out.isWarm = this.seen[symbol]! > features.warmupSteps;
    out.value = out.isWarm ? this.model.predict(symbol, features.row) : Number.NaN;
    out.side = out.value > threshold ? 'long' : out.value < -threshold ? 'short' : 'flat';
    return out;
  }

  /** A line a symbol: how many ticks, and the CRC over the octets of all of them. `symbols` in the order of their names. */
  stateText(symbols: readonly string[]): string {
    const places = symbols.map((_, at) => at).sort((a, b) => (symbols[a]! < symbols[b]! ? -1 : 1));
    return [`seq ${this.lastSeq}`, ...places.map((at) => `${symbols[at]!} ${this.seen[at]!} ${this.crcs[at]!}`)].join('\n');
  }

  private note(tick: LiveTick): void {
    this.view.setFloat64(0, tick.timeUs, true);
    for (let i = 0; i < tick.values.length; i++) this.view.setFloat64(8 + i * 8, tick.values[i]!, true);
    this.crcs[tick.symbol] = this.crc(this.view, this.crcs[tick.symbol]!);
  }
}
