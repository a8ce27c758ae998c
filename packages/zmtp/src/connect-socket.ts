import {dial, type Dialer} from './dialer.ts';
import {NULL_MECHANISM, type Mechanism} from './handshake.ts';
import {LINK_LIMITS, RECONNECT, type LinkLimits, type Reconnect} from './link-limits.ts';
import {Receiver, type ReceiveOptions} from './receiver.ts';
import {Sender, type SendOptions} from './sender.ts';
import type {Dialled, PullSocket, PushSocket} from './sockets.ts';
import {subscription} from './subscription.ts';

export interface ConnectOptions {
  /** `ipc://<path>` or `tcp://<loopback address>:<port>` */
  readonly endpoint: string;
  readonly limits?: Partial<LinkLimits>;
  /** `plainClient(...)`, or nothing to prove */
  readonly mechanism?: Mechanism;
  /** null: one connection only, and `ready` fails when it cannot be made */
  readonly reconnect?: Reconnect | null;
  /** where the jitter comes from, in [0, 1) */
  readonly random?: () => number;
}

/** Receives from one bound PUSH; connects again when it is gone, with a new epoch. @throws ZmtpError `endpoint` or `not-local` */
export function connectPull(options: ConnectOptions & ReceiveOptions): PullSocket & Dialled {
  return connectReceiver('PULL', options);
}

/**
 * Receives what one bound PUB or XPUB publishes under the given prefixes (none: nothing; an empty one: everything). What is published before
 * the subscription has arrived there is missed, as with every SUB. @throws ZmtpError `endpoint` or `not-local`
 */
export function connectSub(options: ConnectOptions & ReceiveOptions & {readonly topics: readonly (string | Uint8Array)[]}): PullSocket & Dialled {
  return connectReceiver('SUB', options, subscription(options.topics));
}

/** Sends to one bound PULL; connects again when it is gone. @throws ZmtpError `endpoint` or `not-local` */
export function connectPush(options: ConnectOptions & SendOptions): PushSocket & Dialled {
  const first = Promise.withResolvers<void>();
  const sender = new Sender(linkOf(options), {
    ...options,
    onPeer: (epoch) => {
      first.resolve();
      options.onPeer?.(epoch);
    },
  });
  const dialer = dialWith(options, sender, first.reject);
  return {
    endpoint: options.endpoint,
    ready: quiet(first.promise),
    get peers() { return sender.peers; },
    get isBlocked() { return sender.isBlocked; },
    get counts() { return sender.counts; },
    send: (message) => sender.send(message),
    flush: () => sender.flush(),
    whenRoom: (timeoutMs) => sender.whenRoom(timeoutMs),
    async close(lingerMs = 0) {
      await sender.close(lingerMs);
      dialer.close();
    },
  };
}

function connectReceiver(type: 'PULL' | 'SUB', options: ConnectOptions & ReceiveOptions, greetPeer?: Uint8Array): PullSocket & Dialled {
  const first = Promise.withResolvers<void>();
  const receiver = new Receiver({type, ...linkOf(options)}, {
    ...options,
    onPeer: (epoch) => {
      first.resolve();
      options.onPeer?.(epoch);
    },
  }, greetPeer === undefined ? undefined : (connection) => connection.write(greetPeer));
  const dialer = dialWith(options, receiver, first.reject);
  return {
    endpoint: options.endpoint,
    ready: quiet(first.promise),
    get peers() { return receiver.peers; },
    get received() { return receiver.received; },
    get isPaused() { return receiver.isPaused; },
    get counts() { return receiver.counts; },
    pause: () => receiver.pause(),
    resume: () => receiver.resume(),
    close() {
      dialer.close();
      receiver.close();
    },
  };
}

function dialWith({endpoint, reconnect = RECONNECT, random = Math.random}: ConnectOptions, end: Sender | Receiver, fail: (error: unknown) => void): Dialer {
  try {
    const dialer = dial({endpoint, reconnect, random, adopt: (socket, over) => end.adopt(socket, over)});
    dialer.ended.catch(fail);
    return dialer;
  } catch (error) {
    void end.close(0);
    throw error;
  }
}

/** Whoever does not wait for it need not handle it. */
function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function linkOf({limits, mechanism = NULL_MECHANISM}: ConnectOptions): {limits: LinkLimits; mechanism: Mechanism} {
  return {limits: {...LINK_LIMITS, ...limits}, mechanism};
}
