import {ID_BYTES} from './id-key.ts';

/** Severity of a scope's state: the highest of all that apply wins. */
export const ACTIVE = 0;
export const REDUCING = 1;
export const STATE_HALTED = 2;
export const STATE_KILLED = 3;
export const STATE_NAME: readonly string[] = ['', 'REDUCING', 'HALTED', 'KILLED'];

/** Scope and action as numbers (docs/batch-frame.md section 3). */
export const SCOPE_NAME: readonly string[] = ['', 'global', 'account', 'symbol'];
export const SCOPE_GLOBAL = 1;
export const SCOPE_ACCOUNT = 2;
export const SCOPE_SYMBOL = 3;
export const ACTION_NAME: readonly string[] = ['', 'kill', 'halt', 'reduce', 'resume-request', 'resume-confirm', 'dead-man'];
export const ACTION_KILL = 1;
export const ACTION_HALT = 2;
export const ACTION_REDUCE = 3;
export const ACTION_RESUME_REQUEST = 4;
export const ACTION_RESUME_CONFIRM = 5;
export const ACTION_DEAD_MAN = 6;

const NEVER = -1;

/** The latches: one for everything, one per account, one per symbol; a kill is cleared by a request and a confirmation only. */
export class TradingStates {
  declare readonly state: Uint8Array;
  private declare readonly accounts: number;
  /** time of the stored resume request, NEVER = none, and its killId */
  private declare readonly requestedAt: Float64Array;
  private declare readonly requestId: Uint8Array;
  private declare readonly requestIdLength: Uint8Array;

  constructor(accounts: number, symbols: number) {
    const places = 1 + accounts + symbols;
    this.accounts = accounts;
    this.state = new Uint8Array(places);
    this.requestedAt = new Float64Array(places).fill(NEVER);
    this.requestId = new Uint8Array(places * ID_BYTES);
    this.requestIdLength = new Uint8Array(places);
  }

  /** Place of a scope's latch; `target` is the position in the rulebook. */
  placeOf(scope: number, target: number): number {
    if (scope === SCOPE_GLOBAL) return 0;
    return scope === SCOPE_ACCOUNT ? 1 + target : 1 + this.accounts + target;
  }

  /** Highest severity that applies; -1 stands for a name that the rulebook does not know. */
  severity(account: number, symbol: number): number {
    let worst = this.state[0]!;
    if (account >= 0 && this.state[1 + account]! > worst) worst = this.state[1 + account]!;
    if (symbol >= 0 && this.state[1 + this.accounts + symbol]! > worst) worst = this.state[1 + this.accounts + symbol]!;
    return worst;
  }

  /** Sets a state, voids a stored request; a kill stays. */
  latch(place: number, state: number): void {
    if (this.state[place] !== STATE_KILLED) this.state[place] = state;
    this.requestedAt[place] = NEVER;
  }

  storeRequest(place: number, clock: Float64Array, at: number): void {
    this.requestedAt[place] = clock[at]!;
  }

  storeRequestId(place: number, bytes: Uint8Array, start: number, length: number): void {
    for (let i = 0; i < length; i++) this.requestId[place * ID_BYTES + i] = bytes[start + i]!;
    this.requestIdLength[place] = length;
  }

  /** Is the stored request not older than the window at `clock[at]`? */
  hasFreshRequest(place: number, clock: Float64Array, at: number, windowUs: number): boolean {
    return this.requestedAt[place] !== NEVER && clock[at]! - this.requestedAt[place]! <= windowUs;
  }

  isRequestId(place: number, bytes: Uint8Array, start: number, length: number): boolean {
    if (this.requestIdLength[place] !== length) return false;
    for (let i = 0; i < length; i++) {
      if (this.requestId[place * ID_BYTES + i] !== bytes[start + i]) return false;
    }
    return true;
  }

  /** Clears the state and uses the request up. */
  resume(place: number): void {
    this.state[place] = ACTIVE;
    this.requestedAt[place] = NEVER;
  }
}
