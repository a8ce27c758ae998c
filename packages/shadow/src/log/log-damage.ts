/** A place where the log cannot be read. Everything whole before and after it is read. */
export interface Damage {
  /** name of the segment or of the seal, not a path */
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
  /** octets that belong to no whole record; 0 when only the end is missing */
  readonly bytesLost: number;
}

/** Damages are listed up to a bound and always counted. */
export class DamageList {
  static readonly LISTED_MAX = 1000;
  readonly items: Damage[] = [];
  count = 0;
  bytesLost = 0;

  add(damage: Damage): void {
    this.count += 1;
    this.bytesLost += damage.bytesLost;
    if (this.items.length < DamageList.LISTED_MAX) this.items.push(damage);
  }
}
