/** The rulebook as numbers the checks use: ticks, lots, cash units (10^-cashDecimals), microseconds. Made by `readRulebook`. */
export interface Instrument {
  readonly symbol: string;
  /** decimals written in tickSize and lotSize */
  readonly priceDecimals: number;
  readonly qtyDecimals: number;
  /** tickSize in 10^-priceDecimals, lotSize in 10^-qtyDecimals */
  readonly tickUnits: number;
  readonly lotUnits: number;
  readonly minQtyLots: number;
  readonly maxQtyLots: number;
  readonly maxPositionLots: number;
  readonly minNotionalCash: number;
  readonly maxNotionalCash: number;
  /** cash units of one tick times one lot; inexact only where it is beyond every limit */
  readonly cashPerTickLot: number;
  readonly collarBps: number;
  readonly refMaxAgeUs: number;
}

export interface Account {
  readonly account: string;
  /** positions in `instruments` */
  readonly symbols: readonly number[];
  readonly maxOpenCash: number;
  readonly creditCash: number;
  readonly rate: RateLimit;
  readonly cancelRate: RateLimit;
  readonly selfTrade: SelfTradeMode;
  /** 0 = off */
  readonly deadManUs: number;
}

export interface RateLimit {
  /** messages */
  readonly capacity: number;
  readonly perSecond: number;
}

export const SELF_TRADE_MODES = ['none', 'cancel-newest', 'cancel-oldest', 'cancel-both', 'decrement'] as const;
export type SelfTradeMode = (typeof SELF_TRADE_MODES)[number];

export interface Rulebook {
  readonly instruments: readonly Instrument[];
  readonly accounts: readonly Account[];
  readonly cashDecimals: number;
  readonly globalRate: RateLimit;
  /** keys per half of the window */
  readonly duplicateWindow: number;
  readonly rejectConsumesDuplicate: boolean;
  readonly rejectConsumesRate: boolean;
  readonly ackTimeoutUs: number;
  readonly resumeWindowUs: number;
  readonly sanityCash: number;
  readonly maxOpenPerSide: number;
  readonly maxOpenOrders: number;
  readonly terminalRetention: number;
}
