import type {Desk} from './desk.ts';

const BLOCK_BYTES = 16 * 1024;
const U32_BYTES = 4;
/** what is no state: what the desk was made of, and what only serves the message in hand */
const LEFT_OUT: ReadonlySet<string> = new Set(['rules', 'digest', 'out', 'emit']);

type Holder = Record<string, unknown>;

/** A number, a truth or the whole memory of columns, where it stands in the desk. */
interface Found {
  readonly numbers: {readonly path: string; readonly holder: Holder; readonly key: string}[];
  readonly memories: {readonly path: string; readonly octets: Uint8Array}[];
}

/**
 * Everything of a desk, by the names of its fields: numbers, and the memory behind columns. Modules hold nothing else, and a module that one day
 * does is refused here, not forgotten. Memory that several columns share is taken once.
 */
const find = (desk: Desk): Found => {
  const found: Found = {numbers: [], memories: []};
  const seen = new Set<unknown>();
  const visit = (holder: Holder, at: string): void => {
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      const path = `${at}.${key}`;
      if (at === '' && LEFT_OUT.has(key)) continue;
      if (typeof value === 'number' || typeof value === 'boolean') found.numbers.push({path, holder, key});
      else if (typeof value === 'string' || isNames(value)) continue;
      else if (typeof value !== 'object' || value === null) throw new Error(`${path} is neither number nor column`);
      else if (ArrayBuffer.isView(value)) {
        if (seen.has(value.buffer)) continue;
        seen.add(value.buffer);
        found.memories.push({path, octets: new Uint8Array(value.buffer)});
      } else if (!seen.has(value)) {
        if (value instanceof Map || value instanceof Set || Array.isArray(value)) throw new Error(`${path} is neither number nor column`);
        seen.add(value);
        visit(value as Holder, path);
      }
    }
  };
  visit(desk as unknown as Holder, '');
  return found;
};

/** what the rulebook names never changes */
const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');

const layoutOf = ({numbers, memories}: Found): string =>
  [...numbers.map(({path, holder, key}) => `${path} ${typeof holder[key]}`), ...memories.map(({path, octets}) => `${path} ${octets.length}`)].join('\n');

const isEmpty = (words: Float64Array | Uint8Array): boolean => {
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
};

/** Blocks of a memory that hold anything. */
const blocksOf = (octets: Uint8Array): number[] => {
  const blocks: number[] = [];
  for (let at = 0; at < octets.length; at += BLOCK_BYTES) {
    const length = Math.min(BLOCK_BYTES, octets.length - at);
    // -0 counts as empty among numbers, so words are compared as integers
    const words = length % 4 === 0 ? new Int32Array(octets.buffer, at, length / 4) : octets.subarray(at, at + length);
    if (!isEmpty(words as Uint8Array)) blocks.push(at / BLOCK_BYTES);
  }
  return blocks;
};

/** The state of a desk as octets, and what names its fields: only a desk with the same layout can take it. */
export interface StateImage {
  readonly layout: string;
  readonly octets: Uint8Array;
}

export const imageOf = (desk: Desk): StateImage => {
  const found = find(desk);
  const {numbers, memories} = found;
  const kept = memories.map(({octets}) => ({octets, blocks: blocksOf(octets)}));
  const sizeBytes = kept.reduce((sum, {octets, blocks}) => sum + U32_BYTES + blocks.reduce((bytes, block) => bytes + U32_BYTES + lengthOf(octets, block), 0), numbers.length * 8);
  const image = new Uint8Array(sizeBytes);
  const view = new DataView(image.buffer);
  let at = 0;
  for (const {holder, key} of numbers) {
    view.setFloat64(at, Number(holder[key]), true);
    at += 8;
  }
  for (const {octets, blocks} of kept) {
    view.setUint32(at, blocks.length, true);
    at += U32_BYTES;
    for (const block of blocks) {
      view.setUint32(at, block, true);
      image.set(octets.subarray(block * BLOCK_BYTES, block * BLOCK_BYTES + lengthOf(octets, block)), at + U32_BYTES);
      at += U32_BYTES + lengthOf(octets, block);
    }
  }
  return {layout: layoutOf(found), octets: image};
};

const lengthOf = (octets: Uint8Array, block: number): number => Math.min(BLOCK_BYTES, octets.length - block * BLOCK_BYTES);

/**
 * Gives a desk, new and of the same rulebook and seed, the state of another one. What stands in it already is not written again: the optimiser
 * relies on fields that never change.
 * @returns why it cannot, else null; the desk is of no use then
 */
export const takeImage = (desk: Desk, {layout, octets: image}: StateImage): string | null => {
  const found = find(desk);
  if (layoutOf(found) !== layout) return 'it was taken of a state with other fields or sizes';
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const {numbers, memories} = found;
  let at = numbers.length * 8;
  if (image.length < at) return 'it ends too early';
  for (const [index, {holder, key}] of numbers.entries()) {
    const value = view.getFloat64(index * 8, true);
    const next = typeof holder[key] === 'boolean' ? value !== 0 : value;
    if (holder[key] !== next) holder[key] = next;
  }
  for (const {octets} of memories) {
    // a new desk is not empty everywhere: some columns begin with -1
    octets.fill(0);
    if (at + U32_BYTES > image.length) return 'it ends too early';
    const count = view.getUint32(at, true);
    at += U32_BYTES;
    for (let index = 0; index < count; index++) {
      if (at + U32_BYTES > image.length) return 'it ends too early';
      const block = view.getUint32(at, true);
      const length = lengthOf(octets, block);
      at += U32_BYTES;
      if (length <= 0 || at + length > image.length) return 'it names memory that is not there';
      octets.set(image.subarray(at, at + length), block * BLOCK_BYTES);
      at += length;
    }
  }
  return at === image.length ? null : 'it is longer than its state';
};
