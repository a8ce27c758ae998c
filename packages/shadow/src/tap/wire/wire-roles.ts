import type {InputSpec} from '@tandem/contract';
import type {WireDirection} from '@tandem/zmtp';

/** Which socket types send the input of a pattern; the other end sends what is answered. */
const SENDERS: Readonly<Record<InputSpec['pattern'], readonly string[]>> = {
  'pub-sub': ['PUB', 'XPUB'], 'push-pull': ['PUSH'], 'req-rep': ['REQ', 'DEALER'], 'dealer-router': ['DEALER', 'REQ'],
};
const FITS: Readonly<Record<InputSpec['pattern'], readonly string[]>> = {
  'pub-sub': ['PUB', 'XPUB', 'SUB', 'XSUB'], 'push-pull': ['PUSH', 'PULL'], 'req-rep': ['REQ', 'REP', 'DEALER', 'ROUTER'], 'dealer-router': ['DEALER', 'ROUTER', 'REQ', 'REP', 'PAIR'],
};

/** How the messages of one connection are read. */
export interface WireRoles {
  /** direction in which the system's input goes */
  readonly input: WireDirection;
  /** parts up to and including the first empty one only say the way back (REQ, REP) */
  readonly hasEnvelope: boolean;
  /** the sockets are those of the declared pattern */
  readonly fits: boolean;
}

/**
 * Reads the roles out of what both ends say they are. `up` is the peer that connected, `down` the real endpoint. Where the types leave it open
 * (PAIR, DEALER to DEALER) the peer that connected is taken to ask.
 */
export const wireRoles = (pattern: InputSpec['pattern'], up: string | null, down: string | null): WireRoles => {
  const senders = SENDERS[pattern];
  const downSends = down !== null && senders.includes(down) && !(up !== null && senders.includes(up));
  return {
    input: downSends ? 'down' : 'up',
    hasEnvelope: [up, down].some((type) => type === 'REQ' || type === 'REP'),
    fits: [up, down].every((type) => type === null || FITS[pattern].includes(type)),
  };
};
