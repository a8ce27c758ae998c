import {JsonWriter} from './json/json-writer.ts';

const SPACE = 0x20;
const MINUS = 0x2d;
const NEWLINE = 0x0a;
const BUFFER_BYTES = 32 * 1024;
/** more than any line takes: two names and an id of at most 64 octets each, twelve numbers of at most 21 */
const LINE_BYTES_MAX = 1024;

/**
 * Writes the lines of a state as ASCII into one small buffer and hands it on whenever it is full. A text of all open orders in one piece would be
 * megabytes of strings in the middle of the traffic, and a collection that takes longer than a thousand decisions.
 */
export class StateWriter extends JsonWriter {
  private readonly take: (octets: Uint8Array) => void;
  private readonly number: Float64Array = new Float64Array(1);
  private isFirst = true;

  /** @param take gets the octets in order; they change after it returns */
  constructor(take: (octets: Uint8Array) => void) {
    super();
    this.take = take;
    this.use(new Uint8Array(BUFFER_BYTES), 0);
  }

  /** Starts a line with its first word. */
  line(word: string): void {
    if (this.at > BUFFER_BYTES - LINE_BYTES_MAX) this.done();
    if (!this.isFirst) this.octet(NEWLINE);
    this.isFirst = false;
    this.ascii(word);
  }

  word(text: string): void {
    this.octet(SPACE);
    this.ascii(text);
  }

  letter(code: number): void {
    this.octet(SPACE);
    this.octet(code);
  }

  octets(from: Uint8Array, start: number, length: number): void {
    this.octet(SPACE);
    this.copy(from, start, length);
  }

  /** The integer at `numbers[i]`, not beyond 2^53 on either side. */
  value(numbers: Float64Array, i: number): void {
    this.octet(SPACE);
    if (numbers[i]! >= 0) {
      this.integer(numbers, i);
      return;
    }
    this.octet(MINUS);
    this.number[0] = -numbers[i]!;
    this.integer(this.number, 0);
  }

  count(count: number): void {
    this.number[0] = count;
    this.value(this.number, 0);
  }

  private ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.octet(text.charCodeAt(i));
  }

  /** Hands on what is left. */
  done(): void {
    this.take(this.bytes.subarray(0, this.at));
    this.at = 0;
  }
}
