import type {Socket} from 'node:net';
import {Connection, type ConnectionHost, type Ending} from './connection.ts';
import type {Mechanism} from './handshake.ts';
import type {LinkCounts, LinkLimits} from './link-limits.ts';
import type {SocketType} from './socket-type.ts';

/** What a socket does with its connections. */
export interface SetOwner extends Pick<ConnectionHost, 'chunkBegins' | 'chunkEnds' | 'message' | 'drained'> {
  joined(connection: Connection): void;
  left(connection: Connection, ending: Ending): void;
  /** do we read what peers send at the moment? */
  isReading(): boolean;
}

export interface SetOptions {
  readonly type: SocketType;
  readonly mechanism: Mechanism;
  readonly limits: LinkLimits;
  readonly backlogBytesMax: number;
}

/** The connections of one socket, before and after their handshake, within its bounds. */
export class ConnectionSet {
  readonly open: Set<Connection> = new Set();
  readonly #strangers = new Set<Connection>();
  readonly #options: SetOptions;
  readonly #owner: SetOwner;
  readonly #timer: NodeJS.Timeout | null = null;
  #epochs = 0;
  readonly #counts = {joined: 0, gone: 0, faulty: 0, silent: 0, refused: 0};

  constructor(options: SetOptions, owner: SetOwner) {
    this.#options = options;
    this.#owner = owner;
    const {heartbeatMs} = options.limits;
    if (heartbeatMs > 0) this.#timer = setInterval(() => this.#tick(), heartbeatMs).unref();
  }

  get counts(): LinkCounts {
    return {...this.#counts};
  }

  /** `over`: called once, when this connection has ended. */
  adopt(socket: Socket, over?: (ending: Ending, wasOpen: boolean) => void): Connection {
    const {limits} = this.#options;
    const owner = this.#owner;
    const [oldest] = this.#strangers;
    if (oldest !== undefined && this.#strangers.size >= limits.strangersMax) oldest.end({kind: 'faulty', seen: 'too many strangers'});
    const connection = new Connection(socket, {
      ...this.#options,
      chunkBegins: (from) => owner.chunkBegins(from), chunkEnds: (from) => owner.chunkEnds(from), drained: (from) => owner.drained(from),
      message: (payload, frames, from) => owner.message(payload, frames, from),
      joined: (joined) => this.#joined(joined),
      over: (gone, ending, wasOpen) => {
        this.#over(gone, ending);
        over?.(ending, wasOpen);
      },
    }, ++this.#epochs);
    this.#strangers.add(connection);
    return connection;
  }

  /** Ends all at once. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const connection of [...this.#strangers, ...this.open]) connection.end({kind: 'gone', seen: null});
  }

  #joined(connection: Connection): void {
    if (this.open.size >= this.#options.limits.peersMax) return connection.end({kind: 'faulty', seen: 'too many peers'});
    this.#strangers.delete(connection);
    this.open.add(connection);
    this.#counts.joined += 1;
    this.#owner.joined(connection);
  }

  #over(connection: Connection, ending: Ending): void {
    if (this.#strangers.delete(connection)) {
      this.#counts.refused += 1;
      return;
    }
    this.open.delete(connection);
    this.#counts.gone += 1;
    if (ending.kind !== 'gone') this.#counts[ending.kind] += 1;
    this.#owner.left(connection, ending);
  }

  #tick(): void {
    const isReading = this.#owner.isReading();
    for (const connection of this.open) connection.tick(isReading);
  }
}
