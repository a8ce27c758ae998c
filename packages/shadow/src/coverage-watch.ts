import type {CoverageEvidence, Migration} from '@tandem/contract';
import {TopLevelScanner} from './flow/bounded-json/top-level-scanner.ts';

/** Counts how often each declared cell of the input space was exercised. */
export class CoverageWatch {
  readonly #cells: Migration['coverage'];
  readonly #seen: number[];
  readonly #input: Side;
  readonly #output: Side;

  constructor(cells: Migration['coverage']) {
    this.#cells = cells;
    this.#seen = cells.map(() => 0);
    this.#input = sideOf(cells, 'input');
    this.#output = sideOf(cells, 'output');
  }

  input(payload: Uint8Array): void {
    this.#note(this.#input, payload);
  }

  /** outputs of the reference lane: what the candidate leaves out must not hide itself */
  output(payload: Uint8Array): void {
    this.#note(this.#output, payload);
  }

  /** null when no cell was declared */
  evidence(): CoverageEvidence | null {
    if (this.#cells.length === 0) return null;
    const cells = this.#cells.map(({name}, at) => ({name, seen: this.#seen[at] ?? 0}));
    return {cells, missing: cells.filter(({seen}) => seen === 0).map(({name}) => name)};
  }

  #note({scanner, cells}: Side, payload: Uint8Array): void {
    if (scanner === null || !scanner.find(payload)) return;
    for (const {at, pointer, equals} of cells) {
      if (scanner.text(pointer) === equals) this.#seen[at] = (this.#seen[at] ?? 0) + 1;
    }
  }
}

interface Side {
  readonly scanner: TopLevelScanner | null;
  readonly cells: readonly {readonly at: number; readonly pointer: number; readonly equals: string}[];
}

const sideOf = (cells: Migration['coverage'], side: 'input' | 'output'): Side => {
  const pointers = [...new Set(cells.filter((cell) => cell.side === side).map(({path}) => path))];
  return {
    scanner: pointers.length === 0 ? null : new TopLevelScanner(pointers),
    cells: cells.flatMap((cell, at) => (cell.side === side ? [{at, pointer: pointers.indexOf(cell.path), equals: cell.equals}] : [])),
  };
};
