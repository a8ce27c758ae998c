import {readCommand} from './command.ts';
import {FrameCutter, type FrameTaker} from './frame-cutter.ts';
import {FLAG_COMMAND, FLAG_MORE} from './frame-header.ts';
import {GREETING_BYTES, readGreeting, whyOpaque} from './greeting.ts';
import type {WireConversation} from './wire-conversation.ts';
import {HEADERS, OBSERVE, SPLICE, type WireLadder} from './wire-ladder.ts';
import {MessageView, type WireDirection} from './wire-message.ts';

export interface ObserverLimits {
  readonly partsMax: number;
  readonly messageBytesMax: number;
}

/** Frames that came before both ends had agreed; a peer may be that quick. */
const EARLY_FRAMES_MAX = 256;
const EARLY_BYTES_MAX = 64 * 1024;

interface EarlyFrame {
  readonly flags: number;
  readonly bytes: Buffer;
  readonly sizeBytes: number;
  readonly tMonoNs: number;
}

/**
 * Reads one direction of one connection by the way. Whatever comes, it takes bounded memory, linear time, and touches nothing of the traffic. Messages are
 * handed out when both ends have agreed; of a connection that never agrees none is.
 */
export class WireObserver implements FrameTaker {
  readonly #direction: WireDirection;
  readonly #conversation: WireConversation;
  readonly #ladder: WireLadder;
  readonly #cutter = new FrameCutter(this);
  readonly #view: MessageView;
  #greeting: Buffer | null = Buffer.alloc(GREETING_BYTES);
  #greetingFilled = 0;
  #early: EarlyFrame[] = [];
  #earlyBytes = 0;
  #hasEarlyOverflow = false;
  /** a part of the message in progress was not kept */
  #hasSkipped = false;
  #isSubscriber = false;
  /** false: some octets were not read, so that nobody knows where a frame begins */
  isReading = true;
  messages = 0;
  messageBytes = 0;
  observed = 0;
  truncated = 0;
  unobserved = 0;
  unaccepted = 0;
  subscriptions = 0;
  commands = 0;
  opaqueFrames = 0;
  opaqueBytes = 0;

  constructor(direction: WireDirection, conversation: WireConversation, ladder: WireLadder, limits: ObserverLimits) {
    this.#direction = direction;
    this.#conversation = conversation;
    this.#ladder = ladder;
    this.#view = new MessageView(conversation.id, direction, limits);
    this.#cutter.keepBytes = limits.messageBytesMax;
  }

  /** Reads a chunk that came at `tMonoNs`. False: it was not read, nor will any other be. Never throws. */
  feed(chunk: Buffer, tMonoNs: number): boolean {
    if (!this.isReading) return false;
    const conversation = this.#conversation;
    if (this.#ladder.level === SPLICE || conversation.state === 'opaque' || conversation.state === 'lost') {
      this.#giveUp();
      return false;
    }
    conversation.tMonoNs = tMonoNs;
    this.#view.tMonoNs = tMonoNs;
    let at = 0;
    try {
      if (this.#greeting !== null) at = this.#greet(this.#greeting, chunk);
      if (this.#greeting === null) {
        // a stranger gets little memory
        if (conversation.state !== 'open') this.#cutter.keepBytes = EARLY_BYTES_MAX;
        else this.#cutter.keepBytes = this.#ladder.level === HEADERS ? 0 : this.#view.roomBytes;
        const fault = this.#cutter.feed(chunk, at);
        if (fault !== null) conversation.closeEyes('lost', this.#direction, fault);
        this.#view.own(chunk);
      }
    } catch (error) {
      conversation.closeEyes('lost', this.#direction, `the reader failed: ${error instanceof Error ? error.message : 'unknown'}`);
    }
    return true;
  }

  /** What came before both ends had agreed. */
  open(): void {
    this.#isSubscriber = this.#conversation.isSubscriber(this.#direction);
    this.#view.epoch = this.#conversation.epoch;
    this.#cutter.keepBytes = this.#view.roomBytes;
    const early = this.#early;
    this.#early = [];
    const {tMonoNs} = this.#view;
    for (const {flags, bytes, sizeBytes, tMonoNs: cameNs} of early) {
      this.#view.tMonoNs = cameNs;
      this.#part(flags, bytes, 0, bytes.length, sizeBytes);
    }
    this.#view.tMonoNs = tMonoNs;
  }

  /** The connection has ended. */
  close(): void {
    this.#giveUp();
    this.isReading = false;
  }

  /** Of the cutter. */
  frame(flags: number, bytes: Buffer, start: number, end: number, sizeBytes: number): void {
    const conversation = this.#conversation;
    if ((flags & FLAG_COMMAND) !== 0) this.#command(bytes, start, end);
    else if (conversation.isEncrypted) {
      this.opaqueFrames += 1;
      this.opaqueBytes += sizeBytes;
    } else if (conversation.state === 'open') this.#part(flags, bytes, start, end, sizeBytes);
    else this.#tooEarly(flags, bytes, start, end, sizeBytes);
  }

  #greet(greeting: Buffer, chunk: Buffer): number {
    const taken = chunk.copy(greeting, this.#greetingFilled);
    this.#greetingFilled += taken;
    const reason = whyOpaque(greeting, this.#greetingFilled);
    if (reason !== null) this.#conversation.closeEyes('opaque', this.#direction, reason);
    if (reason !== null || this.#greetingFilled < GREETING_BYTES) return taken;
    this.#conversation.greeted(this.#direction, readGreeting(greeting));
    this.#greeting = null;
    return taken;
  }

  #part(flags: number, bytes: Buffer, start: number, end: number, sizeBytes: number): void {
    const view = this.#view;
    if (this.#ladder.level === OBSERVE) view.add(bytes, start, end, sizeBytes);
    else {
      view.skip(sizeBytes);
      this.#hasSkipped = true;
    }
    if ((flags & FLAG_MORE) === 0) this.#message(view);
    else if (this.#ladder.level === OBSERVE) this.#cutter.keepBytes = view.roomBytes;
  }

  #message(view: MessageView): void {
    if (this.#isSubscriber && view.partsTotal === 1 && this.#isSubscription(view)) {
      this.subscriptions += 1;
      if (this.#ladder.level === OBSERVE) this.#conversation.subscribed(this.#direction, view.firstOctet === 0, view.part(0).subarray(1));
    } else {
      this.messages += 1;
      this.messageBytes += view.sizeBytes;
      view.seq = this.messages;
      if (this.#hasSkipped || !this.#ladder.message(view)) this.unobserved += 1;
      else {
        this.observed += 1;
        if (view.isTruncated) this.truncated += 1;
      }
    }
    this.#hasSkipped = false;
    view.reset();
    if (this.#ladder.level === OBSERVE) this.#cutter.keepBytes = view.roomBytes;
  }

  /** Of a subscriber nothing else is known to be sent, so that one whose octets were not kept counts as one. */
  #isSubscription(view: MessageView): boolean {
    return view.partCount === 0 || (view.firstOctet >= 0 && view.firstOctet <= 1);
  }

  #command(bytes: Buffer, start: number, end: number): void {
    this.commands += 1;
    const command = readCommand(bytes.subarray(start, end));
    // a body that is no command says nothing, and the frames behind it are where they are
    if (command === null) return;
    const {name, data} = command;
    const conversation = this.#conversation;
    // HELLO of PLAIN holds the password: nothing is taken from it
    if (name === 'READY' || name === 'INITIATE') conversation.described(this.#direction, name, data);
    else if (name === 'ERROR') conversation.refused(this.#direction, data);
    else if (name === 'MESSAGE' && conversation.isEncrypted) {
      this.opaqueFrames += 1;
      this.opaqueBytes += end - start;
    } else if ((name === 'SUBSCRIBE' || name === 'CANCEL') && conversation.state === 'open' && !conversation.isEncrypted) {
      this.subscriptions += 1;
      if (this.#ladder.level === OBSERVE) conversation.subscribed(this.#direction, name === 'CANCEL', data);
    }
  }

  #tooEarly(flags: number, bytes: Buffer, start: number, end: number, sizeBytes: number): void {
    const kept = end - start;
    if (!this.#hasEarlyOverflow && this.#early.length < EARLY_FRAMES_MAX && this.#earlyBytes + kept <= EARLY_BYTES_MAX) {
      this.#early.push({flags, bytes: Buffer.from(bytes.subarray(start, end)), sizeBytes, tMonoNs: this.#view.tMonoNs});
      this.#earlyBytes += kept;
      return;
    }
    this.#hasEarlyOverflow = true;
    this.#conversation.closeEyes('lost', this.#direction, 'too much before the handshake was done');
  }

  #giveUp(): void {
    if (!this.isReading) return;
    this.isReading = false;
    this.unaccepted += this.#early.reduce((sum, {flags}) => sum + ((flags & FLAG_MORE) === 0 ? 1 : 0), 0);
    this.#early = [];
    this.#view.reset();
    this.#cutter.stop('nobody reads it');
  }
}
