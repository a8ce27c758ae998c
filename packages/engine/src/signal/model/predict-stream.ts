import type {LinkOutput} from './link-output.ts';
import type {ForestStream} from './stream/forest-stream.ts';

/** Rows of symbols one after the other: what a row costs is what has changed since the last one of its symbol. Predictions are those of the whole forest, to the bit. */
export interface PredictStream {
  /** The prediction for the next row of a symbol, 0 <= symbol < symbols. */
  predict(symbol: number, row: Float64Array): number;
  /** 1: every tree is walked for every row */
  walkedShare(): number;
}

/** What a stream needs of the compiled model. */
export interface WholeForest {
  readonly rawCount: number;
  readonly rowLength: number;
  raw(row: Float64Array, sums: Float64Array): void;
  predict(row: Float64Array): number;
}

/** Rows that are far from the last one of their symbol go through the whole forest; after 1, 2, 4 ... of them in succession, at most this many, the state follows, in case they are near to each other. */
const FAR_ROWS_MAX = 2 ** 10;

/** Over a stream of the forest for so many symbols; null: every row is a row of its own. */
export const predictStream = (whole: WholeForest, {stream, symbols, link}: {stream: ForestStream | null; symbols: number; link: LinkOutput}): PredictStream => {
  if (stream === null) return {predict: (_, row) => whole.predict(row), walkedShare: () => 1};
  const sums = new Float64Array(whole.rawCount), values = new Float64Array(whole.rawCount);
  const farRows = new Uint16Array(symbols), nextTry = new Uint16Array(symbols).fill(1);
  let wholeRows = 0;
  const far = (symbol: number, row: Float64Array): void => {
    if (++farRows[symbol]! <= nextTry[symbol]!) { wholeRows++; whole.raw(row, sums); return; }
    stream.follow(symbol, row, sums);
    farRows[symbol] = 0;
    nextTry[symbol] = Math.min(2 * nextTry[symbol]!, FAR_ROWS_MAX);
  };
  return {
    walkedShare: () => (stream.treesWalked + wholeRows * stream.trees) / (stream.trees * Math.max(1, stream.rows + wholeRows)),
    predict(symbol, row) {
      // refuses it
      if (row.length !== whole.rowLength) whole.raw(row, sums);
      if (!stream.raw(symbol, row, sums)) far(symbol, row);
      else if (farRows[symbol] !== 0) { farRows[symbol] = 0; nextTry[symbol] = 1; }
      link(sums, values);
      return values[0] as number;
    },
  };
};
