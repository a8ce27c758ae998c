import type {WireDirection, WireMessage} from './wire-message.ts';

/**
 * How much the tap looks at. `observe`: hands out messages; `headers`: counts them, touches no body; `splice`: forwards and looks at nothing.
 * Forwarding is the same in all three.
 */
export type WireMode = 'observe' | 'headers' | 'splice';

/** What one end of a connection said about itself. */
export interface WireEnd {
  /** `PUSH`, `ROUTER`, ...; null when it is encrypted */
  readonly socketType: string | null;
  /** the identity it chose, up to 255 octets in latin1; empty when it chose none or it is encrypted */
  readonly identity: string;
  /** minor version of ZMTP 3 */
  readonly minor: number;
}

/** Why nothing can be read of a connection although it is forwarded. */
export type OpaqueReason = 'zmtp1' | 'zmtp2' | 'curve' | 'mechanism' | 'illegal-pair';

/** How a connection ended. */
export type WireEndingHow =
  /** both sides said that they were done */
  | 'ended'
  /** one side broke it off */
  | 'reset'
  /** one side was done and the other said nothing for too long */
  | 'half-open'
  /** the real endpoint did not accept; the peer was turned away and tries again */
  | 'upstream-absent'
  /** more connections than the limit */
  | 'too-many'
  /** the tap was closed */
  | 'tap-closed';

/** What passed in one direction. Octets are exact in every mode, messages only while headers were read. */
export interface WireTraffic {
  /** octets taken from the sender */
  readonly bytes: number;
  /** octets that the receiver's side did not take before the end: at most so many were lost here */
  readonly unsentBytes: number;
  /** messages seen, handed out or not; the last seq */
  readonly messages: number;
  readonly messageBytes: number;
  /** messages handed out */
  readonly observed: number;
  /** of these: cut to the limits */
  readonly truncated: number;
  /** messages seen and not handed out: the mode was `headers`, or they came too early in too great a number */
  readonly unobserved: number;
  /** messages of a connection whose handshake was never done: the receiver does not take them, so they were not handed out */
  readonly unaccepted: number;
  readonly subscriptions: number;
  readonly commands: number;
  /** frames that are encrypted */
  readonly opaqueFrames: number;
  readonly opaqueBytes: number;
  /** octets that nobody looked at */
  readonly splicedBytes: number;
}

interface OnConnection {
  readonly connection: number;
  readonly tMonoNs: number;
}

/** What happens to connections. Their memory is yours. */
export type WireEvent =
  | (OnConnection & {readonly kind: 'opened'})
  /** both ends have agreed; `mechanism` is `NULL`, `PLAIN`, `CURVE` or what they called it */
  | (OnConnection & {readonly kind: 'handshake'; readonly epoch: number; readonly mechanism: string; readonly up: WireEnd; readonly down: WireEnd})
  /** one end sent ERROR, such as for a wrong password */
  | (OnConnection & {readonly kind: 'refused'; readonly direction: WireDirection; readonly reason: string})
  | (OnConnection & {readonly kind: 'subscription'; readonly epoch: number; readonly direction: WireDirection; readonly isCancel: boolean; readonly topic: Uint8Array})
  | (OnConnection & {readonly kind: 'opaque'; readonly direction: WireDirection; readonly reason: OpaqueReason})
  /** the octets make no sense as frames; from here they are only forwarded */
  | (OnConnection & {readonly kind: 'desync'; readonly direction: WireDirection; readonly seen: string})
  | (OnConnection & {
    readonly kind: 'closed'; readonly how: WireEndingHow;
    /** who ended or broke it first; null: the tap */
    readonly by: 'peer' | 'upstream' | null;
    /** the system's code, such as ECONNRESET */
    readonly code: string | null;
    readonly up: WireTraffic; readonly down: WireTraffic;
  })
  /** of the whole tap; `error`: what the observer threw */
  | {readonly kind: 'mode'; readonly tMonoNs: number; readonly mode: WireMode; readonly reason: string; readonly error: unknown};

/**
 * Who is told. Called in place, after the octets were forwarded: be quick, for the next octets wait meanwhile. When `message` throws, the tap goes down
 * to `headers`; when `event` throws, to `splice`. Traffic goes on.
 */
export interface WireSink {
  message(message: WireMessage): void;
  event?(event: WireEvent): void;
}
