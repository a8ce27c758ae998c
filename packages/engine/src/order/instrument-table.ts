import {NameTable} from './name-table.ts';
import type {Instrument} from './rulebook.ts';

const POW10: readonly number[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const NO_REFERENCE = -1;

/** The instruments as columns, and the reference price of each. */
export class InstrumentTable {
  declare readonly names: NameTable;
  declare readonly count: number;
  /** decimals, and what they mean: units per whole and how many of nine fraction digits are beyond them, for price and for quantity */
  declare readonly priceDecimals: Int32Array;
  declare readonly qtyDecimals: Int32Array;
  declare readonly pricePow: Int32Array;
  declare readonly qtyPow: Int32Array;
  declare readonly pricePast: Int32Array;
  declare readonly qtyPast: Int32Array;
  declare readonly tickUnits: Float64Array;
  declare readonly lotUnits: Float64Array;
  declare readonly minQtyLots: Float64Array;
  declare readonly maxQtyLots: Float64Array;
  declare readonly maxPositionLots: Float64Array;
  declare readonly minNotionalCash: Float64Array;
  declare readonly maxNotionalCash: Float64Array;
  declare readonly cashPerTickLot: Float64Array;
  declare readonly collarBps: Float64Array;
  declare readonly refMaxAgeUs: Float64Array;
  /** ticks, and the time they came; refTime -1 = no reference yet */
  declare readonly bid: Float64Array;
  declare readonly ask: Float64Array;
  declare readonly refTime: Float64Array;

  constructor(instruments: readonly Instrument[]) {
    const column = (of: (instrument: Instrument) => number): Float64Array => Float64Array.from(instruments, of);
    const integers = (of: (instrument: Instrument) => number): Int32Array => Int32Array.from(instruments, of);
    this.count = instruments.length;
    this.names = new NameTable(instruments.map(({symbol}) => symbol));
    this.priceDecimals = integers(({priceDecimals}) => priceDecimals);
    this.qtyDecimals = integers(({qtyDecimals}) => qtyDecimals);
    this.pricePow = integers(({priceDecimals}) => POW10[priceDecimals]!);
    this.qtyPow = integers(({qtyDecimals}) => POW10[qtyDecimals]!);
    this.pricePast = integers(({priceDecimals}) => POW10[9 - priceDecimals]!);
    this.qtyPast = integers(({qtyDecimals}) => POW10[9 - qtyDecimals]!);
    this.tickUnits = column(({tickUnits}) => tickUnits);
    this.lotUnits = column(({lotUnits}) => lotUnits);
    this.minQtyLots = column(({minQtyLots}) => minQtyLots);
    this.maxQtyLots = column(({maxQtyLots}) => maxQtyLots);
    this.maxPositionLots = column(({maxPositionLots}) => maxPositionLots);
    this.minNotionalCash = column(({minNotionalCash}) => minNotionalCash);
    this.maxNotionalCash = column(({maxNotionalCash}) => maxNotionalCash);
    this.cashPerTickLot = column(({cashPerTickLot}) => cashPerTickLot);
    this.collarBps = column(({collarBps}) => collarBps);
    this.refMaxAgeUs = column(({refMaxAgeUs}) => refMaxAgeUs);
    this.bid = new Float64Array(this.count);
    this.ask = new Float64Array(this.count);
    this.refTime = new Float64Array(this.count).fill(NO_REFERENCE);
  }

  hasReference(symbol: number): boolean {
    return this.refTime[symbol] !== NO_REFERENCE;
  }
}
