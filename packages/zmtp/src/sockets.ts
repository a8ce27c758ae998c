import type {OutMessage} from './batch-writer.ts';
import type {LinkCounts} from './link-limits.ts';
import type {SendCounts} from './sender.ts';

/** A receiving end; its messages go to the `onMessage` it was opened with. */
export interface PullSocket {
  readonly endpoint: string;
  readonly peers: number;
  /** messages handed over */
  readonly received: number;
  readonly isPaused: boolean;
  readonly counts: LinkCounts;
  /** Hands over nothing more until `resume`, also from within `onMessage`: the peers have to wait. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** A receiving end that peers connect to. */
export interface BoundPull extends PullSocket {
  /**
   * Takes no more peers, tells those that are there that it leaves, and hands over what they had sent before they saw that; then nothing is on the
   * way any more, and what a peer sends later waits in its own queue. False: some peer had not left after `timeoutMs`. `close` follows.
   */
  drain(timeoutMs: number): Promise<boolean>;
}

/** A sending end. */
export interface PushSocket {
  readonly endpoint: string;
  readonly peers: number;
  /** messages wait for a peer with room: time to take no more input */
  readonly isBlocked: boolean;
  readonly counts: SendCounts & LinkCounts;
  /** Takes a message; false: not taken, no room (`whenRoom`, then again). Its memory must not change afterwards. */
  send(message: OutMessage): boolean;
  /** What was taken goes to the system now. */
  flush(): void;
  /** Until `isBlocked` ends: true; or the time is over: false. */
  whenRoom(timeoutMs: number): Promise<boolean>;
  /** Waits up to `lingerMs` (0) until the peers have taken everything and left; what they did not take is in `counts`. */
  close(lingerMs?: number): Promise<void>;
}

/** What a connecting end has besides. */
export interface Dialled {
  /** the first handshake; rejected with a ZmtpError `peer` when a link that does not reconnect could not be made */
  readonly ready: Promise<void>;
}
