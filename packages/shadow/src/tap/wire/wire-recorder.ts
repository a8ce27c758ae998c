import type {InputSpec} from '@tandem/contract';
import type {WireDirection, WireEvent, WireMessage, WireSink, WireTraffic} from '@tandem/zmtp';
import {messageBytes, writeHead, writeLength, type MessageHead} from './observation-record.ts';
import type {RingWriter} from './observation-ring.ts';
import {OwedStream} from './owed-stream.ts';
import {PublicationChoice} from './publication-choice.ts';
import {wireRoles, type WireRoles} from './wire-roles.ts';

const NO_IDENTITY = new Uint8Array(0);
const NOT_OBSERVED = 'not observed: the tap read headers only';
const STEPPED_ASIDE = 'the tap had stepped aside';
const OTHER_COPY = 'a subscriber whose copies were kept left or changed its topics; another one is followed';

interface Link {
  readonly roles: WireRoles;
  readonly identity: Uint8Array;
  readonly epoch: number;
  /** a subscriber: what it gets others may get too, and one copy is kept */
  readonly isSubscriber: boolean;
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
  readonly #streams: {readonly input: OwedStream; readonly replies: OwedStream};
  readonly #choice = new PublicationChoice();
  readonly #head: MessageHead = {stream: 0, epoch: 0, seq: 0, tMonoNs: 0, identity: NO_IDENTITY};
  readonly #onEvent: (event: WireEvent) => void;
  #bytes = 0;
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
  isOpen = true;

  constructor(options: {readonly ring: RingWriter; readonly pattern: InputSpec['pattern']; readonly streams: {readonly input: number; readonly replies: number}; readonly onEvent: (event: WireEvent) => void}) {
    this.#ring = options.ring;
    this.#pattern = options.pattern;
    this.#onEvent = options.onEvent;
    this.#streams = {input: new OwedStream(options.streams.input), replies: new OwedStream(options.streams.replies)};
  }

  counts(): RecorderCounts {
    const {input, replies} = this.#streams;
    return {...this.#inRing, bytes: this.#bytes, lost: input.lost + replies.lost, copies: this.#copies, handshakes: this.#handshakes, misfits: this.#misfits, opaque: this.#opaque, desync: this.#desync};
  }

  message(message: WireMessage): void {
    const link = this.#links.get(message.connection);
    if (!this.isOpen || link === undefined) return;
    const {direction, seq} = message;
    const skipped = seq - link.last[direction] - 1;
    link.last[direction] = seq;
    if (skipped > 0) this.#skip(message.connection, link, direction, skipped);
    if (link.isSubscriber && !this.#choice.isKept(message.connection, message)) {
      this.#copies += 1;
      return;
    }
    const name = direction === link.roles.input ? 'input' : 'replies';
    const stream = this.#streams[name];
    stream.seq += 1;
    if (message.isTruncated) return stream.refuse('a message longer than the tap keeps');
    const from = link.roles.hasEnvelope ? afterEnvelope(message) : 0;
    const count = message.partCount - from;
    let partsBytes = 0;
    for (let index = from; index < message.partCount; index += 1) partsBytes += message.partBytes(index);
    if (!stream.settle(this.#ring, link.epoch, message.tMonoNs, stream.seq - 1)) return stream.refuse('the log was too slow');
    const head = this.#head;
    head.stream = stream.index;
    head.epoch = link.epoch;
    head.seq = stream.seq;
    head.tMonoNs = message.tMonoNs;
    head.identity = link.identity;
    const at = this.#ring.reserve(messageBytes(head, count, partsBytes));
    if (at < 0) return stream.refuse('the log was too slow');
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
      const link = this.#links.get(event.connection);
      if (link !== undefined) this.#unknown(link, event.direction, `the octets of a connection could not be read further: ${event.seen}`);
    } else if (event.kind === 'subscription') {
      if (this.#choice.subscribe(event.connection, event.topic, event.isCancel) && this.isOpen) this.#streams.input.oweUnknown(OTHER_COPY);
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
        const left = unobserved - this.#skipped[direction];
        // of several subscribers nobody knows whose copies these are
        if (left > 0 && this.#choice.size > 1) stream.oweUnknown(NOT_OBSERVED);
        else if (left > 0) stream.owe(left, NOT_OBSERVED);
        if (splicedBytes > this.#splicedStated[direction]) stream.oweUnknown(STEPPED_ASIDE);
      }
    }
    return [this.#streams.input, this.#streams.replies].every((stream) => stream.settle(this.#ring, 0, tMonoNs, stream.seq));
  }

  #join(event: Extract<WireEvent, {kind: 'handshake'}>): void {
    this.#handshakes += 1;
    const roles = wireRoles(this.#pattern, event.up.socketType, event.down.socketType);
    this.#inputDirection = roles.input;
    if (!roles.fits) this.#misfits += 1;
    // publishers that connect to a subscriber each say something of their own
    const isSubscriber = this.#pattern === 'pub-sub' && roles.input === 'down';
    if (isSubscriber) this.#choice.join(event.connection);
    const asker = roles.input === 'up' ? event.up : event.down;
    const other = roles.input === 'up' ? event.down : event.up;
    const identity = asker.identity === '' ? other.identity : asker.identity;
    this.#links.set(event.connection, {
      roles, isSubscriber, epoch: event.epoch, last: {up: 0, down: 0},
      identity: Buffer.from((identity === '' ? `#${event.connection}` : identity).slice(0, 255), 'utf8'),
    });
  }

  #leave(event: Extract<WireEvent, {kind: 'closed'}>): void {
    const link = this.#links.get(event.connection);
    this.#links.delete(event.connection);
    if (link === undefined || !this.isOpen) return;
    this.#leftBehind(link, event);
    if (link.isSubscriber && this.#choice.leave(event.connection)) this.#streams.input.oweUnknown(OTHER_COPY);
  }

  #leftBehind(link: Link, event: Extract<WireEvent, {kind: 'closed'}>): void {
    for (const direction of ['up', 'down'] as const) {
      const {messages, splicedBytes, opaqueFrames} = event[direction];
      const unseen = messages - link.last[direction];
      if (unseen > 0) this.#skip(event.connection, link, direction, unseen);
      this.#splicedStated[direction] += splicedBytes;
      if (splicedBytes > 0 && opaqueFrames === 0) this.#unknown(link, direction, STEPPED_ASIDE);
    }
  }

  /** Messages that came and were not handed out. */
  #skip(connection: number, link: Link, direction: WireDirection, count: number): void {
    this.#skipped[direction] += count;
    const share = link.isSubscriber ? this.#choice.share(connection) : 'all';
    if (share === 'all') this.#streams[direction === link.roles.input ? 'input' : 'replies'].owe(count, NOT_OBSERVED);
    else if (share === 'some') this.#unknown(link, direction, NOT_OBSERVED);
  }

  #unknown(link: Link, direction: WireDirection, reason: string): void {
    this.#streams[direction === link.roles.input ? 'input' : 'replies'].oweUnknown(reason);
  }
}

/** Index of the first part behind the empty one; 0 when there is none. */
const afterEnvelope = (message: WireMessage): number => {
  for (let index = 0; index < message.partCount - 1; index += 1) if (message.partBytes(index) === 0) return index + 1;
  return 0;
};
