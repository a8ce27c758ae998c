import type {InstrumentTable} from '../instrument-table.ts';
import type {NameTable} from '../name-table.ts';
import {DEC_DIGITS, DEC_FRACTION, DEC_NEGATIVE, DEC_WHOLE, TEXT_ACCOUNT, TEXT_SYMBOL} from '../order-event.ts';
import {R_AVG_DIGITS, R_AVG_WHOLE, type OrderOutput} from '../order-output.ts';
import {REASON_TEXT} from '../reason.ts';
import {Fragments, JsonWriter, quoted} from './json-writer.ts';

const QUOTE = 0x22;
const POINT = 0x2e;
const MINUS = 0x2d;
const HUNDRED_MILLION = 100_000_000;
/** avgPx has this many decimals more than the price */
const AVG_EXTRA_DECIMALS = 4;

/** a reason in quotes, null without one */
const REASONS = new Fragments(REASON_TEXT.map((text) => (text === '' ? 'null' : `"${text}"`)));

/** Writes the values of outputs: names, decimals of an instrument, reasons. */
export class FieldWriter extends JsonWriter {
  private readonly accounts: Fragments;
  private readonly symbols: Fragments;
  private readonly instruments: InstrumentTable;
  private readonly scratch: Float64Array = new Float64Array(1);

  constructor(names: {accounts: NameTable; instruments: InstrumentTable}) {
    super();
    this.accounts = quoted(names.accounts.names);
    this.symbols = quoted(names.instruments.names.names);
    this.instruments = names.instruments;
  }

  /** The account's name in quotes; one that the rulebook does not know as it was received. */
  account(out: OrderOutput): void {
    if (out.account >= 0) this.fragment(this.accounts, out.account);
    else this.received(out, TEXT_ACCOUNT);
  }

  symbol(out: OrderOutput): void {
    if (out.symbol >= 0) this.fragment(this.symbols, out.symbol);
    else this.received(out, TEXT_SYMBOL);
  }

  private received(out: OrderOutput, place: number): void {
    const {bytes, text} = out.event;
    this.octet(QUOTE);
    this.copy(bytes, text[place]!, text[place + 1]!);
    this.octet(QUOTE);
  }

  id(out: OrderOutput): void {
    this.copy(out.octetsOf(out.idSource), out.idStart, out.idLength);
  }

  refId(out: OrderOutput): void {
    this.copy(out.octetsOf(out.refSource), out.refStart, out.refLength);
  }

  reason(code: number): void {
    this.fragment(REASONS, code);
  }

  /** Lots that stand at `out.num[i]`, as a quantity of the output's symbol. */
  quantity(out: OrderOutput, i: number): void {
    const {lotUnits, qtyDecimals, qtyPow} = this.instruments;
    this.scratch[0] = out.num[i]! * lotUnits[out.symbol]!;
    this.decimal(qtyPow[out.symbol]!, qtyDecimals[out.symbol]!);
  }

  /** Ticks that stand at `out.num[i]`, as a price of the output's symbol. */
  price(out: OrderOutput, i: number): void {
    const {priceDecimals, pricePow, tickUnits} = this.instruments;
    this.scratch[0] = out.num[i]! * tickUnits[out.symbol]!;
    this.decimal(pricePow[out.symbol]!, priceDecimals[out.symbol]!);
  }

  /** `scratch[0]` units of 10^-decimals, not negative. */
  private decimal(pow: number, decimals: number): void {
    const units = this.scratch[0]!;
    if (decimals === 0) {
      this.integer(this.scratch, 0);
      return;
    }
    const whole = Math.floor(units / pow);
    this.scratch[0] = whole;
    this.integer(this.scratch, 0);
    this.octet(POINT);
    this.padded((units - whole * pow) | 0, decimals);
  }

  average(out: OrderOutput): void {
    const decimals = this.instruments.priceDecimals[out.symbol]! + AVG_EXTRA_DECIMALS;
    this.integer(out.num, R_AVG_WHOLE);
    this.octet(POINT);
    const digits = out.num[R_AVG_DIGITS]!;
    if (decimals <= 8) {
      this.padded(digits | 0, decimals);
      return;
    }
    const high = Math.floor(digits / HUNDRED_MILLION) | 0;
    this.padded(high, decimals - 8);
    this.padded((digits - high * HUNDRED_MILLION) | 0, 8);
  }

  /** A decimal of the causing event, digit by digit as it was received. */
  asReceived(out: OrderOutput, at: number): void {
    const {dec} = out.event;
    if (dec[at + DEC_NEGATIVE] !== 0) this.octet(MINUS);
    this.scratch[0] = dec[at + DEC_WHOLE]!;
    this.integer(this.scratch, 0);
    const digits = dec[at + DEC_DIGITS]!;
    if (digits === 0) return;
    this.octet(POINT);
    this.padded(dec[at + DEC_FRACTION]!, digits);
  }
}
