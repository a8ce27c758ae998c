/** The two sockets of a launched lane, connected by the harness: PUSH to the lane's input, PULL from its output. */
export interface LaneSockets {
  /** One message; false when the lane's queue stayed full for the send timeout (try again, nothing was sent). */
  send(message: Uint8Array | readonly Uint8Array[]): Promise<boolean>;
  /** The next message; null when the sockets were closed. */
  receive(): Promise<readonly Uint8Array[] | null>;
  close(): void;
}

export interface LaneSocketOptions {
  readonly inEndpoint: string;
  readonly outEndpoint: string;
  /** a peer that sends a longer message is cut */
  readonly messageBytesMax: number;
  readonly onOutputClosed: () => void;
}

/** Messages in libzmq's own queue towards a lane; the lane's window bounds what is really in flight. */
const QUEUE_MESSAGES = 1000;
/** Short, so that a sender which waits for a full queue notices soon that its lane is gone. */
const SEND_TIMEOUT_MS = 200;

export async function connectLaneSockets(options: LaneSocketOptions): Promise<LaneSockets> {
  const {openPush, openPull} = await import('../endpoint/open-socket.ts');
  const limits = {maxMessageBytes: options.messageBytesMax, sendTimeoutMs: SEND_TIMEOUT_MS};
  const push = await openPush({connect: options.inEndpoint, limits: {...limits, highWaterMark: QUEUE_MESSAGES}});
  const pull = await openPull({connect: options.outEndpoint, limits}).catch((error: unknown) => {
    push.close();
    throw error;
  });
  const unwatch = pull.links.onEvent((event) => {
    if (event.kind === 'disconnected') options.onOutputClosed();
  });
  const {socket: sender} = push;
  const {socket: receiver} = pull;
  return {
    async send(message) {
      try {
        await sender.send(message as Uint8Array | Uint8Array[]);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        throw error;
      }
    },
    async receive() {
      try {
        return await receiver.receive();
      } catch (error) {
        if (receiver.closed) return null;
        throw error;
      }
    },
    close() {
      unwatch();
      push.close();
      pull.close();
    },
  };
}
