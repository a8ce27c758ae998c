import type {LaneLink, LaneLinkOptions} from './lane-link.ts';
import {receiveInto} from './receive-into.ts';

/** Messages in libzmq's own queue towards a lane; the lane's window bounds what is really in flight. */
const QUEUE_MESSAGES = 1000;

/** The lane's two sockets through libzmq. About ten times the CPU of the direct link; the reference for it. */
export async function openZeromqLink(options: LaneLinkOptions): Promise<LaneLink> {
  const {openPush, openPull} = await import('../endpoint/open-socket.ts');
  const limits = {maxMessageBytes: options.messageBytesMax, sendTimeoutMs: options.sendTimeoutMs};
  const push = await openPush({connect: options.inEndpoint, limits: {...limits, highWaterMark: QUEUE_MESSAGES}});
  const pull = await openPull({connect: options.outEndpoint, limits}).catch((error: unknown) => {
    push.close();
    throw error;
  });
  const unwatch = ([['input', push], ['output', pull]] as const).map(([side, {links}]) => links.onEvent((event) => {
    if (event.kind === 'disconnected') options.onClosed(side, null);
  }));
  void receiveInto(pull.socket, options.onMessage);
  const {socket} = push;
  return {
    async send(message) {
      try {
        await socket.send(message as Uint8Array | Uint8Array[]);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        throw error;
      }
    },
    flush: () => undefined,
    close() {
      for (const forget of unwatch) forget();
      push.close();
      pull.close();
    },
  };
}
