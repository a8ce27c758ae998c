import {createHash} from 'node:crypto';
import {Buffer} from 'node:buffer';
import type {Digest} from '../src/hot-path.ts';
import {JsonOrderPath} from '../src/order/json/json-order-path.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';

export const sha256: Digest = () => createHash('sha256');

/** The order path with texts in and texts out. */
export interface OrderHarness {
  readonly lane: JsonOrderPath;
  accept(message: Uint8Array | string | object): string[];
  stateHash(): string;
}

const toBytes = (message: Uint8Array | string | object): Uint8Array => {
  if (message instanceof Uint8Array) return message;
  return Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
};

export const orderHarness = (rulebook: unknown, hashSeed = 1): OrderHarness => {
  const buffer = new Uint8Array(1 << 16);
  let outputs: string[] = [];
  const lane = new JsonOrderPath(readRulebook(Buffer.from(JSON.stringify(rulebook))), {digest: sha256, hashSeed}, {
    room: (encoder, bytes) => { if (encoder.at === 0 || encoder.at + bytes > buffer.length) encoder.use(buffer, 0); },
    take: (encoder, start) => { outputs.push(Buffer.from(buffer.subarray(start, encoder.at)).toString('latin1')); },
  });
  return {
    lane,
    accept(message) {
      outputs = [];
      lane.accept(toBytes(message));
      return outputs;
    },
    stateHash: () => lane.path.stateHash(),
  };
};
