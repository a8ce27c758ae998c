/** What our end of a link can be. */
export type SocketType = 'PUSH' | 'PULL' | 'SUB';

const PEERS: Readonly<Record<SocketType, readonly string[]>> = {PUSH: ['PULL'], PULL: ['PUSH'], SUB: ['PUB', 'XPUB']};

/** Why a peer of this type cannot talk with us; null when it can. `seen` is what the peer said, so only its letters are repeated. */
export function pairRefusal(ours: SocketType, seen: string | null): string | null {
  if (seen !== null && PEERS[ours].includes(seen)) return null;
  return `its socket is ${seen === null ? 'of no type' : `a ${seen.replace(/[^A-Z]/g, '?').slice(0, 10)}`}, needed is a ${PEERS[ours].join(' or ')}`;
}

/** Who may talk with whom (zeromq/rfc 23 and 28 to 31). */
const LEGAL: Readonly<Record<string, string>> = {
  PUB: 'SUB XSUB', XPUB: 'SUB XSUB', SUB: 'PUB XPUB', XSUB: 'PUB XPUB', PUSH: 'PULL', PULL: 'PUSH', PAIR: 'PAIR',
  REQ: 'REP ROUTER', REP: 'REQ DEALER', DEALER: 'REP DEALER ROUTER', ROUTER: 'REQ DEALER ROUTER',
};

/** Two ends that refuse each other. Types that we do not know may do as they like. */
export function isIllegalPair(one: string, other: string): boolean {
  const legal = LEGAL[one];
  return legal !== undefined && LEGAL[other] !== undefined && !legal.split(' ').includes(other);
}
