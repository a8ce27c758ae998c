import {crc32} from 'node:zlib';
import {LOG_FORMAT, type CapturedMessage, type GapRecord} from '@tandem/contract';
import {takes, type MessageFilter} from './chunk-decoder.ts';
import type {FileWindow} from './file-window.ts';
import type {Damage} from './log-damage.ts';
import {CHUNK_HEAD, DATA_HEAD, DATA_VERSION, FOOTER_SIZE, getU64, MCAP_MAGIC, MESSAGE_HEAD, OP, RECORD_HEAD} from './mcap-layout.ts';
import {gapFromPairs, readPairs, readText} from './mcap-records.ts';
import {decodeMessage, enterChannel, looksLikeMessage, messageCrcHolds, type Channels} from './message-decoder.ts';
import {chunkRecordsSize, isSkippable, messageIndexAgrees} from './record-shape.ts';

/** What one step found; `done` tells that the damaged part is behind us. */
export interface SalvageStep {
  readonly offset: number;
  readonly messages: CapturedMessage[];
  readonly gap: GapRecord | null;
  readonly done: 'intact again' | 'end of file' | null;
  readonly damage: Damage;
}

/** Octets that may still be read ahead and checked, for one file: forged lengths must not make reading quadratic. */
export interface SalvageBudget {
  left: number;
}

export function salvageBudget(fileSize: number): SalvageBudget {
  return {left: 4 * fileSize + LOG_FORMAT.messageBytesMax};
}

/** The parts that a scan and its salvages share. */
export interface SalvageContext {
  readonly window: FileWindow;
  readonly channels: Channels;
  readonly filter: MessageFilter;
  readonly budget: SalvageBudget;
}

const MESSAGES_PER_STEP = 256;
const CHANNEL_BYTES_MAX = 8192;
const METADATA_BYTES_MAX = 64 * 1024;

/**
 * Goes through a damaged part of a segment record by record, octet by octet where even that fails. Only what carries a checksum
 * that holds at this very offset is taken; chunk heads are stepped into. It ends at the next chunk that is intact, at the
 * regular end of the data, or at the end of the file.
 */
export class Salvage {
  readonly #window: FileWindow;
  readonly #channels: Channels;
  readonly #filter: MessageFilter;
  #damage: Damage;
  #lostFrom = -1;
  readonly #start: number;
  readonly #budget: SalvageBudget;

  constructor(context: SalvageContext, damage: Damage) {
    this.#window = context.window;
    this.#channels = context.channels;
    this.#filter = context.filter;
    this.#budget = context.budget;
    this.#damage = damage;
    this.#start = damage.offset;
  }

  async step(from: number): Promise<SalvageStep> {
    const messages: CapturedMessage[] = [];
    let at = from;
    while (messages.length < MESSAGES_PER_STEP) {
      if (!this.#window.has(at, CHUNK_HEAD) && !await this.#window.need(at, RECORD_HEAD)) {
        const end = this.#window.size;
        if (at < end) this.#lose(at);
        this.#found(end);
        return this.#result({offset: end, messages, done: messages.length === 0 ? 'end of file' : null});
      }
      if (!this.#worthALook(at)) {
        this.#lose(at);
        at += 1;
        continue;
      }
      if (await this.#intactFrom(at)) {
        this.#found(at);
        return this.#result({offset: at, messages, done: messages.length === 0 ? 'intact again' : null});
      }
      // The look at the footer may have moved the window.
      if (!await this.#window.need(at, RECORD_HEAD)) continue;
      const gap = await this.#gapAt(at);
      if (gap !== null) {
        if (messages.length > 0) return this.#result({offset: at, messages, done: null});
        this.#found(at);
        return this.#result({offset: at + this.#sizeAt(at), messages, done: null, gap: this.#filter.takesStream(gap.stream) ? gap : null});
      }
      const size = await this.#recordAt(at, messages);
      if (size > 0) this.#found(at);
      else this.#lose(at);
      at += Math.max(size, 1);
    }
    return this.#result({offset: at, messages, done: null});
  }

  /** Rules out nearly every octet that is not the start of a record, without a promise. */
  #worthALook(at: number): boolean {
    const opcode = this.#opcode(at);
    const known = opcode === OP.message || opcode === OP.chunk || opcode === OP.channel || opcode === OP.messageIndex || opcode === OP.metadata || opcode === OP.dataEnd;
    return known && at + this.#sizeAt(at) <= this.#window.size + (opcode === OP.chunk ? Number.MAX_SAFE_INTEGER : 0);
  }

  #result(step: {offset: number; messages: CapturedMessage[]; done: SalvageStep['done']; gap?: GapRecord | null}): SalvageStep {
    return {...step, gap: step.gap ?? null, damage: this.#damage};
  }

  /** Brings a candidate into memory, within the budget. */
  async #load(at: number, count: number): Promise<boolean> {
    if (this.#window.has(at, count)) return true;
    if (count > this.#budget.left) return false;
    this.#budget.left -= count;
    return await this.#window.need(at, count);
  }

  #lose(at: number): void {
    if (this.#lostFrom < 0) this.#lostFrom = at;
  }

  /** Something whole stands at `at`: the loss before it ends here. */
  #found(at: number): void {
    if (this.#lostFrom < 0) return;
    const {bytesLost, offset} = this.#damage;
    this.#damage = {...this.#damage, offset: bytesLost === 0 ? this.#lostFrom : offset, bytesLost: bytesLost + at - this.#lostFrom};
    this.#lostFrom = -1;
  }

  #sizeAt(at: number): number {
    return RECORD_HEAD + getU64(this.#window.octets.view, at - this.#window.base + 1);
  }

  #opcode(at: number): number {
    return this.#window.octets.bytes[at - this.#window.base] ?? 0;
  }

  /** An intact chunk, or DataEnd: from here the ordinary way of reading works again. */
  async #intactFrom(at: number): Promise<boolean> {
    const opcode = this.#opcode(at);
    // A record that could not be read the ordinary way is where we came from.
    if (at === this.#start) return false;
    if (opcode === OP.dataEnd) return this.#sizeAt(at) === RECORD_HEAD + 4 && await this.#isEndOfData(at + RECORD_HEAD + 4);
    if (opcode !== OP.chunk || !await this.#window.need(at, CHUNK_HEAD)) return false;
    const records = chunkRecordsSize(this.#window.octets.view, at - this.#window.base);
    if (records < 0 || records > this.#budget.left || !await this.#load(at, CHUNK_HEAD + records)) return false;
    this.#budget.left -= records;
    const start = at - this.#window.base;
    const {bytes, view} = this.#window.octets;
    return crc32(bytes.subarray(start + CHUNK_HEAD, start + CHUNK_HEAD + records)) === view.getUint32(start + 33, true);
  }

  /** The footer at the end of this file says that its summary starts here; that of a captured file would not. */
  async #isEndOfData(summaryStart: number): Promise<boolean> {
    const footer = this.#window.size - FOOTER_SIZE - MCAP_MAGIC.length;
    if (footer < summaryStart || !await this.#load(footer, FOOTER_SIZE)) return false;
    const at = footer - this.#window.base;
    return this.#opcode(footer) === OP.footer && getU64(this.#window.octets.view, at + RECORD_HEAD) === summaryStart;
  }

  async #gapAt(at: number): Promise<GapRecord | null> {
    if (this.#opcode(at) !== OP.metadata) return null;
    const size = this.#sizeAt(at);
    if (size > METADATA_BYTES_MAX || !await this.#load(at, size)) return null;
    const start = at - this.#window.base;
    const {bytes} = this.#window.octets;
    const name = readText(bytes, start + RECORD_HEAD, start + size);
    const pairs = name?.text === LOG_FORMAT.gapMetadata ? readPairs(bytes, name.next, start + size) : null;
    return pairs === null ? null : gapFromPairs(pairs, at);
  }

  /** Octets of the whole record at `at`, its message added to `messages`; 0 when there is none. */
  async #recordAt(at: number, messages: CapturedMessage[]): Promise<number> {
    const opcode = this.#opcode(at);
    if (opcode === OP.message) return await this.#messageAt(at, messages);
    if (opcode === OP.chunk) return await this.#chunkHeadAt(at);
    const size = this.#sizeAt(at);
    if (opcode === OP.channel) {
      if (size > CHANNEL_BYTES_MAX || !await this.#load(at, size)) return 0;
      const start = at - this.#window.base;
      return enterChannel(this.#window.octets, start, start + size, this.#channels) ? size : 0;
    }
    if (opcode === OP.messageIndex && isSkippable(opcode, size - RECORD_HEAD) && await this.#window.need(at, 15)) {
      return messageIndexAgrees(this.#window.octets.view, at - this.#window.base) && at + size <= this.#window.size ? size : 0;
    }
    return 0;
  }

  async #chunkHeadAt(at: number): Promise<number> {
    if (!await this.#window.need(at, CHUNK_HEAD)) return 0;
    return chunkRecordsSize(this.#window.octets.view, at - this.#window.base) < 0 ? 0 : CHUNK_HEAD;
  }

  async #messageAt(at: number, messages: CapturedMessage[]): Promise<number> {
    const window = this.#window;
    if (!await window.need(at, MESSAGE_HEAD + DATA_HEAD)) return 0;
    const size = this.#sizeAt(at);
    const data = at - window.base + MESSAGE_HEAD;
    const parts = window.octets.bytes[data + 1] ?? 0;
    if (size > LOG_FORMAT.messageBytesMax || window.octets.bytes[data] !== DATA_VERSION || parts > LOG_FORMAT.partsMax) return 0;
    if (!await window.need(at, MESSAGE_HEAD + DATA_HEAD + 4 * parts)) return 0;
    // The lengths must agree before the octets that they promise are read.
    if (!looksLikeMessage(window.octets, at - window.base, at - window.base + size)) return 0;
    if (size > this.#budget.left || !await this.#load(at, size)) return 0;
    this.#budget.left -= size;
    const start = at - window.base;
    if (!messageCrcHolds(window.octets, start, start + size, {fileOffset: at, channels: this.#channels})) return 0;
    const message = decodeMessage(window.octets, start, this.#channels);
    if (message === null) return 0;
    if (takes(this.#filter, message)) messages.push(message);
    return size;
  }
}
