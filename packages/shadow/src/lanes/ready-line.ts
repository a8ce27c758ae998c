const LINE_CHARS_MAX = 4096;
const SNAPSHOT_ID = /^[A-Za-z0-9.]{1,40}$/;

/** What a lane that can says in its ready line: `"snapshot":{"restored":id,"refused":n}`. */
export interface LaneSnapshot {
  /** the test request at which the state that it went on from was taken; null: it begins with nothing */
  readonly restored: string | null;
  /** snapshots that it found and did not trust */
  readonly refused: number;
}

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
  snapshot: LaneSnapshot = {restored: null, refused: 0};

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
    const {ready, pid, snapshot} = value as {ready?: unknown; pid?: unknown; snapshot?: {restored?: unknown; refused?: unknown} | null};
    if (ready !== true) return;
    this.#isReady = true;
    this.statedPid = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1 ? pid : null;
    const {restored, refused} = snapshot ?? {};
    this.snapshot = {
      restored: typeof restored === 'string' && SNAPSHOT_ID.test(restored) ? restored : null,
      refused: Number.isSafeInteger(refused) && (refused as number) > 0 ? refused as number : 0,
    };
    this.#resolve();
  }
}
