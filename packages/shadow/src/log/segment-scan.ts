import {crc32} from 'node:zlib';
import {LOG_FORMAT, type CapturedMessage, type GapRecord} from '@tandem/contract';
import {decodeRecords, type MessageFilter} from './chunk-decoder.ts';
import type {FileWindow} from './file-window.ts';
import type {Damage} from './log-damage.ts';
import {CHUNK_HEAD, FOOTER_SIZE, getU64, MCAP_MAGIC, OP, RECORD_HEAD} from './mcap-layout.ts';
import {gapFromPairs, readPairs, readText} from './mcap-records.ts';
import {enterChannel, type Channels} from './message-decoder.ts';
import {Salvage, salvageBudget, type SalvageContext} from './salvage.ts';
import {chunkRecordsSize, isSkippable, messageIndexAgrees} from './record-shape.ts';

/** What one step of reading a segment found. `short`: the file ends before the next record does. */
export type ScanStep =
  | {readonly kind: 'messages'; readonly messages: CapturedMessage[]}
  | {readonly kind: 'gap'; readonly gap: GapRecord}
  | {readonly kind: 'damage'; readonly damage: Damage}
  | {readonly kind: 'short'}
  | {readonly kind: 'end'};

const METADATA_BYTES_MAX = 64 * 1024;

/** Reads one segment from front to back: whole chunks at once, and record by record where something is wrong. */
export class SegmentScan {
  /** the file's end record was seen */
  finished = false;
  offset: number;
  readonly #file: string;
  readonly #window: FileWindow;
  readonly #filter: MessageFilter;
  readonly #channels: Channels = new Map();
  readonly #context: SalvageContext;
  #salvage: Salvage | null = null;
  /** where the summary must start for the footer to be this file's */
  #summaryStart = -1;
  /** an incomplete last record is now damage, not something to wait for */
  #noMore = false;
  #ended = false;

  constructor(file: string, window: FileWindow, filter: MessageFilter, offset = MCAP_MAGIC.length) {
    this.#file = file;
    this.#window = window;
    this.#filter = filter;
    this.offset = offset;
    this.#context = {window, channels: this.#channels, filter, budget: salvageBudget(window.size)};
  }

  /** The file will not grow any more: read what is left of it. */
  giveUp(): void {
    this.#noMore = true;
  }

  /** Goes on at a chunk further behind, with the streams that were announced before it. */
  jump(offset: number, channels: Channels): void {
    for (const [id, channel] of channels) this.#channels.set(id, channel);
    this.offset = offset;
  }

  /** The start of the file is not what it should be: read record by record from there. */
  distrust(reason: string): void {
    this.#salvage = new Salvage(this.#context, {file: this.#file, offset: this.offset, reason, bytesLost: 0});
  }

  async next(): Promise<ScanStep> {
    for (;;) {
      if (this.#ended) return {kind: 'end'};
      const step = this.#salvage === null ? await this.#record() : await this.#salvageStep(this.#salvage);
      if (step !== null) return step;
    }
  }

  async #record(): Promise<ScanStep | null> {
    const window = this.#window;
    const at = this.offset;
    if (!window.has(at, RECORD_HEAD) && !await window.need(at, RECORD_HEAD)) return this.#short();
    const opcode = window.octets.bytes[at - window.base];
    const size = getU64(window.octets.view, at - window.base + 1);
    if (opcode === OP.chunk) return await this.#chunk(at);
    if (opcode === OP.metadata && size <= METADATA_BYTES_MAX) return await this.#metadata(at, RECORD_HEAD + size);
    if (opcode === OP.footer && size === 20) return await this.#footer(at);
    if (opcode === undefined || !isSkippable(opcode, size)) return this.#broken(at, 'not a record');
    if (at + RECORD_HEAD + size > window.size) return this.#short();
    if (opcode === OP.messageIndex) {
      // A wrong length here would lead into the middle of the next chunk.
      if (!await window.need(at, 15)) return this.#short();
      if (!messageIndexAgrees(window.octets.view, at - window.base)) return this.#broken(at, 'message index');
    }
    if (opcode === OP.channel) {
      if (!await window.need(at, RECORD_HEAD + size)) return this.#short();
      const start = at - window.base;
      if (!enterChannel(window.octets, start, start + RECORD_HEAD + size, this.#channels)) return this.#broken(at, 'channel record');
    }
    this.offset = at + RECORD_HEAD + size;
    if (opcode === OP.dataEnd) this.#summaryStart = this.offset;
    return null;
  }

  async #chunk(at: number): Promise<ScanStep | null> {
    const window = this.#window;
    if (!await window.need(at, CHUNK_HEAD)) return this.#short();
    const records = chunkRecordsSize(window.octets.view, at - window.base);
    if (records < 0) return this.#broken(at, 'chunk head');
    if (!window.has(at, CHUNK_HEAD + records) && !await window.need(at, CHUNK_HEAD + records)) return this.#short();
    const start = at - window.base;
    const {bytes, view} = window.octets;
    const end = start + CHUNK_HEAD + records;
    if (crc32(bytes.subarray(start + CHUNK_HEAD, end)) !== view.getUint32(start + 33, true)) return this.#broken(at, 'chunk checksum');
    const messages: CapturedMessage[] = [];
    const bad = decodeRecords(window.octets, start + CHUNK_HEAD, end, {base: window.base, channels: this.#channels, filter: this.#filter, messages});
    // The checksum holds, so this was written so, but not here or not by us.
    if (bad >= 0) return this.#broken(at, 'chunk of another place or make');
    this.offset = at + CHUNK_HEAD + records;
    return messages.length === 0 ? null : {kind: 'messages', messages};
  }

  async #metadata(at: number, size: number): Promise<ScanStep | null> {
    const window = this.#window;
    if (!await window.need(at, size)) return this.#short();
    const start = at - window.base;
    const {bytes} = window.octets;
    const name = readText(bytes, start + RECORD_HEAD, start + size);
    const pairs = name === null ? null : readPairs(bytes, name.next, start + size);
    if (name === null || pairs === null) return this.#broken(at, 'metadata record');
    const gap = name.text === LOG_FORMAT.gapMetadata ? gapFromPairs(pairs, at) : null;
    if (gap === null && name.text === LOG_FORMAT.gapMetadata) return this.#broken(at, 'gap record');
    this.offset = at + size;
    return gap === null || !this.#filter.takesStream(gap.stream) ? null : {kind: 'gap', gap};
  }

  async #footer(at: number): Promise<ScanStep | null> {
    const window = this.#window;
    const size = FOOTER_SIZE + MCAP_MAGIC.length;
    if (!await window.need(at, size)) return this.#short();
    const start = at - window.base;
    const magic = window.octets.bytes.subarray(start + size - MCAP_MAGIC.length, start + size);
    const summaryStart = getU64(window.octets.view, start + RECORD_HEAD);
    if (!magic.equals(MCAP_MAGIC) || summaryStart !== this.#summaryStart) return this.#broken(at, 'end of the file');
    this.finished = true;
    this.#ended = true;
    this.offset = at + size;
    const rest = window.size - this.offset;
    return rest === 0 ? null : {kind: 'damage', damage: {file: this.#file, offset: this.offset, reason: 'octets after the end', bytesLost: rest}};
  }

  /** The file ends within the next record, or right before it. */
  #short(): ScanStep | null {
    if (!this.#noMore) return {kind: 'short'};
    if (this.offset >= this.#window.size) {
      this.#ended = true;
      return {kind: 'damage', damage: {file: this.#file, offset: this.offset, reason: 'unfinished segment', bytesLost: 0}};
    }
    return this.#broken(this.offset, 'cut off');
  }

  #broken(offset: number, reason: string): null {
    this.#salvage = new Salvage(this.#context, {file: this.#file, offset, reason, bytesLost: 0});
    return null;
  }

  async #salvageStep(salvage: Salvage): Promise<ScanStep | null> {
    const found = await salvage.step(this.offset);
    this.offset = found.offset;
    if (found.messages.length > 0) return {kind: 'messages', messages: found.messages};
    if (found.gap !== null) return {kind: 'gap', gap: found.gap};
    if (found.done === null) return null;
    this.#salvage = null;
    this.#ended = found.done === 'end of file';
    return {kind: 'damage', damage: found.damage};
  }
}
