import {OrderPath} from '../order-path.ts';
import type {OrderOutput} from '../order-output.ts';
import type {DeskPorts} from '../desk.ts';
import type {Rulebook} from '../rulebook.ts';
import {JsonDecoder} from './json-decode.ts';
import {JsonEncoder} from './json-encode.ts';
import {OUTPUT_BYTES_MAX} from './json-writer.ts';

/** Where encoded outputs go: room first, then the output's octets in it. */
export interface OutputSink {
  /** A buffer with at least `bytes` octets free from `at`; asked before every output. */
  room(encoder: JsonEncoder, bytes: number): void;
  /** An output stands in the buffer from `start` to where the encoder is now. */
  take(encoder: JsonEncoder, start: number): void;
}

/** The order path with JSON at both edges: octets in, octets out. */
export class JsonOrderPath {
  readonly path: OrderPath;
  readonly decoder: JsonDecoder;
  private readonly encoder: JsonEncoder;
  private readonly sink: OutputSink;
  private readonly emit: (out: OrderOutput) => void;

  constructor(rules: Rulebook, ports: DeskPorts, sink: OutputSink) {
    this.path = new OrderPath(rules, ports);
    const {accounts, symbols, instruments} = this.path.names;
    this.decoder = new JsonDecoder({accounts, symbols});
    this.encoder = new JsonEncoder({accounts, instruments});
    this.sink = sink;
    this.emit = (out) => {
      this.sink.room(this.encoder, OUTPUT_BYTES_MAX);
      const start = this.encoder.at;
      this.encoder.encode(out);
      this.sink.take(this.encoder, start);
    };
  }

  accept(message: Uint8Array): void {
    this.path.accept(this.decoder.decode(message), 0, this.emit);
  }
}
