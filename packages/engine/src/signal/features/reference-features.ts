import {readFileSync} from 'node:fs';
import {openModule, openWasm} from './emitted-features.ts';
import * as reference from './generated/reference.mjs';
import {SignalFeatures} from './signal-features.ts';
import type {TickPolicy} from './tick-policy.ts';

/** The reference set over so many symbols: WebAssembly where nothing else is said, or plain JavaScript; both give the same bits. */
export const openReferenceFeatures = (symbols: number, {form = 'wasm', policy}: {form?: 'wasm' | 'js'; policy?: TickPolicy} = {}): SignalFeatures => {
  const program = form === 'js' ? openModule(reference, symbols) : openWasm(reference.manifest, new Uint8Array(readFileSync(new URL('generated/reference.wasm', import.meta.url))), symbols);
  return new SignalFeatures(program, symbols, policy);
};
