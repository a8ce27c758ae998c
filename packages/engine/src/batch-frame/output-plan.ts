import {
  OUT_ANSWER, OUT_BUSINESS_REJECT, OUT_CANCEL_REJECT, OUT_EXECUTION_REPORT, OUT_REJECT, OUT_TRADING_STATE, OUT_VENUE_CANCEL, OUT_VENUE_NEW, OUT_VENUE_QUERY, OUT_VENUE_REPLACE,
} from '../order/order-output.ts';

/** Payload octets of each kind of output without names (docs/batch-frame.md section 4). */
export const OUTPUT_BYTES: Readonly<Record<number, number>> = {
  [OUT_EXECUTION_REPORT]: 176, [OUT_CANCEL_REJECT]: 104, [OUT_REJECT]: 8, [OUT_BUSINESS_REJECT]: 8, [OUT_TRADING_STATE]: 48, [OUT_VENUE_NEW]: 48,
  [OUT_VENUE_REPLACE]: 32, [OUT_VENUE_CANCEL]: 16, [OUT_VENUE_QUERY]: 16, [OUT_ANSWER]: 104,
};
export const STATE_HASH_AT = 40;
export const STATE_HASH_BYTES = 64;
