import {setTimeout as delay} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';
import type {Position} from '../flow/journal-record.ts';
import {openDealer, type Endpoint} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender, type Sender} from '../endpoint/sender.ts';
import {decodeWord, encodeEffect, encodeWord, type FromDownstream} from './downstream-wire.ts';
import type {TakenIntent} from './gate-core-state.ts';

const ANSWER_MS = 3000;
/** longer than another gate that has died counts as living */
const WELCOME_MS = 5000;
const ASK_AGAIN_MS = 250;
const ALIVE_MS = 1000;
const QUEUED_MAX = 16_384;

export interface DownstreamEvents {
  /** every effect up to this intent is safe downstream */
  readonly onConfirmed: (intent: number) => void;
  /** nothing can be sent any more */
  readonly onFault: (error: TandemError) => void;
  /** nothing is read any more */
  readonly onBroken: (error: unknown) => void;
  /** what was on its way may be lost, or another gate took our place: only a new process that asks what arrived may go on */
  readonly onLost: (error: TandemError) => void;
}

export interface DownstreamPlace {
  readonly address: string;
  /** names this canary: the same for all of its gate's processes */
  readonly gate: string;
  readonly session: number;
}

type Dealer = Awaited<ReturnType<typeof openDealer>>['socket'];

/** The only socket towards downstream. */
export class DownstreamLink {
  readonly #endpoint: Endpoint<Dealer>;
  readonly #sender: Sender;
  readonly #session: number;
  readonly #hello: Buffer;
  readonly #events: DownstreamEvents;
  #alive: NodeJS.Timeout | null = null;
  #busyWith: string | null = null;
  #isOpen = false;
  #waiting: {readonly kind: FromDownstream['kind']; readonly resolve: (word: FromDownstream) => void} | null = null;
  #backlog: [Buffer, Uint8Array][] = [];
  #draining = false;

  private constructor(endpoint: Endpoint<Dealer>, {gate, session}: DownstreamPlace, events: DownstreamEvents) {
    this.#endpoint = endpoint;
    this.#session = session;
    this.#hello = encodeWord({kind: 'hello', session, gate});
    this.#events = events;
    this.#sender = createSender(endpoint, {maxQueued: QUEUED_MAX, maxQueuedBytes: 256 * 1024 * 1024, onFault: events.onFault});
    endpoint.links.onEvent(({kind}) => {
      if (kind === 'disconnected') this.#lost('the connection ended');
    });
    receiveBurst(endpoint, ({messages}) => {
      let confirmed = -1;
      for (const frames of messages) {
        const word = decodeWord<FromDownstream>(frames[0], ['welcome', 'busy', 'confirmed', 'last']);
        if (word === null || word.session !== session) continue;
        if (word.kind === 'confirmed') confirmed = Math.max(confirmed, word.intent);
        else if (word.kind === 'busy') this.#refused(word.gate);
        else if (this.#waiting?.kind === word.kind) this.#waiting.resolve(word);
      }
      if (confirmed >= 0) events.onConfirmed(confirmed);
    }).done.catch(events.onBroken);
  }

  /** Connects and begins a session: from here on the downstream takes effects of this one only. */
  static async open(place: DownstreamPlace, events: DownstreamEvents): Promise<DownstreamLink> {
    const endpoint = await openDealer({connect: place.address, limits: {lingerMs: 1000, maxMessageBytes: 16 * 1024 * 1024, sendTimeoutMs: 100}});
    const link = new DownstreamLink(endpoint, place, events);
    try {
      await link.#ask(link.#hello, 'welcome');
    } catch (error) {
      link.close();
      throw error;
    }
    link.#isOpen = true;
    link.#alive = setInterval(() => link.#sender.offer([link.#hello]), ALIVE_MS);
    return link;
  }

  /** The last effect of each partition, as the downstream has it. */
  async lastOf(partitions: readonly string[]): Promise<Map<string, Position | null>> {
    if (partitions.length === 0) return new Map();
    const answer = await this.#ask(encodeWord({kind: 'query', session: this.#session, partitions}), 'last');
    return new Map(answer.kind === 'last' ? answer.last : []);
  }

  send(intent: TakenIntent): void {
    const header = encodeEffect({
      session: this.#session, intent: intent.no, partition: intent.partition, causeSeq: intent.causeSeq, ordinal: intent.ordinal, lane: intent.lane,
    });
    const message: [Buffer, Uint8Array] = [header, intent.payload];
    if (this.#backlog.length === 0 && this.#sender.offer(message)) return;
    this.#backlog.push(message);
    void this.#drain();
  }

  /** Everything sent so far is on its way; false when the time was over first. */
  async flush(timeoutMs: number): Promise<boolean> {
    const done = (async (): Promise<true> => {
      while (this.#backlog.length > 0) await delay(1);
      await this.#sender.flush();
      return true;
    })();
    return await Promise.race([done, delay(timeoutMs, false)]);
  }

  /** Another gate may follow at once. Nothing can be sent after it. */
  sayBye(): void {
    this.#isOpen = false;
    if (this.#alive !== null) clearInterval(this.#alive);
    this.#sender.offer([encodeWord({kind: 'bye', session: this.#session})]);
  }

  close(): void {
    this.#isOpen = false;
    if (this.#alive !== null) clearInterval(this.#alive);
    this.#sender.close();
    this.#endpoint.close();
  }

  #refused(gate: string): void {
    this.#busyWith = gate;
    this.#lost(gate === '' ? 'it takes nothing more over this connection' : `it takes effects of another gate (${gate})`);
  }

  #lost(seen: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#events.onLost(new TandemError({
      id: 'TDM-E257', kind: 'environment', what: 'The connection to the downstream was lost.', where: this.#endpoint.address, seen,
      likely: 'it was restarted, or another canary releases to it', fix: 'start the downstream again; let one canary at a time release to it',
    }));
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    while (this.#backlog.length > 0) {
      await this.#sender.room();
      let taken = 0;
      while (taken < this.#backlog.length && this.#sender.offer(this.#backlog[taken] as [Buffer, Uint8Array])) taken += 1;
      if (taken === 0) break;
      this.#backlog = this.#backlog.slice(taken);
    }
    this.#draining = false;
  }

  async #ask(question: Buffer, kind: FromDownstream['kind']): Promise<FromDownstream> {
    const answer = new Promise<FromDownstream>((resolve) => {
      this.#waiting = {kind, resolve};
    });
    this.#busyWith = null;
    for (let waitedMs = 0; waitedMs < (this.#busyWith === null ? ANSWER_MS : WELCOME_MS); waitedMs += ASK_AGAIN_MS) {
      this.#sender.offer([question]);
      const word = await Promise.race([answer, delay(ASK_AGAIN_MS, null)]);
      if (word !== null) return word;
    }
    throw this.#noAnswer(kind);
  }

  #noAnswer(kind: FromDownstream['kind']): TandemError {
    const where = this.#endpoint.address;
    if (this.#busyWith !== null) {
      return new TandemError({
        id: 'TDM-E256', kind: 'environment', what: 'The downstream takes effects of another gate.', where, seen: `gate ${this.#busyWith} is welcome there, and lives`,
        likely: 'another canary releases to it', fix: 'end the other canary first, or give each its own downstream',
      });
    }
    return new TandemError({
      id: 'TDM-E252', kind: 'environment', what: 'The downstream does not answer.', where,
      seen: `no ${kind} within ${ANSWER_MS} ms`, likely: 'it does not run, or does not speak the effect protocol', fix: 'start the downstream first',
    });
  }
}
