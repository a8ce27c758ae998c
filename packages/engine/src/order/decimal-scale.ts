import {REG_STEPS, type Desk} from './desk.ts';
import {DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_WHOLE} from './order-event.ts';
import type {OrderEvent} from './order-event.ts';

/** 10^(9 - digits): brings a fraction as written to nine digits */
const TO_NINE = Int32Array.of(1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1);

export const GRID_LOT = 0;
export const GRID_TICK = 1;

/**
 * Brings the decimal at `dec` of the event to lots or ticks of the event's symbol, in REG_STEPS.
 * Exact: whole < 10^9 and at most six decimals keep every product below 2^53. A value between two steps is rounded up, so that
 * `steps <= n` says the same as `value <= n * step` for every integer n.
 * @returns is it a multiple of the step?
 */
export const scaleDecimal = (desk: Desk, event: OrderEvent, dec: number, grid: number): boolean => {
  const {instruments, reg} = desk;
  const {symbol} = event;
  const isLot = grid === GRID_LOT;
  const pow = isLot ? instruments.qtyPow[symbol]! : instruments.pricePow[symbol]!;
  const past = isLot ? instruments.qtyPast[symbol]! : instruments.pricePast[symbol]!;
  const stepUnits = isLot ? instruments.lotUnits[symbol]! : instruments.tickUnits[symbol]!;
  const fraction = event.dec[dec + DEC_FRACTION]! * TO_NINE[event.dec[dec + DEC_DIGITS]!]!;
  const inUnits = (fraction / past) | 0;
  const units = event.dec[dec + DEC_WHOLE]! * pow + inUnits;
  const steps = stepUnits === 1 ? units : Math.floor(units / stepUnits);
  const exact = inUnits * past === fraction && steps * stepUnits === units;
  if (event.dec[dec + DEC_NEGATIVE] !== 0) reg[REG_STEPS] = -steps;
  else reg[REG_STEPS] = exact ? steps : steps + 1;
  return exact;
};
