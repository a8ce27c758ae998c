import type {Socket} from 'node:net';
import {readEndpoint} from './endpoint.ts';
import {listen} from './listener.ts';
import {monoNs} from './mono-clock.ts';
import {ReusedReading} from './reused-reading.ts';
import {WireConnection, type ConnectionOptions} from './wire-connection.ts';
import {WireConversation} from './wire-conversation.ts';
import type {WireEvent, WireMode, WireSink, WireTraffic} from './wire-events.ts';
import {IdentityEpochs} from './identity-epochs.ts';
import {WireLadder} from './wire-ladder.ts';
import {WireObserver} from './wire-observer.ts';
import {addTraffic, NO_TRAFFIC} from './wire-traffic.ts';

/** Bounds of a tap; sizes in octets, times in ms. Traffic is bounded by none of them but `connectionsMax` and `halfOpenMs`. */
export interface WireLimits {
  /** connections at once; one more is turned away */
  readonly connectionsMax: number;
  /** octets of one message that are handed out */
  readonly messageBytesMax: number;
  /** parts of one message that are handed out */
  readonly partsMax: number;
  /** how long the real endpoint may take to accept */
  readonly dialMs: number;
  /** how long one side may go on when the other is done and has all that was sent to it */
  readonly halfOpenMs: number;
}

export const WIRE_LIMITS: WireLimits = {connectionsMax: 1024, messageBytesMax: 1024 * 1024, partsMax: 64, dialMs: 2000, halfOpenMs: 30_000};

export interface WireTapOptions {
  /** where peers connect: `ipc://<path>` or `tcp://<loopback address>:<port>`, port `*` or 0 any free one */
  readonly listen: string;
  /** the real endpoint; one connection is made for each that is accepted */
  readonly upstream: string;
  readonly sink: WireSink;
  /** `observe` unless given */
  readonly mode?: WireMode;
  readonly limits?: Partial<WireLimits>;
  /** the time in ns, asked once for each chunk; CLOCK_MONOTONIC unless given */
  readonly clock?: () => number;
}

export interface WireCounts {
  readonly opened: number;
  readonly open: number;
  readonly closed: number;
  /** of these: broken off, by either side */
  readonly reset: number;
  readonly upstreamAbsent: number;
  readonly tooMany: number;
  /** times that the sink threw */
  readonly sinkFaults: number;
  /** all connections, those that have ended too */
  readonly up: WireTraffic;
  readonly down: WireTraffic;
}

/** Stands before a real endpoint, forwards every octet both ways and looks at them by the way. */
export interface WireTap {
  /** where peers connect, with the port that was chosen */
  readonly endpoint: string;
  readonly mode: WireMode;
  readonly counts: WireCounts;
  /**
   * From now on, for all connections. What has once been spliced cannot be observed again: nobody knows where a message begins; connections that
   * open later can. `reason` is told with the event.
   */
  setMode(mode: WireMode, reason: string): void;
  /** Accepts nothing more and removes the ipc file; connections that stand go on. */
  stopListening(): void;
  /** Waits up to `graceMs` (0) for connections to end by themselves, then ends them behind what was taken from them. */
  close(graceMs?: number): Promise<void>;
}

/** How long an end that was asked for may take, before it is cut. */
const END_MS = 1000;

/** @throws ZmtpError `endpoint`, `not-local`, `in-use` or `listen`. That upstream is absent is no error: peers are turned away until it is there. */
export async function startWireTap(options: WireTapOptions): Promise<WireTap> {
  const {clock = monoNs, mode = 'observe'} = options;
  const upstream = readEndpoint(options.upstream);
  const limits = {...WIRE_LIMITS, ...options.limits};
  const ladder = new WireLadder(options.sink, mode, clock);
  const epochs = new IdentityEpochs();
  const open = new Set<WireConnection>();
  let waiting: (() => void) | null = null;
  const sums = {opened: 0, closed: 0, reset: 0, upstreamAbsent: 0, tooMany: 0, up: NO_TRAFFIC, down: NO_TRAFFIC};
  const shared: ConnectionOptions = {
    limits, clock, isPeerTcp: readEndpoint(options.listen).kind === 'tcp',
    makeObserver: (direction, conversation) => new WireObserver(direction, conversation, ladder, limits),
    over(connection, event: WireEvent & {kind: 'closed'}) {
      open.delete(connection);
      sums.closed += 1;
      if (event.how === 'reset') sums.reset += 1;
      if (event.how === 'upstream-absent') sums.upstreamAbsent += 1;
      if (event.how === 'too-many') sums.tooMany += 1;
      sums.up = addTraffic(sums.up, event.up);
      sums.down = addTraffic(sums.down, event.down);
      ladder.tell(event);
      if (open.size === 0) waiting?.();
    },
  };
  const accept = (peer: Socket): void => {
    sums.opened += 1;
    const id = sums.opened;
    ladder.tell({kind: 'opened', connection: id, tMonoNs: clock()});
    const connection = new WireConnection(ReusedReading.adopt(peer), ReusedReading.dial(upstream), {conversation: new WireConversation(id, ladder, epochs), options: shared});
    open.add(connection);
    if (open.size > limits.connectionsMax) connection.destroy('too-many');
  };
  const listener = await listen(options.listen, accept, true);
  return {
    endpoint: listener.endpoint,
    get mode() { return ladder.mode; },
    get counts() { return countAll(sums, open, ladder.sinkFaults); },
    setMode: (next, reason) => ladder.set(next, reason),
    stopListening: () => listener.close(),
    async close(graceMs = 0) {
      listener.close();
      const ended = async (ms: number): Promise<void> => {
        if (open.size === 0) return;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          waiting = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      };
      if (graceMs > 0) await ended(graceMs);
      for (const connection of [...open]) connection.close();
      await ended(END_MS);
      for (const connection of [...open]) connection.destroy('tap-closed');
      await ended(END_MS);
    },
  };
}

function countAll(sums: Omit<WireCounts, 'open' | 'sinkFaults'>, open: ReadonlySet<WireConnection>, sinkFaults: number): WireCounts {
  let {up, down} = sums;
  for (const connection of open) {
    up = addTraffic(up, connection.up.traffic);
    down = addTraffic(down, connection.down.traffic);
  }
  return {...sums, open: open.size, sinkFaults, up, down};
}
