import type {Socket} from 'node:net';
import type {ReusedReading} from './reused-reading.ts';
import type {WireConversation} from './wire-conversation.ts';
import type {WireEndingHow, WireEvent} from './wire-events.ts';
import {WireLink} from './wire-link.ts';
import type {WireObserver, ObserverLimits} from './wire-observer.ts';

export interface ConnectionOptions {
  readonly limits: ObserverLimits & {readonly halfOpenMs: number; readonly dialMs: number};
  readonly clock: () => number;
  /** peers can be told by a reset that upstream is absent; a unix socket is just closed */
  readonly isPeerTcp: boolean;
  readonly makeObserver: (direction: 'up' | 'down', conversation: WireConversation) => WireObserver;
  readonly over: (connection: WireConnection, event: WireEvent & {kind: 'closed'}) => void;
}

type Side = 'peer' | 'upstream';

/** One accepted connection and the one that was made for it: two links, and an end that is passed on as it came. */
export class WireConnection {
  readonly id: number;
  readonly up: WireLink;
  readonly down: WireLink;
  readonly #peer: Socket;
  readonly #upstream: Socket;
  readonly #options: ConnectionOptions;
  #how: WireEndingHow | null = null;
  #by: Side | null = null;
  #code: string | null = null;
  #open = 2;
  #isLinked = false;
  #timer: NodeJS.Timeout | null;

  constructor(fromPeer: ReusedReading, fromUpstream: ReusedReading, {conversation, options}: {readonly conversation: WireConversation; readonly options: ConnectionOptions}) {
    const peer = fromPeer.socket, upstream = fromUpstream.socket;
    this.id = conversation.id;
    this.#peer = peer;
    this.#upstream = upstream;
    this.#options = options;
    this.up = new WireLink(fromPeer, upstream, options.makeObserver('up', conversation), options.clock, (code) => this.#deaf('upstream', code));
    this.down = new WireLink(fromUpstream, peer, options.makeObserver('down', conversation), options.clock, (code) => this.#deaf('peer', code));
    conversation.onOpen = () => {
      this.up.observer.open();
      this.down.observer.open();
    };
    this.#timer = setTimeout(() => this.#absent('ETIMEDOUT'), options.limits.dialMs);
    upstream.once('connect', () => this.#connected());
    for (const [side, socket] of [['peer', peer], ['upstream', upstream]] as const) {
      socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(side, error.code ?? error.message));
      socket.on('end', () => { this.#by ??= side; });
      socket.on('finish', () => this.#halfOpen());
      socket.on('close', () => this.#closed(side));
    }
  }

  /** Ends both sides behind what was taken from them; nothing more is read. */
  close(): void {
    this.#how ??= 'tap-closed';
    this.up.stop();
    this.down.stop();
    for (const socket of [this.#peer, this.#upstream]) {
      socket.pause();
      socket.destroySoon();
    }
  }

  /** Ends both sides now. */
  destroy(how: WireEndingHow): void {
    this.#how ??= how;
    this.#peer.destroy();
    this.#upstream.destroy();
  }

  #connected(): void {
    this.#clearTimer();
    if (this.#how !== null) return;
    this.#isLinked = true;
    this.up.start();
    this.down.start();
  }

  /** The real endpoint is not there: the peer must not believe otherwise, so that it tries again. */
  #absent(code: string): void {
    this.#how ??= 'upstream-absent';
    this.#by ??= 'upstream';
    this.#code ??= code;
    if (this.#options.isPeerTcp) this.#peer.resetAndDestroy();
    else this.#peer.destroy();
    this.#upstream.destroy();
  }

  #broke(side: Side, code: string): void {
    if (!this.#isLinked && side === 'upstream') return this.#absent(code);
    this.#how ??= 'reset';
    this.#by ??= side;
    this.#code ??= code;
    const other = side === 'peer' ? this.#upstream : this.#peer;
    // An end behind what had come, not a reset: that would throw away what the system still holds for a slow reader. Nothing can go back.
    other.end();
    other.resume();
  }

  /** A side takes nothing more, and may have left something to read. */
  #deaf(side: Side, code: string): void {
    this.#how ??= 'reset';
    this.#by ??= side;
    this.#code ??= code;
  }

  #halfOpen(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.destroy('half-open'), this.#options.limits.halfOpenMs);
  }

  #closed(side: Side): void {
    if (side === 'peer' && this.#upstream.connecting) this.#upstream.destroy();
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#clearTimer();
    this.up.observer.close();
    this.down.observer.close();
    this.#options.over(this, {
      kind: 'closed', connection: this.id, tMonoNs: this.#options.clock(), how: this.#how ?? 'ended', by: this.#by, code: this.#code,
      up: this.up.traffic, down: this.down.traffic,
    });
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
