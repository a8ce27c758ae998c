import {setTimeout as delay} from 'node:timers/promises';
import {Context, Reply, version} from 'zeromq';
import {TandemError} from '@tandem/contract';
import {assertLibzmqVersion} from './libzmq-version.ts';
import type {AllowList} from './allow-list.ts';
import {zapReply, type ZapPolicy} from './zap-policy.ts';

const ZAP_ENDPOINT = 'inproc://zeromq.zap.01';
const NAME_RETRIES = 500;

/** What the handler of this process did. */
export interface ZapStats {
  readonly allowed: number;
  readonly refused: number;
  readonly malformed: number;
}

/**
 * One context for all sockets of the harness, and in it the one handler that every accepted connection has to pass. The
 * handler runs while sockets are open (a waiting receive would keep the process alive) and is bound before any of them.
 */
class GuardedContext {
  readonly context: Context;
  #handler: Reply | null = null;
  #starting: Promise<void> | null = null;
  #users = 0;
  #allowed = 0;
  #refused = 0;
  #malformed = 0;
  readonly #lists = new Map<string, AllowList>();
  #domains = 0;

  constructor() {
    assertLibzmqVersion(version);
    this.context = new Context({blocky: false});
  }

  /** Settles when the handler is there; the answer gives it back. */
  async acquire(): Promise<() => void> {
    this.#users += 1;
    try {
      this.#starting ??= this.#start().finally(() => (this.#starting = null));
      await this.#starting;
    } catch (error) {
      this.#users -= 1;
      throw error;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#users -= 1;
      if (this.#users === 0) this.#stop();
    };
  }

  /** A domain of its own for a socket with keys; `forget` it when the socket is closed. */
  domainFor(list: AllowList): {readonly domain: string; readonly forget: () => void} {
    this.#domains += 1;
    const domain = `tandem.curve.${this.#domains}`;
    this.#lists.set(domain, list);
    return {domain, forget: () => void this.#lists.delete(domain)};
  }

  stats(): ZapStats {
    return {allowed: this.#allowed, refused: this.#refused, malformed: this.#malformed};
  }

  async #start(): Promise<void> {
    if (this.#handler !== null) return;
    const handler = new Reply({context: this.context, linger: 0});
    for (let attempt = 0; ; attempt += 1) {
      try {
        handler.bindSync(ZAP_ENDPOINT);
        break;
      } catch (error) {
        // A handler that was just closed gives its name back in another thread, a moment later.
        if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && attempt < NAME_RETRIES) {
          await delay(1);
          continue;
        }
        handler.close();
        throw new TandemError({
          id: 'TDM-E207', kind: 'invariant', what: 'The guard of the sockets could not start.', where: ZAP_ENDPOINT,
          seen: error instanceof Error ? error.message : String(error), fix: 'report this with the output of tandem doctor',
        }, {cause: error});
      }
    }
    this.#handler = handler;
    void this.#serve(handler, {uid: process.getuid?.() ?? null, nameOf: (domain, publicKey) => this.#lists.get(domain)?.nameOf(publicKey) ?? null});
  }

  #stop(): void {
    this.#handler?.close();
    this.#handler = null;
  }

  async #serve(handler: Reply, policy: ZapPolicy): Promise<void> {
    while (!handler.closed) {
      try {
        const answer = zapReply(await handler.receive(), policy);
        if (answer === null) this.#malformed += 1;
        else if (answer.decision.allowed) this.#allowed += 1;
        else this.#refused += 1;
        // A request must be answered before the next one can be read; status 500 refuses.
        await handler.send(answer?.frames ?? ['1.0', '', '500', 'malformed', '', '']);
      } catch {
        // Closed while waiting, or broken: without a handler every connection is refused, which is the safe side.
        if (this.#handler === handler) this.#handler = null;
        handler.close();
      }
    }
  }
}

let guarded: GuardedContext | null = null;

/** The process-wide guarded context; made on first use, so that importing this file opens nothing. */
export function guardedContext(): GuardedContext {
  guarded ??= new GuardedContext();
  return guarded;
}
