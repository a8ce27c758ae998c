import type {ErrorDetail} from '@tandem/contract';
import type {WireEnd} from './wire-settings.ts';

/** Why nothing came through a wire tap, from how far its peers got. Pure. */
export const wireSilence = (wires: readonly WireEnd[], lastWords: string): ErrorDetail => {
  const sum = (value: (wire: WireEnd) => number): number => wires.reduce((total, wire) => total + value(wire), 0);
  const opened = sum((wire) => wire.opened), absent = sum(({upstreamAbsent}) => upstreamAbsent), handshakes = sum(({seen}) => seen.handshakes), opaque = sum(({seen}) => seen.opaque);
  const places = wires.map(({listen}) => listen).join(', '), upstreams = wires.map(({upstream}) => upstream).join(', ');
  const detail = (seen: string, likely: string, fix: string): ErrorDetail => ({id: 'TDM-E282', kind: 'environment', what: `Nothing has come through the tap of "${wires.map(({stream}) => stream).join(', ')}".`, where: places, seen: [seen, lastWords].filter(Boolean).join('; '), likely, fix});
  if (opened === 0) return detail('no peer connected', 'live peers still connect to the real endpoint', `let live peers connect to ${places}; the tap forwards them to ${upstreams}`);
  if (absent === opened) return detail(`${opened} peers came and were turned away: nothing answers at ${upstreams}`, 'the real endpoint is not running, or --upstream names another one', `start the real endpoint or correct --upstream ${upstreams}`);
  if (handshakes === 0 && opaque > 0) return detail(`${opened} peers connected, and nothing of their traffic can be read (${opaque} connections)`, 'they use ZMTP 2 or encryption, or are no ZeroMQ sockets', 'record at an end where the messages are plain, or tap a CURVE publisher with its server key');
  if (handshakes === 0) return detail(`${opened} peers connected, none shook hands`, 'one of the two sides is no ZeroMQ socket, or the two do not fit', `check which sockets stand at ${upstreams} and connect to ${places}`);
  return detail(`${opened} peers connected, ${handshakes} shook hands, 0 messages`, 'nothing is sent at this time', 'look at the sender; to wait for it, leave out --for or give it more time');
};
