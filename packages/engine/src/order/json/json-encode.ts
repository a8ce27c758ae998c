import type {InstrumentTable} from '../instrument-table.ts';
import type {NameTable} from '../name-table.ts';
import {
  OUT_ANSWER, OUT_BUSINESS_REJECT, OUT_CANCEL_REJECT, OUT_EXECUTION_REPORT, OUT_REJECT, OUT_TRADING_STATE, OUT_VENUE_CANCEL, OUT_VENUE_NEW, OUT_VENUE_QUERY,
  OUT_VENUE_REPLACE, type OrderOutput,
} from '../order-output.ts';
import {writeAnswer, writeBusinessReject, writeReject, writeTradingState} from './encode-rare.ts';
import {writeCancelReject, writeExecutionReport} from './encode-report.ts';
import {writeVenueCancelOrQuery, writeVenueNew, writeVenueReplace} from './encode-venue.ts';
import {FieldWriter} from './field-writer.ts';

/** Writes outputs as JSON, octet for octet as docs/order-path.md section 9 says, one behind the other into a buffer of the caller. */
export class JsonEncoder {
  private readonly writer: FieldWriter;

  constructor(names: {accounts: NameTable; instruments: InstrumentTable}) {
    this.writer = new FieldWriter(names);
  }

  /** Where the next output starts in the buffer. */
  get at(): number {
    return this.writer.at;
  }

  /** From now on into this buffer, from `at`. Before each output OUTPUT_BYTES_MAX octets must be free. */
  use(bytes: Uint8Array, at: number): void {
    this.writer.use(bytes, at);
  }

  encode(out: OrderOutput): void {
    const {writer} = this;
    switch (out.kind) {
      case OUT_EXECUTION_REPORT: writeExecutionReport(writer, out); break;
      case OUT_VENUE_NEW: writeVenueNew(writer, out); break;
      case OUT_VENUE_REPLACE: writeVenueReplace(writer, out); break;
      case OUT_VENUE_CANCEL:
      case OUT_VENUE_QUERY: writeVenueCancelOrQuery(writer, out); break;
      case OUT_CANCEL_REJECT: writeCancelReject(writer, out); break;
      case OUT_REJECT: writeReject(writer, out); break;
      case OUT_BUSINESS_REJECT: writeBusinessReject(writer, out); break;
      case OUT_TRADING_STATE: writeTradingState(writer, out); break;
      case OUT_ANSWER: writeAnswer(writer, out); break;
    }
  }
}
