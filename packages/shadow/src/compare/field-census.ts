import {fieldKey} from './field-key.ts';
import type {PathNode} from './path-node.ts';

const FIELDS_MAX = 65_536;

/**
 * How often each field of each kind was put side by side: without it nobody knows whether five differences are five in ten or five in a
 * million. Fields beyond its room are not counted, so that they look noisier than they are, never quieter.
 */
export class FieldCensus {
  readonly #fields = new Map<string, number>();
  readonly #shapes = new Map<string, {readonly kind: string; readonly members: readonly PathNode[]; count: number}>();

  /** An output of this kind, whatever is in it. */
  output(kind: string): void {
    this.#add(fieldKey(kind, ''), 1);
  }

  fields(kind: string, nodes: readonly PathNode[]): void {
    for (const {general} of nodes) if (general !== '') this.#add(fieldKey(kind, general), 1);
  }

  /** The same for one of many messages of one shape, without a look at each field. */
  shape(kind: string, shapeHash: number, members: readonly PathNode[]): void {
    const key = `${String(shapeHash)} ${kind}`;
    const known = this.#shapes.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#shapes.size < FIELDS_MAX) this.#shapes.set(key, {kind, members, count: 1});
  }

  /** By `fieldKey`. */
  totals(): ReadonlyMap<string, number> {
    for (const {kind, members, count} of this.#shapes.values()) {
      this.#add(fieldKey(kind, ''), count);
      for (const {general} of members) this.#add(fieldKey(kind, general), count);
    }
    this.#shapes.clear();
    return this.#fields;
  }

  #add(key: string, count: number): void {
    const known = this.#fields.get(key);
    if (known !== undefined) this.#fields.set(key, known + count);
    else if (this.#fields.size < FIELDS_MAX) this.#fields.set(key, count);
  }
}
