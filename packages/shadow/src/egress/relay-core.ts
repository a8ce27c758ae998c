import type {Owner} from '@tandem/contract';
import type {LaneLife, RelayItem, RelayStart, TaggedEffect} from '../flow/ownership-output.ts';

const ITEM_OVERHEAD_BYTES = 160;

/**
 * What one lane has sent towards the gate and the gate has not settled. Nothing leaves it before that, so either side may
 * lose everything and the stream goes on.
 */
export class LaneBuffer {
  readonly lane: Owner;
  readonly attest: string;
  incarnation = 0;
  fedSeq = 0;
  #items: (RelayItem | undefined)[] = [];
  #head = 0;
  /** position of #items[0] */
  #base = 0;
  #bytes = 0;
  #settledWatermark = 0;
  #settledCause = 0;
  #settledLife: LaneLife = 'up';
  #lifeItems = 0;
  #settledIncarnation = 0;

  constructor(lane: Owner, attest: string) {
    this.lane = lane;
    this.attest = attest;
  }

  get count(): number {
    return this.#items.length - this.#head;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  /** the position that the next item gets */
  get nextPos(): number {
    return this.#base + this.#items.length;
  }

  get settledPos(): number {
    return this.#base + this.#head - 1;
  }

  output(effect: TaggedEffect): void {
    this.#bytes += effect.payload.byteLength + ITEM_OVERHEAD_BYTES;
    const {partition, causeSeq, ordinal, outputKind, payload} = effect;
    this.#items.push({kind: 'output', lane: this.lane, pos: this.nextPos, incarnation: this.incarnation, partition, causeSeq, ordinal, outputKind, payload});
  }

  watermark(causeSeq: number): void {
    this.#bytes += ITEM_OVERHEAD_BYTES;
    this.#items.push({kind: 'watermark', lane: this.lane, pos: this.nextPos, causeSeq});
  }

  life(life: LaneLife): void {
    this.#bytes += ITEM_OVERHEAD_BYTES;
    this.#lifeItems += 1;
    this.#items.push({kind: 'life', lane: this.lane, pos: this.nextPos, incarnation: this.incarnation, life});
  }

  /** Forgets everything up to this position. */
  settle(pos: number): void {
    while (this.#head < this.#items.length && this.#base + this.#head <= pos) {
      const item = this.#items[this.#head] as RelayItem;
      this.#items[this.#head] = undefined;
      this.#head += 1;
      this.#bytes -= ITEM_OVERHEAD_BYTES;
      if (item.kind === 'output') {
        this.#bytes -= item.payload.byteLength;
        this.#settledCause = Math.max(this.#settledCause, item.causeSeq);
      } else if (item.kind === 'watermark') {
        this.#settledWatermark = Math.max(this.#settledWatermark, item.causeSeq);
      } else {
        this.#lifeItems -= 1;
        this.#settledLife = item.life;
        this.#settledIncarnation = item.incarnation;
      }
    }
    if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#base += this.#head;
      this.#head = 0;
    }
  }

  /** How the stream begins again: at the first position that is not settled. */
  start(): RelayStart {
    return {
      lane: this.lane, pos: this.settledPos + 1, incarnation: this.#settledIncarnation, attest: this.attest,
      watermark: this.#settledWatermark, settledCause: this.#settledCause,
      // While a change of life is still to be delivered the lane counts as living: nobody may finish its causes on an old word.
      life: this.#lifeItems > 0 ? 'up' : this.#settledLife,
    };
  }

  /** Items from a position on, at most `count`; positions below the first unsettled one are gone. */
  from(pos: number, count: number): RelayItem[] {
    const index = Math.max(pos - this.#base, this.#head);
    return this.#items.slice(index, index + count) as RelayItem[];
  }
}
