import {REG_LAST_SEQ, REG_NOW, type Desk} from './desk.ts';
import {cancelUnasked, setStatus} from './lifecycle.ts';
import {SOURCE_SCRATCH} from './order-output.ts';
import {IN_DOUBT_STATUS, NO_STATUS, PENDING_NEW} from './order-status.ts';
import {F64, I32, NONE, O_ACCEPTED_AT, O_ACK_NEXT, O_STATUS, U8} from './order-store.ts';
import {DEAD_MAN, EXPIRED, IN_DOUBT} from './reason.ts';
import {report, send, sendVenueQuery} from './reports.ts';
import {cancelAffected, countAffected, prepareStateReport} from './trading-state-act.ts';
import {ACTION_DEAD_MAN, SCOPE_ACCOUNT, STATE_KILLED} from './trading-states.ts';

/** execType of our report about a status */
const EXEC_STATUS = 0x49;

/** Gives the prepared report the killId `T<seq>`. */
const nameByTick = (desk: Desk): void => {
  const id = `T${desk.reg[REG_LAST_SEQ]!}`;
  for (let i = 0; i < id.length; i++) desk.formerId[i] = id.charCodeAt(i);
  desk.out.setId(SOURCE_SCRATCH, 0, id.length);
};

const killAccount = (desk: Desk, account: number): void => {
  const range = {scope: SCOPE_ACCOUNT, target: account};
  desk.states.latch(desk.states.placeOf(SCOPE_ACCOUNT, account), STATE_KILLED);
  prepareStateReport(desk, ACTION_DEAD_MAN, range);
  desk.out.totalAffected = countAffected(desk, SCOPE_ACCOUNT, account);
  nameByTick(desk);
  send(desk);
  cancelAffected(desk, range, DEAD_MAN);
};

/** (a) Accounts whose owner has gone silent, in rulebook order. */
const killSilent = (desk: Desk): void => {
  const {accounts, reg, states} = desk;
  for (let account = 0; account < accounts.count; account++) {
    const limit = accounts.deadManUs[account]!;
    const seen = accounts.lastSeen[account]!;
    if (limit === 0 || seen < 0 || reg[REG_NOW]! - seen <= limit) continue;
    if (states.state[states.placeOf(SCOPE_ACCOUNT, account)] !== STATE_KILLED) killAccount(desk, account);
  }
};

/** (b) Working orders whose time is over, by (expireTime, sequence). */
const expire = (desk: Desk): void => {
  const {expiries, reg} = desk;
  while (expiries.isDue(reg, REG_NOW)) cancelUnasked(desk, expiries.firstSlot, EXPIRED);
};

/** (c) Orders that the venue has not acknowledged in time: no resend, only a question; the reservation stays. */
const doubt = (desk: Desk): void => {
  const {orders, reg, rules, unacknowledged} = desk;
  let slot = unacknowledged.head;
  while (slot !== NONE && reg[REG_NOW]! - orders.f64[slot * F64 + O_ACCEPTED_AT]! > rules.ackTimeoutUs) {
    const next = orders.i32[slot * I32 + O_ACK_NEXT]!;
    if (orders.u8[slot * U8 + O_STATUS] === PENDING_NEW) {
      setStatus(desk, slot, IN_DOUBT_STATUS, NO_STATUS);
      sendVenueQuery(desk, slot);
      report(desk, slot, EXEC_STATUS, IN_DOUBT);
    }
    slot = next;
  }
};

/** Message 0: what only time brings about. */
export const acceptTick = (desk: Desk): void => {
  killSilent(desk);
  expire(desk);
  doubt(desk);
};
