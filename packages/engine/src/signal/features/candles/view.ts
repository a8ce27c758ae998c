import {abs, add, div, max, min, mul, sub, type Expression} from '../ir/expression.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import {derive, lagged} from '../series/inputs.ts';
import type {Series} from '../series/series.ts';
import {windowSum} from '../series/window-means.ts';

/** What is called long, short or near: a factor of a mean over the `ticks` bars before the one that is judged, or of that bar itself where `ticks` is 0. */
export interface Measure {
  readonly of: 'body' | 'range' | 'shadows';
  readonly ticks: number;
  readonly factor: number;
}

/** Prices of a bar. */
export interface Candle {readonly open: Series; readonly high: Series; readonly low: Series; readonly close: Series}
type Price = keyof Candle;
const OPPOSITE: Readonly<Record<Price, Price>> = {open: 'open', close: 'close', high: 'low', low: 'high'};

/**
 * The last bars, counted back from this one, and how far back has been looked. Seen in the mirror (`isFlipped`) falling is rising: highs are lows and above is below,
 * so that one description serves a pattern and its opposite. Sizes are sizes on both sides.
 */
export class CandleView {
  /** the furthest bar and the longest mean that were asked for, by either side */
  readonly seen: {lag: number; ticks: number};
  readonly isFlipped: boolean;
  readonly #b: ProgramBuilder;
  readonly #candle: Candle;

  constructor(b: ProgramBuilder, candle: Candle, {isFlipped = false, seen = {lag: 0, ticks: 0}}: {isFlipped?: boolean; seen?: {lag: number; ticks: number}} = {}) {
    this.#b = b;
    this.#candle = candle;
    this.isFlipped = isFlipped;
    this.seen = seen;
  }

  get mirrored(): CandleView { return new CandleView(this.#b, this.#candle, {isFlipped: !this.isFlipped, seen: this.seen}); }

  price(which: Price, lag: number): Series { return this.#at(this.isFlipped ? OPPOSITE[which] : which, lag); }
  /** the end of the body that is further up */
  top(lag: number): Series { return this.isFlipped ? this.#lowEnd(lag) : this.#highEnd(lag); }
  bottom(lag: number): Series { return this.isFlipped ? this.#highEnd(lag) : this.#lowEnd(lag); }
  upperShadow(lag: number): Series { return this.isFlipped ? this.#lowShadow(lag) : this.#highShadow(lag); }
  lowerShadow(lag: number): Series { return this.isFlipped ? this.#highShadow(lag) : this.#lowShadow(lag); }
  body(lag: number): Series { return this.join('body', [this.#at('close', lag), this.#at('open', lag)], (c, o) => abs(sub(c!, o!))); }
  /** half way from low to high */
  middle(lag: number): Series { return this.join('halfway', [this.#at('low', lag), this.#range(lag)], (l, r) => add(l!, mul(r!, 0.5))); }

  /** What a measure comes to for a bar. */
  measured({of, ticks, factor}: Measure, lag: number): Series {
    const size = (at: number): Series => (of === 'body' ? this.body(at) : of === 'range' ? this.#range(at) : this.join('shadows', [this.#highShadow(at), this.#lowShadow(at)], (up, down) => add(up!, down!)));
    const scaled = (x: Series, make: (v: Expression) => Expression): Series => this.join(`measure ${of} ${ticks} ${factor}`, [x], (v) => make(v!));
    if (ticks === 0) return scaled(size(lag), (v) => mul(factor, v));
    this.seen.ticks = Math.max(this.seen.ticks, ticks);
    // one shadow is measured with the mean of both
    const mean = (sum: Expression): Expression => mul(factor, div(sum, ticks));
    return scaled(lagged(this.#b, windowSum(this.#b, size(0), ticks), lag + 1), of === 'shadows' ? (sum) => div(mean(sum), 2) : mean);
  }

  /** A value made of others. */
  join(name: string, from: readonly Series[], make: (...values: Expression[]) => Expression): Series { return derive(this.#b, `candle ${name}`, from, make); }

  #at(which: Price, lag: number): Series {
    this.seen.lag = Math.max(this.seen.lag, lag);
    return lagged(this.#b, this.#candle[which], lag);
  }
  #range(lag: number): Series { return this.join('range', [this.#at('high', lag), this.#at('low', lag)], (h, l) => sub(h!, l!)); }
  #highEnd(lag: number): Series { return this.join('high end', [this.#at('open', lag), this.#at('close', lag)], (o, c) => max(o!, c!)); }
  #lowEnd(lag: number): Series { return this.join('low end', [this.#at('open', lag), this.#at('close', lag)], (o, c) => min(o!, c!)); }
  #highShadow(lag: number): Series { return this.join('high shadow', [this.#at('high', lag), this.#highEnd(lag)], (h, end) => sub(h!, end!)); }
  #lowShadow(lag: number): Series { return this.join('low shadow', [this.#lowEnd(lag), this.#at('low', lag)], (end, l) => sub(end!, l!)); }
}
