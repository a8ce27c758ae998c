/** A gate that was not heard from for so long may be followed by another one, ms; it says every second that it lives. */
const LEASE_MS = 3000;

export interface Hello {
  readonly gate: string;
  readonly session: number;
}

interface Present extends Hello {
  readonly connection: string;
  heardMs: number;
}

/**
 * Which gate a downstream takes effects of: one at a time, and only over the connection on which it was welcomed. A later process of the same gate
 * follows its predecessor at once; another gate only when the present one said goodbye or is silent. What comes over any other connection may have
 * been overtaken or have holes before it, so none of it is taken.
 */
export class SinkFence {
  #present: Present | null = null;

  /** the session whose effects are taken; 0: none */
  get session(): number {
    return this.#present?.session ?? 0;
  }

  /** who is welcome at the moment, for the one that is not */
  get gate(): string {
    return this.#present?.gate ?? '';
  }

  /** False: it is not welcome. */
  hello(connection: string, {gate, session}: Hello, nowMs: number): boolean {
    const present = this.#present;
    const isSame = present?.connection === connection && present.gate === gate && present.session === session;
    const follows = present === null || (present.gate === gate ? session > present.session : nowMs - present.heardMs > LEASE_MS);
    if (!isSame && !follows) return false;
    this.#present = {connection, gate, session, heardMs: nowMs};
    return true;
  }

  /** May an effect of this session come over this connection? */
  takes(connection: string, session: number, nowMs: number): boolean {
    const present = this.#present;
    if (present === null || present.connection !== connection || present.session !== session) return false;
    present.heardMs = nowMs;
    return true;
  }

  bye(connection: string): void {
    if (this.#present?.connection === connection) this.#present = null;
  }
}
