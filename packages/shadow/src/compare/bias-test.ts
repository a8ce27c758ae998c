/**
 * Watches the errors that a tolerance lets pass. Let x be the signed error in units of the tolerance, -1..1. For each bet size L the product
 * of (1 + L * (x - sign(L) * allowed)) is a wealth that cannot be expected to grow while the mean of x stays within `allowed`; so when
 * the mean over all bet sizes reaches 1/alpha, at whatever moment, the tolerance hides a bias (Ville's inequality).
 */
const BETS: readonly number[] = [-0.9, -0.3, -0.1, -0.03, -0.01, 0.01, 0.03, 0.1, 0.3, 0.9];

export class BiasTest {
  readonly #allowed: number;
  readonly #limit: number;
  readonly #logs = new Float64Array(BETS.length);
  #zeros = 0;
  #nonZero = 0;
  #sum = 0;
  #found = false;

  /** `allowed` below 0.1, so that no bet can lose everything. */
  constructor(allowed: number, alpha: number) {
    this.#allowed = Math.min(Math.max(allowed, 0), 0.099);
    this.#limit = Math.log(1 / alpha);
  }

  get count(): number {
    return this.#zeros + this.#nonZero;
  }

  /** Mean error in units of the tolerance. */
  get mean(): number {
    return this.count === 0 ? 0 : this.#sum / this.count;
  }

  get found(): boolean {
    return this.#found;
  }

  /** One more pair of values that were exactly equal. */
  equal(): void {
    this.#zeros += 1;
  }

  /** One more error; true when this one proves the bias. */
  add(error: number): boolean {
    if (error === 0) {
      this.equal();
      return false;
    }
    this.#nonZero += 1;
    this.#sum += error;
    for (let index = 0; index < BETS.length; index += 1) {
      const bet = BETS[index] as number;
      this.#logs[index] = (this.#logs[index] as number) + Math.log1p(bet * (error - Math.sign(bet) * this.#allowed));
    }
    if (this.#found || this.logWealth() < this.#limit) return false;
    this.#found = true;
    return true;
  }

  /** Natural logarithm of the mean wealth. */
  logWealth(): number {
    let highest = Number.NEGATIVE_INFINITY;
    const logs = BETS.map((bet, index) => {
      const log = (this.#logs[index] as number) + this.#zeros * Math.log1p(-Math.abs(bet) * this.#allowed);
      highest = Math.max(highest, log);
      return log;
    });
    return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / BETS.length);
  }
}
