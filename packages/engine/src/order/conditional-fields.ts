import {MSG_NEW, MSG_VENUE_REPORT, type OrderEvent} from './order-event.ts';
import {LIMIT, STOP, TIF_GTD} from './order-status.ts';
import {NO_REASON, SCHEMA_EXTRA, SCHEMA_MISSING} from './reason.ts';
import {F_EXPIRE_TIME, F_LAST_PX, F_LAST_QTY, F_PRICE, F_STOP_PX} from './schema-field.ts';

const EXEC_TRADE = 0x46;

/** A condition of one optional field: the first that is not kept decides. */
const check = (event: OrderEvent, present: number, field: number, wanted: boolean): boolean => {
  if (((present >>> field) & 1) === (wanted ? 1 : 0)) return true;
  event.reason = wanted ? SCHEMA_MISSING : SCHEMA_EXTRA;
  event.field = wanted ? field : 0;
  return false;
};

/**
 * Step 5 of the schema: which optional fields must and must not be there, given the others.
 * @param present a bit per field code
 * @returns are all conditions kept? If not, `reason` and `field` of the event say which is the first that is not.
 */
export const checkConditions = (event: OrderEvent, kind: number, present: number): boolean => {
  event.reason = NO_REASON;
  if (kind === MSG_NEW) {
    return check(event, present, F_PRICE, event.ordType === LIMIT) && check(event, present, F_STOP_PX, event.ordType === STOP)
      && (event.tif === TIF_GTD || check(event, present, F_EXPIRE_TIME, false));
  }
  if (kind !== MSG_VENUE_REPORT) return true;
  const isTrade = event.execType === EXEC_TRADE;
  return check(event, present, F_LAST_QTY, isTrade) && check(event, present, F_LAST_PX, isTrade);
};
