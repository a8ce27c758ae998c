import {escapeSegment} from '../flow/bounded-json/json-pointer.ts';
import type {KeyShape} from '../flow/bounded-json/key-shape.ts';
import type {LiveRule, RuleTable} from './rule-table.ts';

const NODES_MAX = 65_536;

/** A place in a message with the rule that holds there. Looked up once, then shared. */
export class PathNode {
  readonly pointer: string;
  /** with `*` for array positions, so that elements of a list share a group */
  readonly general: string;
  readonly rule: LiveRule;
  readonly #table: RuleTable;
  readonly #path: readonly string[];
  readonly #census: {nodes: number};
  readonly #children = new Map<string | number, PathNode>();
  #latestShape: KeyShape | null = null;
  #latestMembers: readonly PathNode[] = [];

  private constructor(table: RuleTable, path: readonly string[], place: {pointer: string; general: string; census: {nodes: number}}) {
    this.#table = table;
    this.#path = path;
    this.#census = place.census;
    this.pointer = place.pointer;
    this.general = place.general;
    this.rule = table.ruleFor(path);
  }

  static root(table: RuleTable): PathNode {
    return new PathNode(table, [], {pointer: '', general: '', census: {nodes: 1}});
  }

  /** Of an object with this shape: its members' places, in the order of its keys. */
  members(shape: KeyShape): readonly PathNode[] {
    if (this.#latestShape !== shape) {
      this.#latestMembers = shape.keys().map((key) => this.member(key));
      this.#latestShape = shape;
    }
    return this.#latestMembers;
  }

  member(key: string): PathNode {
    return this.#children.get(key) ?? this.#grow(key, key, escapeSegment(key));
  }

  element(index: number): PathNode {
    return this.#children.get(index) ?? this.#grow(index, String(index), '*');
  }

  /** Remembered as long as there is room; afterwards made anew each time. */
  #grow(key: string | number, segment: string, general: string): PathNode {
    const child = new PathNode(this.#table, [...this.#path, segment], {
      pointer: `${this.pointer}/${escapeSegment(segment)}`, general: `${this.general}/${general}`, census: this.#census,
    });
    if (this.#census.nodes < NODES_MAX) {
      this.#census.nodes += 1;
      this.#children.set(key, child);
    }
    return child;
  }
}
