import type {Socket} from 'zeromq';

/** What happened to the connections of one socket, as libzmq's monitor tells it. */
export type LinkEventKind = 'bound' | 'accepted' | 'connected' | 'ready' | 'handshake-failed' | 'disconnected' | 'retry';

export interface LinkEvent {
  readonly kind: LinkEventKind;
  readonly address: string;
  /** error code of a failed handshake, else empty */
  readonly detail: string;
}

export interface LinkCounts {
  readonly accepted: number;
  readonly connected: number;
  /** handshakes that succeeded: peers that speak ZeroMQ and were let in */
  readonly ready: number;
  readonly handshakeFailed: number;
  readonly disconnected: number;
  readonly retries: number;
}

export interface LinkWatch {
  counts(): LinkCounts;
  /** called for each event; returns what removes the listener. At most a few listeners a socket. */
  onEvent(listener: (event: LinkEvent) => void): () => void;
}

const COUNT_OF: Readonly<Record<LinkEventKind, keyof LinkCounts | null>> = {
  bound: null, accepted: 'accepted', connected: 'connected', ready: 'ready', 'handshake-failed': 'handshakeFailed',
  disconnected: 'disconnected', retry: 'retries',
};

/** Starts to watch; must be called before bind or connect, else the first events are missed. */
export function watchLinks(socket: Socket): LinkWatch {
  const counts = {accepted: 0, connected: 0, ready: 0, handshakeFailed: 0, disconnected: 0, retries: 0};
  const listeners = new Set<(event: LinkEvent) => void>();
  const tell = (kind: LinkEventKind, address: string | undefined, detail: string): void => {
    const field = COUNT_OF[kind];
    if (field !== null) counts[field] += 1;
    const event: LinkEvent = {kind, address: address ?? '', detail};
    for (const listener of listeners) listener(event);
  };
  const failed = (event: {readonly address?: string; readonly error?: Error}): void => {
    const error = event.error as (Error & {code?: string; status?: number}) | undefined;
    tell('handshake-failed', event.address, error?.code ?? (error?.status === undefined ? error?.message ?? '' : `ZAP ${error.status}`));
  };
  const events = socket.events;
  events.on('bind', (event) => tell('bound', event.address, ''));
  events.on('accept', (event) => tell('accepted', event.address, ''));
  events.on('connect', (event) => tell('connected', event.address, ''));
  events.on('handshake', (event) => tell('ready', event.address, ''));
  events.on('disconnect', (event) => tell('disconnected', event.address, ''));
  events.on('connect:retry', (event) => tell('retry', event.address, ''));
  events.on('handshake:error:protocol', failed);
  events.on('handshake:error:auth', failed);
  events.on('handshake:error:other', failed);
  return {
    counts: () => ({...counts}),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
