import {JsonObject} from '../flow/bounded-json/json-value.ts';
import type {JsonValue} from '../flow/bounded-json/json-value.ts';
import {TopLevelScanner} from '../flow/bounded-json/top-level-scanner.ts';
import {textOfOutput} from '../flow/lane-output.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {BiasTest} from './bias-test.ts';
import type {FieldCensus} from './field-census.ts';
import {countLeaves} from './count-leaves.ts';
import type {PathNode} from './path-node.ts';
import type {LiveRule} from './rule-table.ts';

/** What the rules say about flat messages with one sequence of keys. */
interface ShapeRules {
  readonly rules: readonly LiveRule[];
  readonly members: readonly PathNode[];
  readonly watched: readonly BiasTest[];
}

const SHAPES_MAX = 4096;

/** Books pairs of outputs whose bytes are equal: proves that they are well formed and counts the fields and the rules that cover them. */
export class EqualOutputs {
  /** leaves of all messages booked */
  fields = 0;
  readonly #scanner: TopLevelScanner;
  readonly #census: FieldCensus | null;
  readonly #hasKind: boolean;
  readonly #root: PathNode;
  readonly #biasOf: (node: PathNode) => BiasTest | null;
  readonly #shapes = new Map<number, ShapeRules>();

  /** @param outputKind pointer to the kind of an output, by which a census counts */
  constructor(root: PathNode, biasOf: (node: PathNode) => BiasTest | null, {census, outputKind}: {readonly census: FieldCensus | null; readonly outputKind: string}) {
    this.#root = root;
    this.#census = census;
    this.#hasKind = census !== null && outputKind.startsWith('/');
    this.#scanner = new TopLevelScanner(this.#hasKind ? [outputKind] : []);
    this.#biasOf = biasOf;
  }

  /** False when one is malformed, for that equals nothing, not even itself; then none is booked. */
  book(outputs: readonly LaneOutput[]): boolean {
    const scanner = this.#scanner;
    const shapes: ShapeRules[] = [];
    const trees: {readonly root: JsonValue; readonly kind: string}[] = [];
    const seen: {readonly kind: string; readonly shapeHash: number; readonly shape: ShapeRules}[] = [];
    let fields = 0;
    for (const output of outputs) {
      // equal as octets, and nothing more is known about it
      if (output.decoded?.text === null) continue;
      const payload = textOfOutput(output);
      if (!scanner.check(payload)) return false;
      if (scanner.flat) {
        fields += scanner.members;
        const {shapeHash} = scanner;
        const kind = this.#kind();
        const shape = this.#shapes.get(shapeHash) ?? this.#learn(payload);
        shapes.push(shape);
        if (this.#census !== null) seen.push({kind, shapeHash, shape});
      } else trees.push({root: scanner.root as JsonValue, kind: this.#kind()});
    }
    this.fields += fields;
    for (const shape of shapes) {
      for (const rule of shape.rules) rule.hits += 1;
      for (const bias of shape.watched) bias.equal();
    }
    for (const {kind, shapeHash, shape} of seen) this.#census?.shape(kind, shapeHash, shape.members);
    for (const tree of trees) this.#bookTree(tree);
    return true;
  }

  #kind(): string {
    return this.#hasKind ? this.#scanner.text(0) ?? '' : '';
  }

  #learn(payload: Uint8Array): ShapeRules {
    const root = this.#scanner.decode(payload);
    const members = root instanceof JsonObject ? root.keys().map((key) => this.#root.member(key)) : [];
    const shape = {
      members,
      rules: members.map((node) => node.rule),
      watched: members.map(this.#biasOf).filter((bias) => bias !== null),
    };
    if (this.#shapes.size < SHAPES_MAX) this.#shapes.set(this.#scanner.shapeHash, shape);
    return shape;
  }

  #bookTree({root, kind}: {readonly root: JsonValue; readonly kind: string}): void {
    const leaves: PathNode[] = [];
    const pending: {readonly node: PathNode; readonly value: JsonValue}[] = [{node: this.#root, value: root}];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const {node, value} = next;
      const container = value instanceof JsonObject ? value.values : Array.isArray(value) ? (value as readonly JsonValue[]) : null;
      if (container === null || container.length === 0 || node.rule.rule.kind === 'ignore') {
        this.fields += countLeaves(value);
        node.rule.hits += 1;
        this.#biasOf(node)?.equal();
        if (this.#census !== null) leaves.push(node);
        continue;
      }
      if (node.rule.rule.kind === 'unordered') node.rule.hits += 1;
      const keys = value instanceof JsonObject ? value.keys() : null;
      container.forEach((member, index) => pending.push({node: keys === null ? node.element(index) : node.member(keys[index] as string), value: member}));
    }
    this.#census?.output(kind);
    this.#census?.fields(kind, leaves);
  }
}
