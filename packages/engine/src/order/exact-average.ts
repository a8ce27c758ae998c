/** Places of the operands: sum of lastPx * lastQty (ticks * lots, below 2^52), lots (1..2^52), tick in 10^-decimals, 10^decimals. */
export const AVG_NOTIONAL = 0;
export const AVG_QTY = 1;
export const AVG_TICK_UNITS = 2;
export const AVG_PRICE_POW = 3;
/** Places of the result: the part before the point, and the digits behind it (price decimals + 4) as a number. */
export const AVG_WHOLE = 4;
export const AVG_DIGITS = 5;
export const AVG_SIZE = 6;

/** four more digits than a price has */
const FINER = 10_000;
const EXACT = 2 ** 53;

const averageSlow = (reg: Float64Array): void => {
  const scaled = BigInt(reg[AVG_NOTIONAL]!) * BigInt(reg[AVG_TICK_UNITS]!) * BigInt(FINER);
  const divisor = BigInt(reg[AVG_QTY]!);
  let quotient = scaled / divisor;
  const twice = (scaled - quotient * divisor) * 2n;
  if (twice > divisor || (twice === divisor && (quotient & 1n) === 1n)) quotient += 1n;
  const unit = BigInt(reg[AVG_PRICE_POW]!) * BigInt(FINER);
  reg[AVG_WHOLE] = Number(quotient / unit);
  reg[AVG_DIGITS] = Number(quotient % unit);
};

/** The average price, rounded half to even from the exact quotient. In doubles while every product is exact, else in BigInt. */
export const exactAverage = (reg: Float64Array): void => {
  const notional = reg[AVG_NOTIONAL]!;
  const qty = reg[AVG_QTY]!;
  const scale = reg[AVG_TICK_UNITS]! * FINER;
  // a quotient of doubles is never below the true one's floor, and above it by one at most
  let ticks = Math.floor(notional / qty);
  let rest = notional - ticks * qty;
  if (rest < 0) {
    ticks -= 1;
    rest += qty;
  }
  const scaledRest = rest * scale;
  if (scaledRest + qty >= EXACT || (ticks + 1) * scale >= EXACT) {
    averageSlow(reg);
    return;
  }
  let below = Math.floor(scaledRest / qty);
  let remainder = scaledRest - below * qty;
  if (remainder < 0) {
    below -= 1;
    remainder += qty;
  }
  let quotient = ticks * scale + below;
  if (remainder * 2 > qty || (remainder * 2 === qty && quotient % 2 === 1)) quotient += 1;
  const unit = reg[AVG_PRICE_POW]! * FINER;
  const whole = Math.floor(quotient / unit);
  reg[AVG_WHOLE] = whole;
  reg[AVG_DIGITS] = quotient - whole * unit;
};
