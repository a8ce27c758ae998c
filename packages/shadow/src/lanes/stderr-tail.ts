const LINES_MAX = 50;
const LINE_CHARS_MAX = 400;

/** Shows control characters and direction marks as escapes, so that a lane's words cannot drive a terminal or forge a line. */
export function visibleText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (char) => char === '\r' ? '' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Keeps the last lines of a stream in bounded memory, however long its lines are. */
export class StderrTail {
  #lines: string[] = [];
  #open = '';
  #cut = false;
  readonly #decoder = new TextDecoder('utf-8');
  bytes = 0;
  linesDropped = 0;

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    const parts = this.#decoder.decode(chunk, {stream: true}).split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#close();
      const room = LINE_CHARS_MAX - this.#open.length;
      if (part.length > room) this.#cut = true;
      if (room > 0) this.#open += part.slice(0, room);
    }
  }

  #close(): void {
    this.#lines.push(visibleText(this.#open) + (this.#cut ? ' …' : ''));
    this.#open = '';
    this.#cut = false;
    // Trimmed in blocks: shifting one line at a time would make a flood quadratic.
    if (this.#lines.length >= 2 * LINES_MAX) this.#trim();
  }

  #trim(): void {
    const extra = this.#lines.length - LINES_MAX;
    if (extra <= 0) return;
    this.#lines = this.#lines.slice(extra);
    this.linesDropped += extra;
  }

  lines(): readonly string[] {
    const all = this.#open === '' ? this.#lines : [...this.#lines, visibleText(this.#open) + (this.#cut ? ' …' : '')];
    return all.slice(-LINES_MAX);
  }
}

/** The line that names the error: the first unindented line after a Python traceback's last header, else the last `Error`-like line. */
export function likelyCause(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  if (start >= 0) {
    const named = lines.slice(start + 1).find((line) => /^[A-Za-z_][\w.]*(?::|$)/.test(line));
    if (named !== undefined) return named;
  }
  return lines.findLast((line) => /^(?:\w+ )?[\w.]*(?:Error|Exception)\b/.test(line)) ?? lines.findLast((line) => line.trim() !== '');
}
