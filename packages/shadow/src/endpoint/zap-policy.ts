import {BIND_DOMAIN, CONNECT_DOMAIN} from './safe-settings.ts';

const EMPTY = new Uint8Array(0);
const NULL_MECHANISM_PARTS = 6;

/** Why a peer was let in or not; the text stands in counts and logs. */
export interface ZapDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** Whoever may open our sockets: the user that runs us and root. `uid` null where the platform has none. */
export interface ZapPolicy {
  readonly uid: number | null;
}

/**
 * Decides on one connection (ZeroMQ RFC 27). `peer` is an IP address, or for ipc `localhost:<uid>:<gid>:<pid>` where the
 * kernel tells it. Sockets that connect chose their peer themselves, so any is allowed there.
 */
export function judgePeer(domain: string, peer: string, mechanism: string, policy: ZapPolicy): ZapDecision {
  if (mechanism !== 'NULL') return {allowed: false, reason: `mechanism ${mechanism} is not offered`};
  if (domain === CONNECT_DOMAIN) return {allowed: true, reason: 'peer of our own connect'};
  if (domain !== BIND_DOMAIN) return {allowed: false, reason: 'unknown domain'};
  if (/^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(peer) || peer === '::1') return {allowed: true, reason: 'loopback'};
  const ipc = /^localhost(?::(\d+):\d+:\d+)?$/.exec(peer);
  if (ipc === null) return {allowed: false, reason: 'not a loopback or ipc peer'};
  const uid = ipc[1] === undefined ? null : Number(ipc[1]);
  if (uid === null || policy.uid === null || uid === policy.uid || uid === 0) return {allowed: true, reason: 'ipc'};
  return {allowed: false, reason: `ipc peer of user ${uid}`};
}

/** The answer to one ZAP request as frames; null when the request is not ZAP 1.0 (it is then not answered: refused). */
export function zapReply(request: readonly Uint8Array[], policy: ZapPolicy): {frames: Uint8Array[]; decision: ZapDecision} | null {
  if (request.length < NULL_MECHANISM_PARTS) return null;
  const text = (index: number): string => Buffer.from(request[index] ?? EMPTY).toString('latin1');
  if (text(0) !== '1.0') return null;
  const decision = judgePeer(text(2), text(3), text(5), policy);
  const status = decision.allowed ? '200' : '400';
  const frames = [Buffer.from('1.0'), request[1] ?? EMPTY, Buffer.from(status), Buffer.from(decision.allowed ? 'OK' : 'refused'), EMPTY, EMPTY];
  return {frames, decision};
}
