/** What our end of a link can be. */
export type SocketType = 'PUSH' | 'PULL' | 'SUB';

const PEERS: Readonly<Record<SocketType, readonly string[]>> = {PUSH: ['PULL'], PULL: ['PUSH'], SUB: ['PUB', 'XPUB']};

/** Why a peer of this type cannot talk with us; null when it can. `seen` is what the peer said, so only its letters are repeated. */
export function pairRefusal(ours: SocketType, seen: string | null): string | null {
  if (seen !== null && PEERS[ours].includes(seen)) return null;
  return `its socket is ${seen === null ? 'of no type' : `a ${seen.replace(/[^A-Z]/g, '?').slice(0, 10)}`}, needed is a ${PEERS[ours].join(' or ')}`;
}
