import {NameTable} from './name-table.ts';
import {SELF_TRADE_MODES, type Account} from './rulebook.ts';

/** Positions in SELF_TRADE_MODES. */
export const MODE_NONE = 0;
export const MODE_CANCEL_NEWEST = 1;
export const MODE_CANCEL_OLDEST = 2;
export const MODE_CANCEL_BOTH = 3;
export const MODE_DECREMENT = 4;

const NEVER = -1;

/** The accounts as columns. */
export class AccountTable {
  declare readonly names: NameTable;
  declare readonly count: number;
  declare readonly maxOpenCash: Float64Array;
  declare readonly creditCash: Float64Array;
  declare readonly selfTrade: Uint8Array;
  declare readonly deadManUs: Float64Array;
  /** time of the last D, F or G, -1 = none yet */
  declare readonly lastSeen: Float64Array;
  /** 1 where account * symbols + symbol is permitted */
  private declare readonly permitted: Uint8Array;
  private declare readonly symbols: number;

  constructor(accounts: readonly Account[], symbols: number) {
    this.count = accounts.length;
    this.symbols = symbols;
    this.names = new NameTable(accounts.map(({account}) => account));
    this.maxOpenCash = Float64Array.from(accounts, ({maxOpenCash}) => maxOpenCash);
    this.creditCash = Float64Array.from(accounts, ({creditCash}) => creditCash);
    this.selfTrade = Uint8Array.from(accounts, ({selfTrade}) => SELF_TRADE_MODES.indexOf(selfTrade));
    this.deadManUs = Float64Array.from(accounts, ({deadManUs}) => deadManUs);
    this.lastSeen = new Float64Array(this.count).fill(NEVER);
    this.permitted = new Uint8Array(this.count * symbols);
    accounts.forEach((account, i) => account.symbols.forEach((symbol) => { this.permitted[i * symbols + symbol] = 1; }));
  }

  isPermitted(account: number, symbol: number): boolean {
    return this.permitted[account * this.symbols + symbol] === 1;
  }
}
