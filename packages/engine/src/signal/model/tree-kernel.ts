import {Buffer} from 'node:buffer';
import {TREE_KERNEL} from './tree-kernel-octets.ts';
import {wasmHost, type KernelMemory, type KernelModule} from './wasm-host.ts';

/** trees that run side by side: eight chains of loads of their own, so that none waits for memory alone, and nothing branches on data */
export const LANES = 8;

/** Adds the leaves of `groups` times eight trees in the model's order to the sum at {@link SUM_ADDRESS}; addresses are octets in the kernel's memory. */
export type AddTrees = (nodes: number, leaves: number, groups: number, depth: number) => void;

/** a double that crossed the border as an argument or a result would be put into a box on the heap */
export const SUM_ADDRESS = 16;

export interface TreeKernel {
  /** perfect tables (`leaves` beside the nodes) */
  readonly perfectPlain: AddTrees;
  readonly perfectExtended: AddTrees;
  /** linked tables (`leaves` is the list of roots) */
  readonly linkedPlain: AddTrees;
  readonly linkedExtended: AddTrees;
  /** 1 when all values from `at` to `end` are finite; their distance is a multiple of 64 */
  readonly isFinite: (at: number, end: number) => number;
  /** see `emit/tree-kernel.ts` */
  readonly extend: (source: number, end: number, target: number, constants: number) => void;
}

let compiled: KernelModule | null = null;

/** The kernel over one model's memory; `single` rounds each sum to float32. */
export const treeKernel = (memory: KernelMemory, precision: 'double' | 'single'): TreeKernel => {
  compiled ??= new wasmHost.Module(Buffer.from(TREE_KERNEL, 'base64'));
  const functions = new wasmHost.Instance(compiled, {host: {memory}}).exports as Record<string, AddTrees> & Pick<TreeKernel, 'isFinite' | 'extend'>;
  const suffix = precision === 'single' ? 'Single' : 'Double';
  const take = (name: string): AddTrees => functions[`${name}${suffix}`] as AddTrees;
  return {
    perfectPlain: take('perfectPlain'), perfectExtended: take('perfectExtended'), linkedPlain: take('linkedPlain'), linkedExtended: take('linkedExtended'),
    isFinite: functions.isFinite, extend: functions.extend,
  };
};
