import type {Hiding, HidingPlace, RedactPlan} from '@tandem/contract';
import {canonicalNumber} from './canonical-number.ts';
import {looksLikeCredential} from './credentials.ts';
import {redactJson} from './json-redaction.ts';
import {PathRules, type PathNode} from './path-rules.ts';
import {TagMaker} from './tag-maker.ts';

const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** What a plan says about values, with the tags of one key. */
export class PlanHiding implements Hiding {
  readonly root: PathNode;
  readonly #rules: PathRules;
  readonly #tags: TagMaker;
  readonly #fields: RedactPlan['fields'];

  constructor(plan: RedactPlan, key: Uint8Array) {
    this.#rules = new PathRules(plan);
    this.root = this.#rules.root;
    this.#tags = new TagMaker(key);
    this.#fields = plan.fields;
  }

  text({group}: HidingPlace, text: string): string | null {
    if (group !== null) return this.#tags.tag(group, text);
    return looksLikeCredential(text) ? this.#tags.tag('credential', text) : null;
  }

  number({group}: HidingPlace, source: string): string | null {
    return group === null ? null : this.#tags.tag(group, canonicalNumber(source));
  }

  /** Octets that are text have the tag of that text. */
  octets(place: HidingPlace, octets: Uint8Array): string | null {
    return this.text(place, textOf(octets) ?? Buffer.from(octets).toString('latin1'));
  }

  key(key: string): string | null {
    return looksLikeCredential(key) ? this.#tags.tag('key', key) : null;
  }

  frame(index: number): string | null {
    return this.root.member(`frame:${index}`).group;
  }

  tag(group: string, text: string): string {
    return this.#tags.tag(group, text);
  }

  digest(group: string, text: string): Uint8Array {
    return this.#tags.digest(group, text);
  }

  json(place: HidingPlace, text: string): string | null {
    return redactJson(text, place, this);
  }

  /** Paths of the plan at which no value was found so far. */
  unfound(): string[] {
    return this.#rules.unfound().map((index) => (this.#fields[index] as RedactPlan['fields'][number]).path);
  }
}

/** The text of octets; null when they are no UTF-8. */
export function textOf(octets: Uint8Array): string | null {
  try {
    return strict.decode(octets);
  } catch {
    return null;
  }
}
