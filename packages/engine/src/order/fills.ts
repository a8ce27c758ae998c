import {GRID_LOT, GRID_TICK, scaleDecimal} from './decimal-scale.ts';
import {REG_FILL_CASH, REG_FILL_NOTIONAL, REG_FILL_PX, REG_FILL_QTY, REG_STEPS, type Desk} from './desk.ts';
import {bookFill} from './exposure.ts';
import {endOrder, setStatus} from './lifecycle.ts';
import {DEC_PRICE, DEC_QTY, type OrderEvent} from './order-event.ts';
import {R_LAST_PX, R_LAST_QTY} from './order-output.ts';
import {FILLED, isTerminal, NO_STATUS, PARTIAL, PENDING_CANCEL, PENDING_REPLACE} from './order-status.ts';
import {F64, O_CUM, O_CUM_NOTIONAL, O_QTY, O_STATUS, O_SYMBOL, U16, U8} from './order-store.ts';
import {FILL_FORMAT, FILL_RANGE, LATE_FILL, NO_REASON, OVERFILL} from './reason.ts';
import {prepareReport, reportBusinessReject, send} from './reports.ts';

const EXEC_TRADE = 0x46;

/** Reads the fill into the registers. The sums stay below 2^52: what would leave them is refused. */
const checkFill = (desk: Desk, event: OrderEvent, slot: number): number => {
  const {reg, rules} = desk;
  const {f64} = desk.orders;
  event.symbol = desk.orders.u16[slot * U16 + O_SYMBOL]!;
  if (!scaleDecimal(desk, event, DEC_QTY, GRID_LOT) || reg[REG_STEPS]! <= 0) return FILL_FORMAT;
  reg[REG_FILL_QTY] = reg[REG_STEPS]!;
  if (!scaleDecimal(desk, event, DEC_PRICE, GRID_TICK) || reg[REG_STEPS]! <= 0) return FILL_FORMAT;
  reg[REG_FILL_PX] = reg[REG_STEPS]!;
  const cashPerTickLot = desk.instruments.cashPerTickLot[event.symbol]!;
  const notional = reg[REG_FILL_PX]! * reg[REG_FILL_QTY]!;
  if (notional * cashPerTickLot > rules.sanityCash) return FILL_RANGE;
  if ((f64[slot * F64 + O_CUM_NOTIONAL]! + notional) * cashPerTickLot > rules.sanityCash) return FILL_RANGE;
  reg[REG_FILL_NOTIONAL] = notional;
  reg[REG_FILL_CASH] = notional * cashPerTickLot;
  return NO_REASON;
};

const nextStatus = (desk: Desk, slot: number, status: number): void => {
  const {f64} = desk.orders;
  if (isTerminal(status)) return;
  if (f64[slot * F64 + O_CUM]! >= f64[slot * F64 + O_QTY]!) endOrder(desk, slot, FILLED);
  else if (status === PENDING_CANCEL || status === PENDING_REPLACE) setStatus(desk, slot, status, PARTIAL);
  else setStatus(desk, slot, PARTIAL, NO_STATUS);
};

/** A venue's fill of a known order, in any status: a fill wins every race, and one too many is booked too, because the position is real. */
export const acceptFill = (desk: Desk, event: OrderEvent, slot: number): void => {
  const refused = checkFill(desk, event, slot);
  if (refused !== NO_REASON) {
    reportBusinessReject(desk, event, slot, refused);
    return;
  }
  const {open, orders, reg} = desk;
  const {f64, u8} = orders;
  const base = slot * F64;
  const status = u8[slot * U8 + O_STATUS]!;
  const wasOpen = !isTerminal(status);
  if (wasOpen) open.release(slot);
  f64[base + O_CUM]! += reg[REG_FILL_QTY]!;
  f64[base + O_CUM_NOTIONAL]! += reg[REG_FILL_NOTIONAL]!;
  if (wasOpen) open.reserve(slot);
  bookFill(desk, slot);
  nextStatus(desk, slot, status);
  const out = prepareReport(desk, slot, EXEC_TRADE);
  out.num[R_LAST_QTY] = reg[REG_FILL_QTY]!;
  out.num[R_LAST_PX] = reg[REG_FILL_PX]!;
  if (status === FILLED || f64[base + O_CUM]! > f64[base + O_QTY]!) out.text = OVERFILL;
  else if (!wasOpen) out.text = LATE_FILL;
  send(desk);
};
