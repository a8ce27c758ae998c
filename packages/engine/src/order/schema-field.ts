/** Every field of an input, by code (docs/batch-frame.md section 5). Never renumber, only append. */
export const FIELD_NAME: readonly string[] = [
  '', 'msgType', 'msgSeqNum', 'transactTime', 'account', 'symbol', 'clOrdId', 'side', 'ordType', 'orderQty', 'price', 'stopPx', 'tif', 'expireTime', 'execInst',
  'origClOrdId', 'scope', 'target', 'action', 'cancelOpen', 'killId', 'orderId', 'execId', 'execType', 'lastQty', 'lastPx', 'bidPx', 'askPx', 'testReqId', 'stateHash',
];

export const F_MSG_TYPE = 1;
export const F_MSG_SEQ_NUM = 2;
export const F_TRANSACT_TIME = 3;
export const F_ACCOUNT = 4;
export const F_SYMBOL = 5;
export const F_CL_ORD_ID = 6;
export const F_SIDE = 7;
export const F_ORD_TYPE = 8;
export const F_ORDER_QTY = 9;
export const F_PRICE = 10;
export const F_STOP_PX = 11;
export const F_TIF = 12;
export const F_EXPIRE_TIME = 13;
export const F_EXEC_INST = 14;
export const F_ORIG_CL_ORD_ID = 15;
export const F_SCOPE = 16;
export const F_TARGET = 17;
export const F_ACTION = 18;
export const F_CANCEL_OPEN = 19;
export const F_KILL_ID = 20;
export const F_ORDER_ID = 21;
export const F_EXEC_ID = 22;
export const F_EXEC_TYPE = 23;
export const F_LAST_QTY = 24;
export const F_LAST_PX = 25;
export const F_BID_PX = 26;
export const F_ASK_PX = 27;
export const F_TEST_REQ_ID = 28;
export const F_STATE_HASH = 29;
