const LINE_CHARS_MAX = 4096;

/**
 * Reads a lane's stdout until the line `{"ready":true,"pid":n}`. Anything else on stdout is counted and dropped, before and
 * after; a line longer than 4096 characters is never a ready line.
 */
export class ReadyLine {
  readonly ready: Promise<void>;
  #resolve: () => void = () => undefined;
  #open = '';
  #overlong = false;
  #isReady = false;
  readonly #decoder = new TextDecoder('utf-8');
  bytes = 0;
  /** what the lane says its pid is: differs from the started one when a wrapper script is in between */
  statedPid: number | null = null;

  constructor() {
    this.ready = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.#isReady) return;
    const parts = this.#decoder.decode(chunk, {stream: true}).split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#endLine();
      if (this.#open.length + part.length > LINE_CHARS_MAX) this.#overlong = true;
      else this.#open += part;
    }
  }

  #endLine(): void {
    const line = this.#overlong ? '' : this.#open;
    this.#open = '';
    this.#overlong = false;
    if (!line.startsWith('{')) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const {ready, pid} = value as {ready?: unknown; pid?: unknown};
    if (ready !== true) return;
    this.#isReady = true;
    this.statedPid = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1 ? pid : null;
    this.#resolve();
  }
}
