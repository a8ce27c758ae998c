/** Statuses of an order as character codes (FIX 39, and `U` in doubt, which is written `A`). */
export const PENDING_NEW = 0x41;
export const WORKING = 0x30;
export const PARTIAL = 0x31;
export const PENDING_CANCEL = 0x36;
export const PENDING_REPLACE = 0x45;
export const IN_DOUBT_STATUS = 0x55;
export const FILLED = 0x32;
export const CANCELED = 0x34;
export const REJECTED = 0x38;
export const EXPIRED_STATUS = 0x43;
/** no previous status */
export const NO_STATUS = 0;

export const isTerminal = (status: number): boolean => status === FILLED || status === CANCELED || status === REJECTED || status === EXPIRED_STATUS;
export const isWorking = (status: number): boolean => status === WORKING || status === PARTIAL;
/** not yet acknowledged by the venue */
export const isUnacknowledged = (status: number): boolean => status === PENDING_NEW || status === IN_DOUBT_STATUS;
/** as reports show it: doubt is our own matter */
export const shownStatus = (status: number): number => (status === IN_DOUBT_STATUS ? PENDING_NEW : status);

export const BUY = 0x31;
export const SELL = 0x32;
export const MARKET = 0x31;
export const LIMIT = 0x32;
export const STOP = 0x33;
export const TIF_GTD = 0x36;
export const REDUCE_ONLY_INST = 0x45;
