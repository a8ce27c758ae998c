/** `fast`: our own ZMTP, for ipc and loopback; `zeromq`: libzmq, for everything else. On the wire they are the same. */
export type Transport = 'fast' | 'zeromq';

export interface GatewayEndpoints {
  readonly in: string;
  readonly out: string;
  readonly inConnect: boolean;
  readonly outConnect: boolean;
  readonly inPattern: 'pull' | 'sub';
  readonly insecurePlaintext: string | null;
  /** null: fast where it can be */
  readonly transport: Transport | null;
  /** whoever started us is the peer: its end is seen at stdin, and a pause of it is no reason to cut it */
  readonly exitOnStdinEof?: boolean;
}

/** What stands between the sockets. */
export interface GatewayPath {
  /** One part of a message: each part is a message of its own. The octets are valid during the call. */
  accept(message: Uint8Array): void;
  /** The input is used up for now: what was gathered goes out. */
  flush(): void;
}

export interface GatewayCounts extends SendCounts {
  readonly transport: Transport;
  readonly received: number;
  readonly wakes: number;
  /** of the fast transport: peers turned away, cut for what they sent or for silence, gone with outputs they may not have read (octets that had not left) */
  readonly peers?: {readonly refused: number; readonly faulty: number; readonly silent: number; readonly goneUnsettled: number; readonly lostBytes: number};
}

export interface SendCounts {
  readonly sent: number;
  /** times nobody took more and the input had to wait */
  readonly backPressure: number;
  /** sends that came back (time-out, or the peer left at that moment) and were made again */
  readonly resent: number;
  /** most outputs that waited at once */
  readonly queuedMax: number;
  /** outputs given up at the end, because nobody took them in time */
  readonly abandoned: number;
}

/** What a lane sees of its sockets. */
export interface Gateway {
  readonly counts: GatewayCounts;
  /** is the output not taking anything at the moment? */
  readonly isBlocked: boolean;
  /**
   * Hands octets to the output, in the order of decisions.
   * @returns were they copied? Else they must not change afterwards.
   */
  send(octets: Uint8Array): boolean;
  /** Hands what arrives to the path, until `stop`. Outputs that nobody takes hold the input back: nothing is lost. */
  run(path: GatewayPath): Promise<void>;
  /** Ends `run` once everything that has arrived is answered. */
  stop(): void;
}
