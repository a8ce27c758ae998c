import {stripVTControlCharacters} from 'node:util';
import type {TerminalStyle} from './style.ts';

const LIVE_MS = 250;
const QUIET_MS = 5000;

/**
 * Shows how far something is: on a terminal a block that is redrawn four times a second, elsewhere one line every five seconds.
 * Lines are made only when they are shown.
 */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #style: TerminalStyle;
  readonly #enabled: boolean;
  readonly #columns: () => number | undefined;
  #lastMs = 0;
  #height = 0;

  /** @param columns width of the terminal now; undefined where it has none */
  constructor(write: (text: string) => void, style: TerminalStyle, enabled: boolean, columns: () => number | undefined = () => undefined) {
    this.#columns = columns;
    this.#write = write;
    this.#style = style;
    this.#enabled = enabled;
  }

  /** Offers the present state; `lines` is called only when it is time to show it. The first line stands for all where nothing can be redrawn. */
  offer(nowMs: number, lines: () => readonly string[]): void {
    if (!this.#enabled || nowMs - this.#lastMs < (this.#style.live ? LIVE_MS : QUIET_MS)) return;
    if (this.#lastMs === 0 && !this.#style.live) {
      this.#lastMs = nowMs;
      return;
    }
    this.#lastMs = nowMs;
    const shown = lines();
    if (!this.#style.live) {
      this.#write(`${shown[0] ?? ''}\n`);
      return;
    }
    this.#erase();
    this.#write(`${shown.join('\n')}\n`);
    this.#height = shown.reduce((rows, line) => rows + this.#rowsOf(line), 0);
  }

  /** A line that is longer than the terminal is wide takes several rows, which have to be erased as well. */
  #rowsOf(line: string): number {
    const columns = this.#columns() ?? 0;
    return columns > 0 ? Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)) : 1;
  }

  /** A line that stays. */
  say(line: string): void {
    if (!this.#enabled) return;
    this.#erase();
    this.#write(`${line}\n`);
  }

  /** Removes what was only progress. */
  done(): void {
    this.#erase();
  }

  #erase(): void {
    if (this.#height > 0) this.#write(`\x1b[${this.#height}A\x1b[0J`);
    this.#height = 0;
  }
}
