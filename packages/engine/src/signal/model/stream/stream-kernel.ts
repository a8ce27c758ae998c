import {Buffer} from 'node:buffer';
import {wasmHost, type KernelMemory, type KernelModule} from '../wasm-host.ts';
import {STREAM_KERNEL} from './stream-kernel-octets.ts';

export interface StreamKernel {
  /** Brings the state at this address to the row in memory; octets of the list of trees that were walked for it, 4 a tree. -1, with nothing changed, where more than `movedMax` columns left their intervals. */
  readonly advance: (state: number, movedMax: number) => number;
  /** Adds the doubles from `at` to `end` one after the other to the sum at `STREAM_SUM_ADDRESS`. */
  readonly sum: (at: number, end: number) => void;
}

let compiled: KernelModule | null = null;

/** The kernel over one stream's memory; `single` rounds each sum to float32. */
export const streamKernel = (memory: KernelMemory, precision: 'double' | 'single'): StreamKernel => {
  compiled ??= new wasmHost.Module(Buffer.from(STREAM_KERNEL, 'base64'));
  const {advance, sumDouble, sumSingle} = new wasmHost.Instance(compiled, {host: {memory}}).exports as {advance: StreamKernel['advance']; sumDouble: StreamKernel['sum']; sumSingle: StreamKernel['sum']};
  return {advance, sum: precision === 'single' ? sumSingle : sumDouble};
};
