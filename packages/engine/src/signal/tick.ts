/** Values of one tick in the order of the mailbox; the same order as the columns of a tick store. */
export const INPUT_FIELDS = ['price', 'high', 'low', 'volume', 'bidSize', 'askSize', 'reference'] as const;
export type InputField = (typeof INPUT_FIELDS)[number];

/** One tick (or closed bar) of one symbol. */
export interface Tick {
  /** index of the symbol, 0 <= symbol < symbols of the engine */
  readonly symbol: number;
  /** µs since 1970, when it happened, not when it arrived */
  readonly eventTimeUs: number;
  /** {@link INPUT_FIELDS}: `reference` is the price of the benchmark at that moment */
  readonly values: Float64Array;
}
