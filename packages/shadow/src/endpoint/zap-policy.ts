import {BIND_DOMAIN, CONNECT_DOMAIN} from './safe-settings.ts';
import {z85} from './z85.ts';

const EMPTY = new Uint8Array(0);
const NULL_MECHANISM_PARTS = 6;
const CURVE_KEY_BYTES = 32;

/** Why a peer was let in or not; the text stands in counts and logs. */
export interface ZapDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Whoever may open our sockets. */
export interface ZapPolicy {
  /** over ipc: the user that runs us, and root; null where the platform has none */
  readonly uid: number | null;
  /** of a socket with keys: the name of whoever holds this public key (Z85), null when it is not on the list of that domain */
  readonly nameOf: (domain: string, publicKey: string) => string | null;
}

/** One connection, as the request describes it. */
export interface ZapPeer {
  readonly domain: string;
  /** an IP address, or for ipc `localhost:<uid>:<gid>:<pid>` where the kernel tells it */
  readonly address: string;
  readonly mechanism: string;
  /** of CURVE: 32 octets, proven by the handshake */
  readonly credentials: Uint8Array;
}

/**
 * Decides on one connection (ZeroMQ RFC 27). Sockets that connect chose their peer themselves, so any is allowed there. A socket with keys
 * takes whoever holds a key on its list, from wherever; one without takes this machine only.
 */
export function judgePeer({domain, address, mechanism, credentials}: ZapPeer, policy: ZapPolicy): ZapDecision {
  if (mechanism === 'CURVE') return judgeKey(domain, credentials, policy);
  if (mechanism !== 'NULL') return {allowed: false, reason: `mechanism ${mechanism} is not offered`};
  if (domain === CONNECT_DOMAIN) return {allowed: true, reason: 'peer of our own connect'};
  if (domain !== BIND_DOMAIN) return {allowed: false, reason: 'unknown domain'};
  if (/^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address) || address === '::1') return {allowed: true, reason: 'loopback'};
  const ipc = /^localhost(?::(\d+):\d+:\d+)?$/.exec(address);
  if (ipc === null) return {allowed: false, reason: 'not a loopback or ipc peer'};
  const uid = ipc[1] === undefined ? null : Number(ipc[1]);
  if (uid === null || policy.uid === null || uid === policy.uid || uid === 0) return {allowed: true, reason: 'ipc'};
  return {allowed: false, reason: `ipc peer of user ${uid}`};
}

function judgeKey(domain: string, credentials: Uint8Array, {nameOf}: ZapPolicy): ZapDecision {
  if (credentials.length !== CURVE_KEY_BYTES) return {allowed: false, reason: 'no public key'};
  const name = nameOf(domain, z85(credentials));
  return name === null ? {allowed: false, reason: 'key not on the allow-list'} : {allowed: true, reason: `key of ${name}`};
}

/** The answer to one ZAP request as frames; null when the request is not ZAP 1.0 (it is then not answered: refused). */
export function zapReply(request: readonly Uint8Array[], policy: ZapPolicy): {frames: Uint8Array[]; decision: ZapDecision} | null {
  if (request.length < NULL_MECHANISM_PARTS) return null;
  const text = (index: number): string => Buffer.from(request[index] ?? EMPTY).toString('latin1');
  if (text(0) !== '1.0') return null;
  const decision = judgePeer({domain: text(2), address: text(3), mechanism: text(5), credentials: request[6] ?? EMPTY}, policy);
  const status = decision.allowed ? '200' : '400';
  const frames = [Buffer.from('1.0'), request[1] ?? EMPTY, Buffer.from(status), Buffer.from(decision.allowed ? 'OK' : 'refused'), EMPTY, EMPTY];
  return {frames, decision};
}
