import type {Expression, Test} from '../ir/expression.ts';
import type {Statement} from '../ir/statement.ts';
import {INT_LAST_MISSING, type Layout} from '../ir/layout.ts';

/** What differs between the languages that are written as text. */
export interface Dialect {
  readonly number: (value: number) => string;
  /** a slot of the symbol at hand, by its place among the slots */
  readonly own: (place: number) => string;
  /** an integer of the symbol at hand */
  readonly int: (place: number | string) => string;
  /** a double at a place of the whole memory */
  readonly memory: (place: string) => string;
  readonly select: (test: string, a: string, b: string) => string;
  readonly divide: (a: string, b: string, isSafe: boolean) => string;
  readonly unary: Readonly<Record<'sqrt' | 'abs' | 'log', (a: string) => string>>;
  readonly equal: string;
  readonly notEqual: string;
  readonly declare: (name: string, value: string) => string;
  readonly store: (place: string, value: string) => string;
  /** opens a block, and what closes it (null: only the indentation) */
  readonly block: (head: string) => readonly [string, string | null];
  readonly when: (test: string) => string;
  /** counts a lag down to 0 */
  readonly loop: (ticks: number) => string;
  /** beginning of a record in the memory */
  readonly record: (lag: number | string) => string;
  readonly special: (s: Statement, text: TextWriter) => readonly string[];
}

const isAtom = (e: Expression): boolean => e.k === 'var' || e.k === 'const' || e.k === 'input';

/** Turns expressions and statements of one version into lines. */
export class TextWriter {
  readonly dialect: Dialect;
  readonly layout: Layout;
  #temporary = 0;
  #lines: string[] = [];

  constructor(dialect: Dialect, layout: Layout) { this.dialect = dialect; this.layout = layout; }

  line(text: string): void { this.#lines.push(text); }

  /** An expression as a name or number, so that it may be written twice. */
  atom(e: Expression): string {
    if (isAtom(e)) return this.expression(e);
    const name = `x${this.#temporary++}`;
    this.line(this.dialect.declare(name, this.expression(e)));
    return name;
  }

  test(t: Test): string {
    const {dialect: d} = this;
    switch (t.k) {
      case 'before': return `t < ${t.ticks}`;
      case 'missing': return `t - ${d.int(INT_LAST_MISSING + t.input)} < ${t.ticks}`;
      case 'bad': return `${d.memory(`${d.record(t.lag)} + ${this.layout.recordFields - 1}`)} ${d.notEqual} ${d.number(0)}`;
      default: {
        const op = t.op === '==' ? d.equal : t.op === '!=' ? d.notEqual : t.op;
        return `${this.expression(t.a)} ${op} ${this.expression(t.b)}`;
      }
    }
  }

  expression(e: Expression): string {
    const {dialect: d, layout} = this;
    switch (e.k) {
      case 'const': return d.number(e.value);
      case 'var': return `v${e.id}`;
      case 'input': return `i${e.field}`;
      case 'age': return 't';
      case 'load': return d.own(layout.slotPlaces[e.slot]!);
      case 'reload': return d.own(layout.slotPlaces[e.slot]!);
      case 'past': return d.memory(`${d.record(e.lag)} + ${e.field}`);
      case 'visited': return d.memory(`${d.record('lag')} + ${e.field}`);
      case 'unary': return d.unary[e.op](this.expression(e.a));
      case 'select': return d.select(this.test(e.test), this.expression(e.a), this.expression(e.b));
      default: return this.#binary(e);
    }
  }

  #binary(e: Expression & {k: 'binary'}): string {
    const {dialect: d} = this;
    if (e.op === 'min' || e.op === 'max') {
      const a = this.atom(e.a), b = this.atom(e.b);
      return d.select(e.op === 'max' ? `${a} < ${b}` : `${b} < ${a}`, b, a);
    }
    if (e.op === '/') {
      const isSafe = e.b.k === 'const' && e.b.value !== 0;
      return d.divide(this.expression(e.a), isSafe ? this.expression(e.b) : this.atom(e.b), isSafe);
    }
    return `(${this.expression(e.a)} ${e.op} ${this.expression(e.b)})`;
  }

  statement(s: Statement): void {
    const {dialect: d, layout} = this;
    switch (s.k) {
      case 'let': this.line(d.declare(`v${s.id}`, this.expression(s.value))); return;
      case 'set': this.line(d.store(d.own(layout.slotPlaces[s.slot]!), this.expression(s.value))); return;
      case 'put': this.line(d.store(d.memory(`${d.record(0)} + ${s.field}`), this.expression(s.value))); return;
      case 'out': this.line(d.store(d.memory(String(layout.rowAt + layout.outputPlaces[s.output]!)), this.expression(s.value))); return;
      case 'careful': for (const inner of s.body) this.statement(inner); return;
      case 'when': this.block(d.when(this.test(s.test)), () => { for (const inner of s.body) this.statement(inner); }); return;
      case 'loop': this.block(d.loop(s.ticks), () => { for (const inner of s.body) this.statement(inner); }); return;
      default: for (const line of d.special(s, this)) this.line(line);
    }
  }

  block(head: string, write: () => void): void {
    const [open, close] = this.dialect.block(head);
    this.line(open);
    const outer = this.#lines;
    this.#lines = [];
    write();
    const inner = this.#lines;
    this.#lines = outer;
    for (const line of inner) this.line(`  ${line}`);
    if (close !== null) this.line(close);
  }

  take(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
