/** Points at which a test ends the gate; enumerated by the tests, so that one without a test is noticed. */
export const GATE_CRASHPOINTS = [
  'before-intent', 'after-intent', 'after-write', 'after-fsync', 'during-hold', 'after-first-release', 'during-rollback',
  'release-after-write', 'release-after-fsync', 'release-after-send',
] as const;

export type GateCrashpoint = (typeof GATE_CRASHPOINTS)[number];

/** `name@n`: the n-th time that the point is reached. With `tell` the process says so and lives, so that another one can be ended there. */
export class Crashpoints {
  readonly #name: string;
  readonly #at: number;
  readonly #tell: ((name: string) => void) | null;
  #seen = 0;

  constructor(spec: string | undefined, tell: ((name: string) => void) | null) {
    const [name = '', at = '1'] = (spec ?? '').split('@');
    this.#name = name;
    this.#at = Number(at);
    this.#tell = tell;
  }

  reach(name: GateCrashpoint): void {
    if (name !== this.#name) return;
    this.#seen += 1;
    if (this.#seen !== this.#at) return;
    if (this.#tell !== null) this.#tell(name);
    else process.kill(process.pid, 'SIGKILL');
  }
}
