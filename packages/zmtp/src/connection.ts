import type {Socket} from 'node:net';
import {BatchWriter} from './batch-writer.ts';
import {pingCommand, pongCommand, readCommand, readProperty} from './command.ts';
import {FrameReader} from './frame-reader.ts';
import {greeting, GREETING_BYTES, greetingRefusal} from './greeting.ts';
import {errorReason, type Handshake, type Mechanism} from './handshake.ts';
import type {LinkLimits} from './link-limits.ts';
import {pairRefusal, type SocketType} from './socket-type.ts';

/** Why a connection ended. `faulty`: the peer's doing; `silent`: no sign of life; `gone`: it left, or we did. */
export interface Ending {
  readonly kind: 'gone' | 'faulty' | 'silent';
  /** what was seen, null when the peer just closed */
  readonly seen: string | null;
}

export interface ConnectionHost {
  readonly type: SocketType;
  readonly mechanism: Mechanism;
  readonly limits: LinkLimits;
  /** octets that may wait towards the peer */
  readonly backlogBytesMax: number;
  joined(connection: Connection): void;
  /** before and after the messages of a chunk */
  chunkBegins(connection: Connection): void;
  chunkEnds(connection: Connection): void;
  message(payload: Uint8Array, frames: readonly Uint8Array[] | null, connection: Connection): void;
  /** the system took all that waited */
  drained(connection: Connection): void;
  /** Once. `wasOpen`: after `joined`. */
  over(connection: Connection, ending: Ending, wasOpen: boolean): void;
}

/** Octets of answers that may wait for a peer that asks but does not read. */
const ANSWERS_BYTES_MAX = 64 * 1024;

/** One connected stream: greeting, handshake, heartbeats, then messages. The stream is open both ways until both ends are done. */
export class Connection {
  /** counts the connections of a socket from 1: a peer that comes back has a new epoch */
  readonly epoch: number;
  readonly writer: BatchWriter;
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #reader: FrameReader;
  #state: 'greeting' | 'ready' | 'open' | 'over' = 'greeting';
  #head: Buffer | null = Buffer.alloc(GREETING_BYTES);
  #headFilled = 0;
  readonly #handshake: Handshake;
  #hasEnded = false;
  #timer: NodeJS.Timeout | null;
  /** heartbeat ticks since anything was heard */
  #silentTicks = 0;
  /** messages written before the last question, and before the last one that was answered */
  #asked = 0;
  #settled = 0;

  constructor(socket: Socket, host: ConnectionHost, epoch: number) {
    this.#socket = socket;
    this.#host = host;
    this.epoch = epoch;
    this.writer = new BatchWriter(socket, host.backlogBytesMax);
    this.#reader = new FrameReader({message: (payload, frames) => this.#message(payload, frames), command: (body) => this.#command(body)}, host.limits);
    const {limits: {handshakeMs}, mechanism} = host;
    this.#handshake = mechanism.begin(host.type);
    const opening = greeting(mechanism.name, mechanism.isServer);
    this.#timer = setTimeout(() => this.end({kind: 'faulty', seen: `no handshake within ${handshakeMs} ms`}), handshakeMs);
    if (socket.connecting) socket.once('connect', () => socket.write(opening));
    else socket.write(opening);
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('end', () => this.#ended());
    socket.on('drain', () => {
      this.writer.drained();
      host.drained(this);
    });
    socket.on('error', (error) => this.#lost(this.#state === 'open' ? null : error.message));
    socket.on('close', () => this.#lost(null));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Messages were written behind the last question that the peer answered: they may be on their way, or lost. */
  get isUnsettled(): boolean {
    return this.writer.messages > this.#settled || this.writer.unsentBytes > 0;
  }

  /** Takes nothing more from the peer, from the next message on. */
  pause(): void {
    this.#reader.hold();
    this.#socket.pause();
  }

  resume(): void {
    if (this.#state === 'over') return;
    this.#silentTicks = 0;
    if (this.#reader.isHolding) this.#feed(null);
    else this.#reader.release();
    if (this.#reader.isHolding) return;
    this.#socket.resume();
    if (this.#hasEnded) this.#ended();
  }

  write(bytes: Uint8Array): void {
    if (this.#state !== 'over') this.#socket.write(bytes);
  }

  /** Says that we send nothing more, after what was flushed; the peer may still read that. */
  finish(): void {
    this.writer.finish(() => undefined);
  }

  /** Closes at once. */
  end(ending: Ending): void {
    if (this.#state === 'over') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'over';
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#reader.stop('closed');
    this.#host.over(this, ending, wasOpen);
    this.#socket.destroy();
  }

  /**
   * Called every `heartbeatMs`. A peer that owes us nothing but a sign of life is cut in time. One that has messages to read may be slow and
   * not dead, and one that we do not read cannot be heard: neither is cut.
   */
  tick(isReading: boolean): void {
    const {heartbeatMs, silenceMs} = this.#host.limits;
    if (this.#state !== 'open') return;
    this.#silentTicks += 1;
    if (!isReading) this.#silentTicks = Math.min(this.#silentTicks, 1);
    if (this.#silentTicks * heartbeatMs > silenceMs && !this.isUnsettled) return this.end({kind: 'silent', seen: `nothing heard for ${silenceMs} ms`});
    // not while messages come: a write to a peer that has left would throw away what is still to be read
    if (this.#silentTicks < 2 && !this.isUnsettled && isReading) return;
    if (this.#socket.writableLength > 0 || !this.#socket.writable) return;
    this.writer.flush();
    this.#asked = this.writer.messages;
    this.#socket.write(pingCommand(silenceMs));
  }

  #data(chunk: Buffer): void {
    this.#silentTicks = 0;
    if (this.#head === null) return this.#feed(chunk);
    const taken = chunk.copy(this.#head, this.#headFilled);
    this.#headFilled += taken;
    const refusal = greetingRefusal(this.#head, this.#headFilled, this.#host.mechanism.name);
    if (refusal !== null) return this.end({kind: 'faulty', seen: refusal});
    if (this.#headFilled < GREETING_BYTES) return;
    this.#head = null;
    this.#state = 'ready';
    if (this.#handshake.opening !== null) this.#socket.write(this.#handshake.opening);
    if (taken < chunk.length) this.#feed(chunk.subarray(taken));
  }

  #feed(chunk: Buffer | null): void {
    if (this.#state === 'over') return;
    this.#host.chunkBegins(this);
    const fault = chunk === null ? this.#reader.release() : this.#reader.feed(chunk);
    this.#host.chunkEnds(this);
    if (fault !== null) this.end({kind: 'faulty', seen: fault});
  }

  #message(payload: Uint8Array, frames: readonly Uint8Array[] | null): void {
    if (this.#state === 'open') this.#host.message(payload, frames, this);
    else this.end({kind: 'faulty', seen: 'a message before READY'});
  }

  #command(body: Uint8Array): void {
    const read = readCommand(body);
    if (read === null) return this.end({kind: 'faulty', seen: 'a malformed command'});
    const {name, data} = read;
    if (this.#state === 'ready') return this.#shake(name, data);
    if (name === 'PONG') this.#settled = this.#asked;
    if (name === 'ERROR') return this.end({kind: 'faulty', seen: errorReason(data)});
    if (name === 'PING' && this.#socket.writable && this.#socket.writableLength <= ANSWERS_BYTES_MAX) this.#socket.write(pongCommand(data));
    if (name === 'READY') this.end({kind: 'faulty', seen: 'READY twice'});
  }

  #shake(name: string, data: Uint8Array): void {
    const {send, peer, refusal} = this.#handshake.take(name, data);
    const wrongPair = peer === undefined ? null : pairRefusal(this.#host.type, readProperty(peer, 'Socket-Type'));
    if (wrongPair !== null) return this.end({kind: 'faulty', seen: wrongPair});
    if (send !== undefined) this.#socket.write(send);
    if (refusal !== undefined) return this.end({kind: 'faulty', seen: refusal});
    if (peer === undefined) return;
    this.#state = 'open';
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#host.joined(this);
  }

  /** The stream is broken. What was taken from it is still handed over when reading goes on. */
  #lost(seen: string | null): void {
    if (this.#reader.isHolding) this.#hasEnded = true;
    else this.end({kind: 'gone', seen});
  }

  /** The peer sends nothing more. What it sent before is read first. */
  #ended(): void {
    this.#hasEnded = true;
    if (this.#reader.isHolding || this.#state === 'over') return;
    if (this.#state === 'open' && this.writer.unsentBytes > 0) {
      // it may still read: the close follows when the rest is out, or fails
      this.writer.finish(() => this.end({kind: 'gone', seen: null}));
      return;
    }
    this.end({kind: 'gone', seen: null});
  }
}
