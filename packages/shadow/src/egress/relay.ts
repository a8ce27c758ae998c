import {OWNERS, type LaneLife, type RelayItem, type TaggedEffect} from '../flow/ownership-output.ts';
import type {Owner} from '@tandem/contract';
import type {GateView} from '../flow/ownership-control.ts';
import {openDealer} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender, type Sender} from '../endpoint/sender.ts';
import {LaneBuffer} from './relay-core.ts';
import {decodeJsonFrame, encodeBatch, encodeJsonFrame, RELAY_FRAME_BYTES_MAX, type GateToRelay} from './relay-wire.ts';

const BATCH_ITEMS_MAX = 256;
const BATCH_BYTES_MAX = 1024 * 1024;
/** batches on their way and not settled, per lane: more would only fill queues */
const IN_FLIGHT_ITEMS_MAX = 65_536;
const HEARTBEAT_MS = 50;

export interface RelayOptions {
  /** the gate's end, `ipc://…` */
  readonly endpoint: string;
  /** digests of the lanes' programs */
  readonly attest: Readonly<Record<Owner, string>>;
  readonly onView: (view: GateView) => void;
  /** the sender's memory shrank: there may be room to feed again */
  readonly onSettled: () => void;
  /** nothing is read any more: the run cannot go on */
  readonly onFault: (error: unknown) => void;
}

/** What a lane has with the relay. */
export interface RelayLane {
  /** unsettled items and bytes */
  readonly items: number;
  readonly sizeBytes: number;
}

/** Carries both lanes' outputs to the gate and keeps them until the gate has settled them, over restarts of the gate. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #buffers: Record<Owner, LaneBuffer>;
  readonly #cursor: Record<Owner, number> = {legacy: 0, candidate: 0};
  /** the gate asked for this stream in its present session */
  readonly #begun: Record<Owner, boolean> = {legacy: false, candidate: false};
  #endpoint: Awaited<ReturnType<typeof openDealer>> | null = null;
  #sender: Sender | null = null;
  #session = 0;
  #flushPlanned = false;
  #timer: NodeJS.Timeout | null = null;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#buffers = {legacy: new LaneBuffer('legacy', options.attest.legacy), candidate: new LaneBuffer('candidate', options.attest.candidate)};
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    relay.#endpoint = await openDealer({connect: options.endpoint, limits: {maxMessageBytes: RELAY_FRAME_BYTES_MAX, reconnectMs: 10, reconnectMaxMs: 50}});
    relay.#sender = createSender(relay.#endpoint, {maxQueued: 256, maxQueuedBytes: 64 * 1024 * 1024});
    receiveBurst(relay.#endpoint, ({messages}) => {
      for (const [frame] of messages) {
        const word = frame === undefined ? null : decodeJsonFrame(frame) as GateToRelay | null;
        if (word !== null) relay.#hear(word);
      }
    }).done.catch(options.onFault);
    relay.#timer = setInterval(() => relay.#heartbeat(), HEARTBEAT_MS);
    relay.greet();
    return relay;
  }

  get session(): number {
    return this.#session;
  }

  lane(owner: Owner): RelayLane {
    const buffer = this.#buffers[owner];
    return {items: buffer.count, sizeBytes: buffer.sizeBytes};
  }

  fed(owner: Owner, seq: number): void {
    const buffer = this.#buffers[owner];
    buffer.fedSeq = Math.max(buffer.fedSeq, seq);
  }

  output(owner: Owner, effect: TaggedEffect): void {
    this.#buffers[owner].output(effect);
    this.#planFlush();
  }

  watermark(owner: Owner, causeSeq: number): void {
    this.#buffers[owner].watermark(causeSeq);
    this.#planFlush();
  }

  /** `incarnation` counts the processes of the lane, from 0. */
  life(owner: Owner, life: LaneLife, incarnation: number): void {
    this.#buffers[owner].incarnation = incarnation;
    this.#buffers[owner].life(life);
    this.#planFlush();
  }

  /** Asks the gate who it is; done by itself, and at once after a gate was started again. */
  greet(): void {
    this.#sender?.offer(encodeJsonFrame({kind: 'hello'}));
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#sender?.close();
    this.#endpoint?.close();
  }

  #hear(word: GateToRelay): void {
    if (word.kind === 'welcome') {
      const isNew = word.session !== this.#session;
      this.#session = word.session;
      // A new gate has forgotten both streams, whatever it asks for.
      for (const lane of isNew ? OWNERS : word.lanes) this.#begin(lane);
      return;
    }
    if (word.session !== this.#session) return;
    if (word.kind === 'view') {
      this.#options.onView(word.view);
      return;
    }
    for (const lane of OWNERS) this.#buffers[lane].settle(word[lane]);
    this.#options.onSettled();
    this.#planFlush();
  }

  #begin(lane: Owner): void {
    const start = this.#buffers[lane].start();
    if (this.#sender?.offer(encodeJsonFrame({kind: 'start', start})) !== true) return;
    this.#cursor[lane] = start.pos;
    this.#begun[lane] = true;
    this.#planFlush();
  }

  #planFlush(): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    setImmediate(() => {
      this.#flushPlanned = false;
      for (const lane of OWNERS) this.#flush(lane);
    });
  }

  #flush(lane: Owner): void {
    const buffer = this.#buffers[lane];
    while (this.#begun[lane] && this.#cursor[lane] < buffer.nextPos && this.#cursor[lane] - buffer.settledPos < IN_FLIGHT_ITEMS_MAX) {
      const items = cutBatch(buffer.from(this.#cursor[lane], BATCH_ITEMS_MAX));
      const last = items.at(-1);
      if (last === undefined || !this.#sendBatch(lane, items)) return;
      this.#cursor[lane] = last.pos + 1;
    }
  }

  #sendBatch(lane: Owner, items: readonly RelayItem[]): boolean {
    const firstPos = items[0]?.pos ?? this.#cursor[lane];
    const frame = encodeBatch({kind: 'batch', lane, fedSeq: this.#buffers[lane].fedSeq, firstPos, sentBefore: firstPos + items.length, items});
    return this.#sender?.offer(frame) === true;
  }

  /** An empty batch: says how far we are, so that a hole at the end is noticed and a lost greeting is made good. */
  #heartbeat(): void {
    for (const lane of OWNERS) {
      if (this.#begun[lane]) this.#sendBatch(lane, []);
      else this.greet();
    }
    this.#planFlush();
  }
}

function cutBatch(items: RelayItem[]): RelayItem[] {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    bytes += item.kind === 'output' ? item.payload.byteLength + 64 : 16;
    if (bytes > BATCH_BYTES_MAX && index > 0) return items.slice(0, index);
  }
  return items;
}
