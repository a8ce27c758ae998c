import type {DeskPorts} from '../order/desk.ts';
import type {OrderEvent} from '../order/order-event.ts';
import type {OrderOutput} from '../order/order-output.ts';
import {OrderPath} from '../order/order-path.ts';
import type {Rulebook} from '../order/rulebook.ts';
import {FrameReader} from './frame-reader.ts';
import {FrameWriter} from './frame-writer.ts';
import {encodeOutput} from './output-encode.ts';

/** Where finished frames go. */
export interface FrameSink {
  /** The writer's frame is full or due: take the octets from the frame's start to `writer.at`, then `use` a buffer for the next. */
  flush(writer: FrameWriter): void;
}

/** The order path with batch frames at both edges. */
export class BatchOrderPath {
  readonly path: OrderPath;
  readonly reader: FrameReader;
  readonly writer: FrameWriter = new FrameWriter();
  private readonly accept: (event: OrderEvent) => void;

  constructor(rules: Rulebook, ports: DeskPorts, sink: FrameSink) {
    const {writer} = this;
    const path = new OrderPath(rules, ports);
    const reader = new FrameReader(path.names);
    const emit = (out: OrderOutput): void => {
      encodeOutput(writer, out);
      if (writer.isFull) sink.flush(writer);
    };
    this.path = path;
    this.reader = reader;
    this.accept = (event) => {
      writer.stamp.srcId = reader.source;
      path.accept(event, 0, emit);
    };
  }

  /** Decides every record of a frame; outputs gather in the writer's frame. */
  acceptFrame(frame: Uint8Array): void {
    this.reader.read(frame, this.accept);
  }
}
