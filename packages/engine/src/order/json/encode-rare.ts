import {R_REF_SEQ, type OrderOutput} from '../order-output.ts';
import {ILLEGAL, REASON_TEXT} from '../reason.ts';
import {FIELD_NAME} from '../schema-field.ts';
import {ACTION_NAME, SCOPE_ACCOUNT, SCOPE_NAME, SCOPE_SYMBOL} from '../trading-states.ts';
import type {FieldWriter} from './field-writer.ts';

/** What is seldom sent is written from texts: short code counts more than nanoseconds here. */
const put = (to: FieldWriter, text: string): void => {
  for (let i = 0; i < text.length; i++) to.octet(text.charCodeAt(i));
};

const letterOrNull = (code: number): string => (code === 0 ? 'null' : `"${String.fromCharCode(code)}"`);
const head = (kind: string, out: OrderOutput): string => `{"msgType":"${kind}","refSeqNum":${out.num[R_REF_SEQ]!}`;

export const writeReject = (to: FieldWriter, out: OrderOutput): void => {
  const field = out.field === 0 ? '' : `:${FIELD_NAME[out.field]!}`;
  put(to, `${head('3', out)},"account":"","refMsgType":${letterOrNull(out.refMsgType)},"text":"${REASON_TEXT[out.text]!}${field}"}`);
};

export const writeBusinessReject = (to: FieldWriter, out: OrderOutput): void => {
  put(to, `${head('j', out)},"account":`);
  if (out.account < 0) put(to, '""');
  else to.account(out);
  const detail = out.text === ILLEGAL ? `:${String.fromCharCode(out.illegalStatus)}:${String.fromCharCode(out.illegalEvent)}` : '';
  put(to, `,"refMsgType":${letterOrNull(out.refMsgType)},"text":"${REASON_TEXT[out.text]!}${detail}"}`);
};

export const writeTradingState = (to: FieldWriter, out: OrderOutput): void => {
  put(to, `${head('r', out)},"account":`);
  if (out.scope === SCOPE_ACCOUNT) to.account(out);
  else put(to, '""');
  put(to, `,"scope":"${SCOPE_NAME[out.scope]!}","target":`);
  if (out.scope === SCOPE_ACCOUNT) to.account(out);
  else if (out.scope === SCOPE_SYMBOL) to.symbol(out);
  else put(to, '""');
  put(to, `,"action":"${ACTION_NAME[out.action]!}","killId":"`);
  to.id(out);
  put(to, `","totalAffected":${out.totalAffected}}`);
};

export const writeAnswer = (to: FieldWriter, out: OrderOutput): void => {
  put(to, `${head('0', out)},"testReqId":"`);
  to.id(out);
  put(to, out.stateHash === '' ? '","stateHash":null}' : `","stateHash":"${out.stateHash}"}`);
};
