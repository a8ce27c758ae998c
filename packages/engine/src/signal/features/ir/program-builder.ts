import type {Expression, Operand, Test} from './expression.ts';
import {num} from './expression.ts';
import type {Statement} from './statement.ts';

/** Statements that belong together: one part of a feature for one window. Two units of the same shape share one SIMD register. */
export interface Unit {
  readonly key: string;
  readonly statements: Statement[];
  readonly slots: number[];
  readonly outputs: number[];
}

/** What a window's rolling sums do on every `ticks`-th tick, before anything else. */
export interface Turn {
  readonly ticks: number;
  readonly statements: Statement[];
}

/** Candidates for the extreme of a series, one deque for all windows over it: the candidates of a window are the newest of those of a longer one. */
export interface Deque {
  readonly side: 'max' | 'min';
  /** ticks of the window of each head */
  readonly windows: number[];
}

type Variable = Expression & {readonly k: 'var'};

/** Writes into one unit. */
export class UnitWriter {
  readonly unit: Unit;
  readonly #program: ProgramBuilder;
  #target: Statement[];

  constructor(program: ProgramBuilder, unit: Unit) {
    this.#program = program;
    this.unit = unit;
    this.#target = unit.statements;
  }

  push(statement: Statement): void { this.#target.push(statement); }
  let(value: Operand): Variable {
    const id = this.#program.newVariable();
    this.push({k: 'let', id, value: num(value)});
    return {k: 'var', id};
  }
  slot(): number {
    const slot = this.#program.newSlot();
    this.unit.slots.push(slot);
    return slot;
  }
  load(slot: number): Expression { return {k: 'load', slot}; }
  set(slot: number, value: Operand): void { this.push({k: 'set', slot, value: num(value)}); }
  put(field: number, value: Operand): void { this.push({k: 'put', field, value: num(value)}); }
  inside(wrap: (body: Statement[]) => Statement, write: () => void): void {
    const outer = this.#target;
    this.#target = [];
    write();
    const body = this.#target;
    this.#target = outer;
    if (body.length > 0) this.push(wrap(body));
  }
  when(test: Test, write: () => void): void { this.inside((body) => ({k: 'when', test, body}), write); }
  careful(write: () => void): void { this.inside((body) => ({k: 'careful', body}), write); }
  loop(ticks: number, write: () => void): void { this.inside((body) => ({k: 'loop', ticks, body}), write); }
}

/** Gathers units, slots, record fields, deques and outputs; the same key never makes two units. */
export class ProgramBuilder {
  readonly units: Unit[] = [];
  readonly turns = new Map<number, Turn>();
  /** names of the record's fields, in the order of the record */
  readonly fields: string[] = [];
  readonly deques: Deque[] = [];
  readonly areas: {readonly doubles: number}[] = [];
  readonly outputs: {readonly id: string; readonly warmup: number}[] = [];
  readonly inputs = new Set<number>();
  /** slots that hold the value of an input one tick ago */
  readonly previousSlots = new Map<string, number>();
  /** inputs whose jumps make a tick one that sums must not carry on */
  readonly jumps: {readonly input: number; readonly slot: number}[] = [];
  slotCount = 0;
  variableCount = 0;
  #made = new Map<string, unknown>();

  newSlot(): number { return this.slotCount++; }
  newVariable(): number { return this.variableCount++; }
  newDeque(side: Deque['side']): number { return this.deques.push({side, windows: []}) - 1; }
  newHead(deque: number, ticks: number): number { return this.deques[deque]!.windows.push(ticks) - 1; }
  newArea(doubles: number): number { return this.areas.push({doubles}) - 1; }
  newField(name: string): number { return this.fields.push(name) - 1; }

  /** Makes a value once for each key. */
  once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key) as T;
  }

  /** Writes a unit once for each key; what `write` gives back is given back again. */
  unit<T>(key: string, write: (u: UnitWriter) => T): T {
    return this.once(`unit ${key}`, () => {
      const unit: Unit = {key, statements: [], slots: [], outputs: []};
      const made = write(new UnitWriter(this, unit));
      // after what it asked for, so that the order of units is one in which they can run
      this.units.push(unit);
      return made;
    });
  }

  /** The statements that a window runs on each of its turns. */
  turn(ticks: number): Turn {
    const turn = this.turns.get(ticks) ?? {ticks, statements: []};
    this.turns.set(ticks, turn);
    return turn;
  }
}
