import {NULL_MECHANISM, type Mechanism} from './handshake.ts';
import {LINK_LIMITS, type LinkCounts, type LinkLimits} from './link-limits.ts';
import {listen} from './listener.ts';
import {Receiver, type ReceiveOptions} from './receiver.ts';
import {Sender, type SendOptions} from './sender.ts';
import type {BoundPull, PushSocket} from './sockets.ts';

export interface BindOptions {
  /** `ipc://<path>` or `tcp://<loopback address>:<port>`; port `*` or 0: any free one */
  readonly endpoint: string;
  readonly limits?: Partial<LinkLimits>;
  /** who may come in; `plainServer(...)`, or everybody */
  readonly mechanism?: Mechanism;
}

/**
 * Receives from all PUSH sockets that connect.
 * @throws ZmtpError `endpoint`, `not-local`, `in-use` or `listen`
 */
export async function bindPull(options: BindOptions & ReceiveOptions): Promise<BoundPull> {
  const receiver = new Receiver({type: 'PULL', ...linkOf(options)}, options);
  const listener = await listen(options.endpoint, (socket) => receiver.adopt(socket)).catch((error: unknown) => {
    receiver.close();
    throw error;
  });
  return {
    endpoint: listener.endpoint,
    get peers() { return receiver.peers; },
    get received() { return receiver.received; },
    get isPaused() { return receiver.isPaused; },
    get counts(): LinkCounts { return receiver.counts; },
    pause: () => receiver.pause(),
    resume: () => receiver.resume(),
    drain(timeoutMs) {
      listener.close();
      return receiver.drain(timeoutMs);
    },
    close() {
      listener.close();
      receiver.close();
    },
  };
}

/**
 * Sends to the PULL sockets that connect, in turn.
 * @throws ZmtpError `endpoint`, `not-local`, `in-use` or `listen`
 */
export async function bindPush(options: BindOptions & SendOptions): Promise<PushSocket> {
  const sender = new Sender(linkOf(options), options);
  const listener = await listen(options.endpoint, (socket) => sender.adopt(socket)).catch(async (error: unknown) => {
    await sender.close(0);
    throw error;
  });
  return {
    endpoint: listener.endpoint,
    get peers() { return sender.peers; },
    get isBlocked() { return sender.isBlocked; },
    get counts() { return sender.counts; },
    send: (message) => sender.send(message),
    flush: () => sender.flush(),
    whenRoom: (timeoutMs) => sender.whenRoom(timeoutMs),
    async close(lingerMs = 0) {
      // a peer may still come for what waits
      await sender.close(lingerMs);
      listener.close();
    },
  };
}

function linkOf({limits, mechanism = NULL_MECHANISM}: BindOptions): {limits: LinkLimits; mechanism: Mechanism} {
  return {limits: {...LINK_LIMITS, ...limits}, mechanism};
}
