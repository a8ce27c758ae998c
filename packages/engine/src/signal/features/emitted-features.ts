import type {Manifest} from './emit/manifest.ts';

/** An emitted program over one block of memory. */
export interface BoundFeatures {
  /** Takes the mailbox as the next tick of a symbol and writes the row. Reads and writes nothing else. */
  tick(symbol: number): void;
  /** Writes what is at work for one symbol back to the block, so that the block is whole. */
  keep(): void;
  /** Takes a symbol's slots to work from the block. */
  fetch(symbol: number): void;
}

/** An emitted TypeScript module. */
export interface EmittedModule {
  readonly manifest: Manifest;
  bind(doubles: Float64Array, integers: Int32Array): BoundFeatures;
}

/** A program, and memory of the size that it needs for so many symbols. */
export interface OpenProgram {
  readonly manifest: Manifest;
  readonly buffer: ArrayBuffer;
  readonly bound: BoundFeatures;
}

/** Bytes for a program with so many symbols. */
export const memoryBytes = ({symbolsAt, symbolDoubles}: Manifest, symbols: number): number => (symbolsAt + symbols * symbolDoubles) * 8;

/**
 * The TypeScript form, over memory of its own. The first one of a program in a process is the fast one: V8 takes its memory for a constant, and stops to do so
 * (two to three times the time) when there is a second over the same module. Two programs do not disturb each other, and many symbols need only one. WebAssembly has
 * no such limit.
 */
export const openModule = ({manifest, bind}: EmittedModule, symbols: number): OpenProgram => {
  const buffer = new ArrayBuffer(memoryBytes(manifest, symbols));
  return {manifest, buffer, bound: bind(new Float64Array(buffer), new Int32Array(buffer))};
};

/** As much of WebAssembly's types as is used here; the compiler's own come with those of browsers. */
declare const WebAssembly: {
  readonly Memory: new (size: {initial: number; maximum: number}) => {readonly buffer: ArrayBuffer};
  readonly Module: new (octets: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => {readonly exports: Readonly<Record<string, unknown>>};
};

const PAGE_BYTES = 65_536;
const nothing = (): void => { /* a symbol's slots are never away from the block */ };

/** The WebAssembly form: `octets` as emitted beside the module whose manifest this is. Memory never grows, so views stay. */
export const openWasm = (manifest: Manifest, octets: Uint8Array<ArrayBuffer>, symbols: number): OpenProgram => {
  const pages = Math.ceil(memoryBytes(manifest, symbols) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({initial: pages, maximum: pages});
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(octets), {e: {memory, log: (x: number) => Math.log(x)}});
  return {manifest, buffer: memory.buffer, bound: {tick: exports['tick'] as (symbol: number) => void, keep: nothing, fetch: nothing}};
};
