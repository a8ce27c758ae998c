import type {NameTable} from '../name-table.ts';
import {OrderEvent} from '../order-event.ts';
import {FastDecode} from './fast-decode.ts';
import {MESSAGE_BYTES_MAX, SlowDecode} from './slow-decode.ts';

/** longest message the scanner looks at; longer ones are padding or mischief */
const FAST_BYTES_MAX = 2048;
/** a zero octet that ends every scan, and room for reading four octets at a time */
const SLACK_BYTES = 64;

/**
 * One JSON message in, one event out; never throws, whatever the octets are. The message is copied once into a buffer of our own:
 * the scanner needs its end marked, and a receive buffer must not be held.
 */
export class JsonDecoder {
  /** filled by `decode`, valid until the next */
  readonly event: OrderEvent = new OrderEvent();
  /** messages that needed the exact decoder */
  slow = 0;
  private readonly bytes: Uint8Array = new Uint8Array(FAST_BYTES_MAX + SLACK_BYTES);
  private readonly fastDecode: FastDecode;
  private readonly slowDecode: SlowDecode;

  constructor(names: {accounts: NameTable; symbols: NameTable}) {
    this.fastDecode = new FastDecode(this.bytes, {event: this.event, ...names});
    this.slowDecode = new SlowDecode({event: this.event, ...names});
  }

  decode(message: Uint8Array): OrderEvent {
    const {length} = message;
    if (length <= FAST_BYTES_MAX) {
      this.bytes.set(message);
      this.bytes[length] = 0;
      if (this.fastDecode.decode(length)) return this.event;
    }
    this.slow++;
    this.slowDecode.decode(length > MESSAGE_BYTES_MAX ? message.subarray(0, MESSAGE_BYTES_MAX + 1) : message);
    return this.event;
  }
}
