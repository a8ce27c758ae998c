import {Buffer} from 'node:buffer';
import {BatchOrderPath} from './batch-frame/batch-order-path.ts';
import type {FrameWriter} from './batch-frame/frame-writer.ts';
import {FRAME_BYTES_MAX} from './batch-frame/record-layout.ts';
import {monoNs} from './clock.ts';
import type {Digest} from './hot-path.ts';
import type {OutputPort, ServedPath} from './lane-server.ts';
import type {DeskPorts} from './order/desk.ts';
import type {JsonEncoder} from './order/json/json-encode.ts';
import {JsonOrderPath, type OutputSink} from './order/json/json-order-path.ts';
import type {OrderPath} from './order/order-path.ts';
import type {Rulebook} from './order/rulebook.ts';
import {OrderSnapshots} from './order-snapshots.ts';
import {secretBits} from './secret-bits.ts';

/**
 * Outputs are written into buffers of this size, one behind the other. What was not copied when it was sent is never written again; what was
 * copied is written over by the next output, so that a lane on a fast link lives in one buffer.
 */
const SLAB_BYTES = 128 * 1024;
/** a gathered record waits no longer than this */
const RECORD_AGE_NS_MAX = 200_000;
const TRAILER_MS = 100;
/** orders whose memory is asked for ahead, between messages */
const ORDERS_AHEAD = 1024;

/** loaded when the first state hash is asked for: see secret-bits.ts */
const sha256: Digest = () => process.getBuiltinModule('node:crypto').createHash('sha256');
const ports = (hashSeed: number = secretBits()): DeskPorts => ({digest: sha256, hashSeed});

/** Asks for the next orders' memory once the outputs in hand have left: a page that the system hands out costs as much as several orders. */
const aheadOf = (path: OrderPath): (() => void) => {
  let isPlanned = false;
  const touch = (): void => {
    isPlanned = false;
    path.touchAhead(ORDERS_AHEAD);
  };
  touch();
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(touch);
  };
};

/** One JSON object a message. `snapshotFolder`: where it keeps copies of its state and goes on from one; null: nowhere. */
export const jsonLane = (rules: Rulebook, port: OutputPort, snapshotFolder: string | null): ServedPath => {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let isUsed = false;
  const sink: OutputSink = {
    room(encoder: JsonEncoder, bytes: number) {
      if (isUsed && encoder.at + bytes <= SLAB_BYTES) return;
      isUsed = true;
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      encoder.use(slab, 0);
    },
    take(encoder: JsonEncoder, start: number) {
      if (port.send(slab.subarray(start, encoder.at))) encoder.use(slab, start);
    },
  };
  const make = (hashSeed: number): JsonOrderPath => new JsonOrderPath(rules, ports(hashSeed), sink);
  const {path: lane, snapshots} = snapshotFolder === null ? {path: make(secretBits()), snapshots: null} : OrderSnapshots.open(snapshotFolder, secretBits(), make);
  const rest = aheadOf(lane.path);
  return {
    accept: snapshots === null ? (message) => { lane.accept(message); } : (message) => {
      lane.accept(message);
      snapshots.after(message);
    },
    snapshot: snapshots?.start ?? null,
    flush: rest,
    counts: () => ({...lane.path.dropped, slowDecodes: lane.decoder.slow}),
    stop: () => undefined,
  };
};

/** Batch frames. A frame goes out when the input is used up, when it is full, or when its oldest record is too old. */
export const batchLane = (rules: Rulebook, port: OutputPort): ServedPath => {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let start = 0;
  let openedNs = 0;
  const epoch = secretBits();
  const flush = (writer: FrameWriter): void => {
    if (writer.count === 0) return;
    if (!port.send(slab.subarray(start, writer.at))) start = writer.at;
    if (start + FRAME_BYTES_MAX > SLAB_BYTES) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      start = 0;
    }
    writer.use(slab, start);
  };
  const lane = new BatchOrderPath(rules, ports(), {flush});
  const {writer} = lane;
  writer.use(slab, start);
  const rest = aheadOf(lane.path);
  const timer = setInterval(() => {
    if (port.isBlocked()) return;
    writer.trailer(epoch);
    flush(writer);
  }, TRAILER_MS);
  return {
    accept(message) {
      const now = monoNs();
      writer.stamp.monoNs[0] = now;
      if (writer.count === 0) openedNs = now;
      lane.acceptFrame(message);
      if (writer.count > 0 && now - openedNs > RECORD_AGE_NS_MAX) flush(writer);
    },
    flush() {
      flush(writer);
      rest();
    },
    snapshot: null,
    counts: () => ({...lane.path.dropped, frames: lane.reader.counts}),
    stop: () => { clearInterval(timer); },
  };
};
