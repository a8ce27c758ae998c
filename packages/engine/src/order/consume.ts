import type {Desk} from './desk.ts';
import {DUP_CLORDID, NO_REASON, NOT_PERMITTED} from './reason.ts';
import {refillRates} from './risk-checks.ts';

/**
 * What a new order or a replace uses up: its clOrdId (in `desk.key`) and a token of each bucket. A rejection by 2 or 3 uses nothing,
 * one by 4 no id (it is there already); whether other rejections do is the rulebook's choice, because it changes later verdicts.
 */
export const consume = (desk: Desk, account: number, reason: number): void => {
  const {rules, rate} = desk;
  const accepted = reason === NO_REASON;
  if (!accepted && reason <= NOT_PERMITTED) return;
  if (reason !== DUP_CLORDID && (accepted || rules.rejectConsumesDuplicate)) desk.duplicates.insertChecked(desk.key);
  if (!accepted && !rules.rejectConsumesRate) return;
  if (!desk.refilled) refillRates(desk, account);
  rate.take(account);
  rate.take(desk.accounts.count);
};
