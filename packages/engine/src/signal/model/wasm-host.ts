/** The part of WebAssembly that the kernel needs; neither the language's own library nor Node's types declare it. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}
export interface KernelModule {
  readonly kernelModule: never;
}
interface WasmHost {
  readonly Memory: new (size: {initial: number; maximum: number}) => KernelMemory;
  readonly Module: new (octets: Uint8Array) => KernelModule;
  readonly Instance: new (module: KernelModule, imports: {host: {memory: KernelMemory}}) => {readonly exports: unknown};
}

export const wasmHost = (globalThis as unknown as {readonly WebAssembly: WasmHost}).WebAssembly;
