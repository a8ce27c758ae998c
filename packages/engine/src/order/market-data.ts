import {GRID_TICK, scaleDecimal} from './decimal-scale.ts';
import {REG_NOW, REG_STEPS, type Desk} from './desk.ts';
import {DEC_PRICE, DEC_QTY, type OrderEvent} from './order-event.ts';
import {MD_FORMAT, UNKNOWN_SYMBOL} from './reason.ts';
import {reportBusinessReject} from './reports.ts';

/** Message W: both prices on the grid, positive, not crossed; they are the reference from now on. (The bid stands in the event's DEC_QTY.) */
export const acceptMarketData = (desk: Desk, event: OrderEvent): void => {
  const {instruments, reg} = desk;
  const {symbol} = event;
  if (symbol < 0) {
    reportBusinessReject(desk, event, -1, UNKNOWN_SYMBOL);
    return;
  }
  const askFits = scaleDecimal(desk, event, DEC_PRICE, GRID_TICK);
  const ask = reg[REG_STEPS]!;
  const bidFits = scaleDecimal(desk, event, DEC_QTY, GRID_TICK);
  const bid = reg[REG_STEPS]!;
  if (!askFits || !bidFits || bid <= 0 || bid > ask) {
    reportBusinessReject(desk, event, -1, MD_FORMAT);
    return;
  }
  instruments.bid[symbol] = bid;
  instruments.ask[symbol] = ask;
  instruments.refTime[symbol] = reg[REG_NOW]!;
};
