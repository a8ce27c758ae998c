/**
 * The settings that every socket of the harness gets. Each replaces a default of libzmq that is unsafe here: unlimited
 * message size, endless linger and send, no heartbeat (a stopped peer is never noticed), 30 s for a handshake.
 */
export interface SocketLimits {
  /** a peer that sends a longer frame is cut, bytes */
  readonly maxMessageBytes: number;
  /** parts of one message; a message with more is dropped and counted */
  readonly maxParts: number;
  /** messages queued per peer and direction */
  readonly highWaterMark: number;
  /** how long unsent messages outlive close() */
  readonly lingerMs: number;
  /** one attempt to send; a sender repeats and counts it, it never gives a message up */
  readonly sendTimeoutMs: number;
  readonly handshakeMs: number;
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  /** connections waiting to be accepted */
  readonly backlog: number;
  readonly reconnectMs: number;
  readonly reconnectMaxMs: number;
}

export const SAFE_LIMITS: SocketLimits = {
  maxMessageBytes: 1024 * 1024,
  maxParts: 16,
  highWaterMark: 10_000,
  lingerMs: 0,
  sendTimeoutMs: 1000,
  handshakeMs: 2000,
  heartbeatIntervalMs: 1000,
  heartbeatTimeoutMs: 3000,
  backlog: 128,
  reconnectMs: 50,
  reconnectMaxMs: 1000,
};

/** A subscription prefix longer than this, or more of them, is refused (bytes, number). */
export const TOPIC_BYTES_MAX = 256;
export const TOPICS_MAX = 1024;

/** ZAP domain of sockets that bind: the handler must be there and must agree, or the peer is refused. */
export const BIND_DOMAIN = 'tandem.bind';
/** ZAP domain of sockets that connect: being set is what keeps bytes of a stray service (HTTP, ZMTP 1) from becoming messages. */
export const CONNECT_DOMAIN = 'tandem.connect';

/** Limits in the names that zeromq.js uses, for any socket. */
export function socketOptions(limits: SocketLimits, binds: boolean): Readonly<Record<string, number | boolean | string>> {
  return {
    maxMessageSize: limits.maxMessageBytes,
    linger: limits.lingerMs,
    handshakeInterval: limits.handshakeMs,
    heartbeatInterval: limits.heartbeatIntervalMs,
    heartbeatTimeout: limits.heartbeatTimeoutMs,
    heartbeatTimeToLive: limits.heartbeatTimeoutMs,
    backlog: limits.backlog,
    reconnectInterval: limits.reconnectMs,
    reconnectMaxInterval: limits.reconnectMaxMs,
    zapDomain: binds ? BIND_DOMAIN : CONNECT_DOMAIN,
    zapEnforceDomain: binds,
  };
}
