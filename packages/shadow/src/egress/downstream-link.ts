import {setTimeout as delay} from 'node:timers/promises';
import {TandemError} from '@tandem/contract';
import type {Position} from '../flow/journal-record.ts';
import {openDealer, type Endpoint} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender, type Sender} from '../endpoint/sender.ts';
import {decodeWord, encodeEffect, encodeWord, type FromDownstream} from './downstream-wire.ts';
import type {TakenIntent} from './gate-core-state.ts';

const ANSWER_MS = 3000;
const ASK_AGAIN_MS = 250;
const QUEUED_MAX = 16_384;

export interface DownstreamEvents {
  /** every effect up to this intent is safe downstream */
  readonly onConfirmed: (intent: number) => void;
  /** nothing can be sent any more */
  readonly onFault: (error: TandemError) => void;
  /** nothing is read any more */
  readonly onBroken: (error: unknown) => void;
}

type Dealer = Awaited<ReturnType<typeof openDealer>>['socket'];

/** The only socket towards downstream. */
export class DownstreamLink {
  readonly #endpoint: Endpoint<Dealer>;
  readonly #sender: Sender;
  readonly #session: number;
  #waiting: {readonly kind: FromDownstream['kind']; readonly resolve: (word: FromDownstream) => void} | null = null;
  #backlog: [Buffer, Uint8Array][] = [];
  #draining = false;

  private constructor(endpoint: Endpoint<Dealer>, session: number, events: DownstreamEvents) {
    this.#endpoint = endpoint;
    this.#session = session;
    this.#sender = createSender(endpoint, {maxQueued: QUEUED_MAX, maxQueuedBytes: 256 * 1024 * 1024, onFault: events.onFault});
    receiveBurst(endpoint, ({messages}) => {
      let confirmed = -1;
      for (const frames of messages) {
        const word = decodeWord<FromDownstream>(frames[0], ['welcome', 'confirmed', 'last']);
        if (word === null || word.session !== session) continue;
        if (word.kind === 'confirmed') confirmed = Math.max(confirmed, word.intent);
        else if (this.#waiting?.kind === word.kind) this.#waiting.resolve(word);
      }
      if (confirmed >= 0) events.onConfirmed(confirmed);
    }).done.catch(events.onBroken);
  }

  /** Connects and begins a session: from here on the downstream takes effects of this one only. */
  static async open(address: string, session: number, events: DownstreamEvents): Promise<DownstreamLink> {
    const endpoint = await openDealer({connect: address, limits: {lingerMs: 1000, maxMessageBytes: 16 * 1024 * 1024, sendTimeoutMs: 100}});
    const link = new DownstreamLink(endpoint, session, events);
    try {
      await link.#ask(encodeWord({kind: 'hello', session}), 'welcome');
    } catch (error) {
      endpoint.close();
      throw error;
    }
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

  close(): void {
    this.#sender.close();
    this.#endpoint.close();
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
    for (let waitedMs = 0; waitedMs < ANSWER_MS; waitedMs += ASK_AGAIN_MS) {
      this.#sender.offer([question]);
      const word = await Promise.race([answer, delay(ASK_AGAIN_MS, null)]);
      if (word !== null) return word;
    }
    throw new TandemError({
      id: 'TDM-E252', kind: 'environment', what: 'The downstream does not answer.', where: this.#endpoint.address,
      seen: `no ${kind} within ${ANSWER_MS} ms`, likely: 'it does not run, or does not speak the effect protocol', fix: 'start the downstream first',
    });
  }
}
