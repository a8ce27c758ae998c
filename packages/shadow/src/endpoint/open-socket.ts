import {Dealer, Publisher, Pull, Push, Router, Subscriber} from 'zeromq';
import {TandemError} from '@tandem/contract';
import type {AllowList} from './allow-list.ts';
import {bindSocket} from './bind-socket.ts';
import type {CurveKeys} from './curve-certificate.ts';
import {assertLocalBind, parseEndpoint, type EndpointAddress} from './endpoint-address.ts';
import {watchLinks, type LinkWatch} from './link-watch.ts';
import {SAFE_LIMITS, socketOptions, TOPIC_BYTES_MAX, TOPICS_MAX, type SocketLimits} from './safe-settings.ts';
import {guardedContext} from './zap-handler.ts';

/** Where a socket stands and what differs from the safe settings. Exactly one of `bind` and `connect`. */
export interface OpenOptions {
  /** only loopback tcp (`tcp://127.0.0.1:*` takes a free port) and ipc in a folder of mode 700 */
  readonly bind?: string;
  readonly connect?: string;
  readonly limits?: Partial<SocketLimits>;
  /** a binding socket: its keys and who may come in. A connecting one: its own keys and the public key (Z85) of whom it wants to meet */
  readonly curve?: {readonly keys: CurveKeys; readonly allow: AllowList} | {readonly keys: CurveKeys; readonly serverKey: string};
  /** routing identity of a dealer or router, 1..255 octets, not starting with zero */
  readonly routingId?: string;
}

export type GuardedSocket = Pull | Push | Subscriber | Publisher | Router | Dealer;

/** One open socket. Nothing else in the harness holds one. */
export interface Endpoint<S extends GuardedSocket = GuardedSocket> {
  readonly socket: S;
  /** what a peer connects to: the real port after a bind to a free one */
  readonly address: string;
  readonly limits: SocketLimits;
  readonly links: LinkWatch;
  /** closes at once; unsent messages live on for `limits.lingerMs`. May be called again. */
  close(): void;
}

/** For those who may not name the library: the endpoints by kind. */
export type PullEndpoint = Endpoint<Pull>;
export type PushEndpoint = Endpoint<Push>;
export type SubEndpoint = Endpoint<Subscriber>;
export type PubEndpoint = Endpoint<Publisher>;
export type RouterEndpoint = Endpoint<Router>;
export type DealerEndpoint = Endpoint<Dealer>;

type SocketClass<S> = new (options: Record<string, unknown>) => S;

export async function openPull(options: OpenOptions): Promise<Endpoint<Pull>> {
  return await open(Pull as SocketClass<Pull>, options, {receiveTimeout: -1});
}

export async function openPush(options: OpenOptions): Promise<Endpoint<Push>> {
  return await open(Push as SocketClass<Push>, options, {});
}

/** A passive subscriber; `topics` are prefixes, one empty text takes all. Subscribed before it connects. */
export async function openSub(options: OpenOptions & {readonly topics: readonly string[]}): Promise<Endpoint<Subscriber>> {
  const topics = [...options.topics];
  const longest = topics.reduce((most, topic) => Math.max(most, Buffer.byteLength(topic)), 0);
  if (topics.length === 0 || topics.length > TOPICS_MAX || longest > TOPIC_BYTES_MAX) {
    throw new TandemError({
      id: 'TDM-E208', kind: 'usage', what: 'The topics of a subscription cannot be used.', where: options.connect ?? options.bind,
      seen: `${topics.length} topics, the longest has ${longest} octets; allowed are 1 to ${TOPICS_MAX} of at most ${TOPIC_BYTES_MAX}`,
      fix: 'write one empty text to take everything, or fewer and shorter prefixes',
    });
  }
  return await open(Subscriber as SocketClass<Subscriber>, options, {}, (socket) => socket.subscribe(...topics));
}

export async function openPub(options: OpenOptions): Promise<Endpoint<Publisher>> {
  return await open(Publisher as SocketClass<Publisher>, options, {noDrop: false});
}

/** Mandatory routing: a message to a peer that is gone is an error that the sender counts, never silence. */
export async function openRouter(options: OpenOptions): Promise<Endpoint<Router>> {
  return await open(Router as SocketClass<Router>, options, {mandatory: true, handover: false});
}

export async function openDealer(options: OpenOptions): Promise<Endpoint<Dealer>> {
  return await open(Dealer as SocketClass<Dealer>, options, {});
}

async function open<S extends GuardedSocket>(
  Kind: SocketClass<S>, options: OpenOptions, extra: Readonly<Record<string, unknown>>, before?: (socket: S) => void,
): Promise<Endpoint<S>> {
  const {address, binds} = whereTo(options);
  const limits: SocketLimits = {...SAFE_LIMITS, ...options.limits};
  const guard = guardedContext();
  const releases = [await guard.acquire()];
  const release = (): void => { for (const one of releases.splice(0)) one(); };
  let socket: S | null = null;
  try {
    const {settings, forget} = keyed(options, binds, guard);
    releases.push(forget);
    socket = new Kind({context: guard.context, ...socketOptions(limits, binds), ...settings, ...queueOptions(Kind.name, limits), ...extra,
      ...(address.transport === 'tcp' && address.host.startsWith('[') ? {ipv6: true} : {}),
      ...(options.routingId === undefined ? {} : {routingId: options.routingId})});
    const links = watchLinks(socket);
    before?.(socket);
    if (binds) await bindSocket(socket, address);
    else socket.connect(address.text);
    return endpointOf({socket, address: (binds ? socket.lastEndpoint : null) ?? address.text, limits, links, release});
  } catch (error) {
    socket?.close();
    release();
    throw error;
  }
}

/** CURVE with all three: a domain, its enforcement and a handler that looks at the key. Two of them alone let any client in. */
function keyed({curve}: OpenOptions, binds: boolean, guard: ReturnType<typeof guardedContext>): {settings: Readonly<Record<string, unknown>>; forget: () => void} {
  if (curve === undefined) return {settings: {}, forget: () => undefined};
  const {publicKey, secretKey} = curve.keys;
  if (secretKey === null || 'allow' in curve !== binds) {
    throw new TandemError({id: 'TDM-E212', kind: 'invariant', what: 'The keys of a socket do not fit it.', seen: secretKey === null ? 'no secret key' : binds ? 'a binding socket without an allow-list' : 'a connecting socket with one'});
  }
  if ('serverKey' in curve) return {settings: {curveServerKey: curve.serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey}, forget: () => undefined};
  const {domain, forget} = guard.domainFor(curve.allow);
  return {settings: {curveServer: true, curvePublicKey: publicKey, curveSecretKey: secretKey, zapDomain: domain, zapEnforceDomain: true}, forget};
}

function endpointOf<S extends GuardedSocket>(
  parts: {socket: S; address: string; limits: SocketLimits; links: LinkWatch; release: () => void},
): Endpoint<S> {
  const {socket, address, limits, links, release} = parts;
  return {
    socket, address, limits, links,
    close() {
      if (!socket.closed) socket.close();
      release();
    },
  };
}

function whereTo(options: OpenOptions): {address: EndpointAddress; binds: boolean} {
  const {bind, connect} = options;
  if ((bind === undefined) === (connect === undefined)) {
    throw new TandemError({id: 'TDM-E212', kind: 'invariant', what: 'A socket either binds or connects.', seen: `bind ${bind}, connect ${connect}`});
  }
  const address = parseEndpoint(bind ?? connect ?? '');
  if (bind !== undefined) {
    assertLocalBind(address, options.curve !== undefined && 'allow' in options.curve);
  } else if (address.transport === 'tcp' && (address.port === null || address.host.includes('*'))) {
    throw new TandemError({
      id: 'TDM-E201', kind: 'usage', what: `The endpoint "${address.text}" cannot be used.`, where: address.text,
      seen: 'a connect needs a host and a port', fix: 'write the port on which the other side listens',
    });
  }
  return {address, binds: bind !== undefined};
}

/** Each kind has only the queue options of its direction; zeromq.js refuses others. */
function queueOptions(kind: string, limits: SocketLimits): Record<string, number> {
  const receives = kind !== 'Push' && kind !== 'Publisher';
  const sends = kind !== 'Pull' && kind !== 'Subscriber';
  return {
    ...(receives ? {receiveHighWaterMark: limits.highWaterMark} : {}),
    ...(sends ? {sendHighWaterMark: limits.highWaterMark, sendTimeout: limits.sendTimeoutMs} : {}),
  };
}
