import type {Layout} from '../ir/layout.ts';

/** So many doubles are within reach of an address of one octet: each access to them is three octets shorter than one from the beginning of the block. */
const DOUBLES_PER_VIEW = 8 * 2;
/** A view's own address costs as much as two accesses save; fewer uses than this in a function and it stays with the block. */
const WORTH_A_VIEW = 5;

const FIXED = /\bM\[(\d+)\]/g, RECORD = /\bM\[(o\d+) \+ (\d+)\]/g, INTEGER = /\bI\[qb(?: \+ (\d+))?\]/g, ARM = /\? M\[(\d+)\] :/g;
const sorted = (places: ReadonlySet<number>): number[] => [...places].sort((a, b) => a - b);

/**
 * Views of the block that make emitted TypeScript shorter machine code; code is what a tick waits for, and V8 cannot choose addresses itself. Fields of records and
 * integers have a view each, all of one length: what V8 has checked for one place of a record, or for a symbol's integers, holds for all others.
 */
export class Views {
  readonly #recordDoubles: number;
  readonly #constants: ReadonlySet<number>;
  readonly #fixed = new Set<number>();
  readonly #fields = new Set<number>();
  readonly #integers = new Set<number>();

  constructor({recordDoubles, constants}: Layout) {
    this.#recordDoubles = recordDoubles;
    this.#constants = new Set(constants.values());
  }

  /** The lines of one function, rewritten. */
  shorten(lines: readonly string[]): string[] {
    const first: string[] = [], named = new Set<string>();
    const once = (name: string, value: string): string => {
      if (!named.has(name)) first.push(`const ${name} = ${value};`);
      named.add(name);
      return name;
    };
    // what only an arm of a choice reads was never read when V8 compiles: it would have to leave the compiled code there
    const armed = lines.map((line) => line
      .replace(ARM, (arm, place: string) => (this.#constants.has(Number(place)) ? `? ${once(`k${place}`, `M[${place}]`)} :` : arm))
      .replace(/\bNAN\b/g, () => once('nan', 'N[0]')));
    const uses = new Map<number, number>();
    const all = [...first, ...armed];
    for (const [, place] of all.join('\n').matchAll(FIXED)) uses.set(this.#viewOf(Number(place)), (uses.get(this.#viewOf(Number(place))) ?? 0) + 1);
    return all.map((line) => this.#integersOf(line).replace(RECORD, (_, record: string, field: string) => {
      this.#fields.add(Number(field));
      return `R${field}[${record}]`;
    }).replace(FIXED, (access, place: string) => {
      const view = this.#viewOf(Number(place));
      if (uses.get(view)! < WORTH_A_VIEW) return access;
      this.#fixed.add(view);
      return `W${view}[${Number(place) % DOUBLES_PER_VIEW}]`;
    }));
  }

  #viewOf(place: number): number { return Math.floor(place / DOUBLES_PER_VIEW); }

  #integersOf(line: string): string {
    return line.replace(INTEGER, (_, place: string | undefined) => {
      this.#integers.add(Number(place ?? 0));
      return `I${place ?? 0}[qb]`;
    });
  }

  /** Declares what the functions before have used. */
  declarations(): string[] {
    const integers = sorted(this.#integers), last = integers.at(-1) ?? 0;
    const list = (names: readonly string[]): string[] => (names.length === 0 ? [] : [`const ${names.join(', ')};`]);
    return [
      'const N = Float64Array.of(Number.NaN), INFINITY = Number.POSITIVE_INFINITY;',
      ...list(sorted(this.#fixed).map((view) => `W${view} = M.subarray(${view * DOUBLES_PER_VIEW}, ${(view + 1) * DOUBLES_PER_VIEW})`)),
      ...list(sorted(this.#fields).map((field) => `R${field} = M.subarray(${field}, M.length - ${this.#recordDoubles - field})`)),
      ...list(integers.map((place) => `I${place} = I.subarray(${place}, I.length - ${last - place})`)),
    ];
  }
}
