import type {InputSpec} from '@tandem/contract';
import type {WireDirection, WireEvent, WireMessage, WireSink, WireTraffic} from '@tandem/zmtp';
import {messageBytes, writeGap, writeHead, writeLength, type MessageHead} from './observation-record.ts';
import type {RingWriter} from './observation-ring.ts';
import {wireRoles, type WireRoles} from './wire-roles.ts';

const NO_IDENTITY = new Uint8Array(0);
const NOT_OBSERVED = 'not observed: the tap read headers only';
const STEPPED_ASIDE = 'the tap had stepped aside';

/** One of the two streams of a tapped input. */
interface Stream {
  readonly index: number;
  /** position of the message that came last */
  seq: number;
  /** messages that came and are not in the ring, not yet stated; and why */
  owed: number;
  owedUnknown: boolean;
  reason: string;
}

interface Link {
  readonly roles: WireRoles;
  readonly identity: Uint8Array;
  readonly epoch: number;
  /** its messages are wanted: all, but of publications one subscriber's copy only */
  readonly isRecorded: boolean;
  /** last seq by direction */
  readonly last: Record<WireDirection, number>;
}

export interface RecorderCounts {
  /** messages in the ring, by stream */
  readonly input: number;
  readonly replies: number;
  /** octets of their parts */
  readonly bytes: number;
  /** messages that were seen and are not in the ring, each within a gap */
  readonly lost: number;
  /** copies of publications for further subscribers: forwarded, not kept */
  readonly copies: number;
  readonly handshakes: number;
  /** connections whose sockets are not those of the pattern */
  readonly misfits: number;
  /** connections of which nothing can be read */
  readonly opaque: number;
  readonly desync: number;
}

/** What is observed goes into the ring, or into a gap with an exact count. Nothing here waits, and nothing is made for a message. */
export class WireRecorder implements WireSink {
  readonly #ring: RingWriter;
  readonly #pattern: InputSpec['pattern'];
  readonly #links = new Map<number, Link>();
  readonly #streams: {readonly input: Stream; readonly replies: Stream};
  readonly #head: MessageHead = {stream: 0, epoch: 0, seq: 0, tMonoNs: 0, identity: NO_IDENTITY};
  readonly #onEvent: (event: WireEvent) => void;
  #bytes = 0;
  #lost = 0;
  #copies = 0;
  #handshakes = 0;
  #misfits = 0;
  #opaque = 0;
  #desync = 0;
  readonly #inRing = {input: 0, replies: 0};
  /** of the last connection: where the input goes */
  #inputDirection: WireDirection = 'up';
  /** messages by direction that were not handed out and are stated */
  readonly #skipped = {up: 0, down: 0};
  readonly #splicedStated = {up: 0, down: 0};
  /** connection whose copy of the publications is kept */
  #subscriber: number | null = null;
  isOpen = true;

  constructor(options: {readonly ring: RingWriter; readonly pattern: InputSpec['pattern']; readonly streams: {readonly input: number; readonly replies: number}; readonly onEvent: (event: WireEvent) => void}) {
    this.#ring = options.ring;
    this.#pattern = options.pattern;
    this.#onEvent = options.onEvent;
    const stream = (index: number): Stream => ({index, seq: 0, owed: 0, owedUnknown: false, reason: ''});
    this.#streams = {input: stream(options.streams.input), replies: stream(options.streams.replies)};
  }

  counts(): RecorderCounts {
    return {...this.#inRing, bytes: this.#bytes, lost: this.#lost, copies: this.#copies, handshakes: this.#handshakes, misfits: this.#misfits, opaque: this.#opaque, desync: this.#desync};
  }

  message(message: WireMessage): void {
    const link = this.#links.get(message.connection);
    if (!this.isOpen || link === undefined) return;
    const {direction, seq} = message;
    const skipped = seq - link.last[direction] - 1;
    link.last[direction] = seq;
    if (!link.isRecorded) {
      this.#copies += 1;
      return;
    }
    const name = direction === link.roles.input ? 'input' : 'replies';
    const stream = this.#streams[name];
    if (skipped > 0) {
      this.#skipped[direction] += skipped;
      this.#owe(stream, skipped, NOT_OBSERVED);
    }
    stream.seq += 1;
    if (message.isTruncated) return this.#refuse(stream, 'a message longer than the tap keeps');
    const from = link.roles.hasEnvelope ? afterEnvelope(message) : 0;
    const count = message.partCount - from;
    let partsBytes = 0;
    for (let index = from; index < message.partCount; index += 1) partsBytes += message.partBytes(index);
    if (!this.#settle(stream, link.epoch, message.tMonoNs, stream.seq - 1)) return this.#refuse(stream, 'the log was too slow');
    const head = this.#head;
    head.stream = stream.index;
    head.epoch = link.epoch;
    head.seq = stream.seq;
    head.tMonoNs = message.tMonoNs;
    head.identity = link.identity;
    const at = this.#ring.reserve(messageBytes(head, count, partsBytes));
    if (at < 0) return this.#refuse(stream, 'the log was too slow');
    let place = writeHead(this.#ring, at, head, count);
    for (let index = from; index < message.partCount; index += 1) {
      const bytes = message.copyPart(index, this.#ring.octets, place);
      writeLength(this.#ring, at, index - from, bytes);
      place += bytes;
    }
    this.#ring.commit();
    this.#inRing[name] += 1;
    this.#bytes += partsBytes;
  }

  event(event: WireEvent): void {
    if (event.kind === 'handshake') this.#join(event);
    else if (event.kind === 'opaque') this.#opaque += 1;
    else if (event.kind === 'desync') {
      this.#desync += 1;
      this.#unknown(event.connection, event.direction, `the octets of a connection could not be read further: ${event.seen}`);
    } else if (event.kind === 'closed') this.#leave(event);
    this.#onEvent(event);
  }

  /** Keeps nothing more, and states what was forwarded and not kept. False while there is no room even for that: call it again. */
  finish(traffic: Readonly<Record<WireDirection, WireTraffic>>, tMonoNs: number): boolean {
    if (this.isOpen) {
      this.isOpen = false;
      for (const direction of ['up', 'down'] as const) {
        const stream = this.#streams[direction === this.#inputDirection ? 'input' : 'replies'];
        const {unobserved, splicedBytes} = traffic[direction];
        if (unobserved > this.#skipped[direction]) this.#owe(stream, unobserved - this.#skipped[direction], NOT_OBSERVED);
        if (splicedBytes > this.#splicedStated[direction]) this.#oweUnknown(stream, STEPPED_ASIDE);
      }
    }
    return [this.#streams.input, this.#streams.replies].every((stream) => this.#settle(stream, 0, tMonoNs, stream.seq));
  }

  #join(event: Extract<WireEvent, {kind: 'handshake'}>): void {
    this.#handshakes += 1;
    const roles = wireRoles(this.#pattern, event.up.socketType, event.down.socketType);
    this.#inputDirection = roles.input;
    if (!roles.fits) this.#misfits += 1;
    const isRecorded = this.#pattern !== 'pub-sub' || this.#subscriber === null;
    if (this.#pattern === 'pub-sub') this.#subscriber ??= event.connection;
    const asker = roles.input === 'up' ? event.up : event.down;
    const other = roles.input === 'up' ? event.down : event.up;
    const identity = asker.identity === '' ? other.identity : asker.identity;
    this.#links.set(event.connection, {
      roles, isRecorded, epoch: event.epoch, last: {up: 0, down: 0},
      identity: Buffer.from((identity === '' ? `#${event.connection}` : identity).slice(0, 255), 'utf8'),
    });
  }

  #leave(event: Extract<WireEvent, {kind: 'closed'}>): void {
    const link = this.#links.get(event.connection);
    this.#links.delete(event.connection);
    if (link === undefined || !this.isOpen) return;
    if (link.isRecorded) this.#leftBehind(link, event);
    if (this.#subscriber === event.connection) this.#follow(event.tMonoNs);
  }

  #leftBehind(link: Link, event: Extract<WireEvent, {kind: 'closed'}>): void {
    for (const direction of ['up', 'down'] as const) {
      const stream = this.#streams[direction === link.roles.input ? 'input' : 'replies'];
      const {messages, splicedBytes, opaqueFrames} = event[direction];
      const unseen = messages - link.last[direction];
      if (unseen > 0) {
        this.#skipped[direction] += unseen;
        this.#owe(stream, unseen, NOT_OBSERVED);
      }
      this.#splicedStated[direction] += splicedBytes;
      if (splicedBytes > 0 && opaqueFrames === 0) this.#oweUnknown(stream, STEPPED_ASIDE);
    }
  }

  /** The copy that is kept ended: another subscriber's takes its place, and what lies between the two is not known. */
  #follow(tMonoNs: number): void {
    const [next] = this.#links;
    this.#subscriber = next?.[0] ?? null;
    if (next === undefined) return;
    this.#links.set(next[0], {...next[1], isRecorded: true});
    this.#oweUnknown(this.#streams.input, 'the subscriber whose copy was kept left; another one is followed');
    this.#settle(this.#streams.input, next[1].epoch, tMonoNs, this.#streams.input.seq);
  }

  #unknown(connection: number, direction: WireDirection, reason: string): void {
    const link = this.#links.get(connection);
    if (link === undefined || !link.isRecorded) return;
    this.#oweUnknown(this.#streams[direction === link.roles.input ? 'input' : 'replies'], reason);
  }

  #oweUnknown(stream: Stream, reason: string): void {
    stream.owedUnknown = true;
    stream.reason = reason;
  }

  /** Messages before the present one that have no place in the ring. */
  #owe(stream: Stream, count: number, reason: string): void {
    stream.seq += count;
    stream.owed += count;
    stream.reason = reason;
    this.#lost += count;
  }

  /** The present message itself has none. */
  #refuse(stream: Stream, reason: string): void {
    stream.owed += 1;
    stream.reason = reason;
    this.#lost += 1;
  }

  /** Writes the gap that ends at `lastSeq`, if one is open. */
  #settle(stream: Stream, epoch: number, tMonoNs: number, lastSeq: number): boolean {
    if (stream.owed === 0 && !stream.owedUnknown) return true;
    const gap = {stream: stream.index, epoch, afterSeq: lastSeq - stream.owed, count: stream.owedUnknown ? null : stream.owed, reason: stream.reason, tMonoNs};
    if (!writeGap(this.#ring, gap)) return false;
    stream.owed = 0;
    stream.owedUnknown = false;
    return true;
  }
}

/** Index of the first part behind the empty one; 0 when there is none. */
const afterEnvelope = (message: WireMessage): number => {
  for (let index = 0; index < message.partCount - 1; index += 1) if (message.partBytes(index) === 0) return index + 1;
  return 0;
};
