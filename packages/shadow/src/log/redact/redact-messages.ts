import type {CapturedMessage, RedactPlan} from '@tandem/contract';
import {looksLikeCredential} from './credentials.ts';
import {redactJson} from './json-redaction.ts';
import {PathRules} from './path-rules.ts';
import {TagMaker} from './tag-maker.ts';

const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** A message as it may be written: depends on nothing but the message, the plan and the key. */
export type RedactMessage = (message: CapturedMessage) => CapturedMessage;

/**
 * Hides what the plan names in messages whose payload (the last frame) is JSON. A payload that is none is hidden as a whole, for nobody can
 * say what stands in it: `{"$redacted": tag, "$octets": n}`. Routing identities are always hidden.
 */
export function redactMessages(plan: RedactPlan, key: Uint8Array): RedactMessage {
  const rules = new PathRules(plan);
  const tags = new TagMaker(key);
  const payload = (octets: Uint8Array): Uint8Array => {
    const text = textOf(octets);
    const redacted = text === null ? null : redactJson(text, rules, tags);
    // a view of memory that is used again must not be handed on unchanged either way
    if (redacted === text && text !== null) return octets;
    return new Uint8Array(Buffer.from(redacted ?? JSON.stringify({$redacted: tags.tag('payload', Buffer.from(octets).toString('latin1')), $octets: octets.length})));
  };
  const frame = (octets: Uint8Array, index: number): Uint8Array => {
    const {decision} = rules.root.member(`frame:${index}`);
    // an empty frame only delimits
    if (octets.length === 0) return octets;
    const text = Buffer.from(octets).toString('latin1');
    if (decision === null && !looksLikeCredential(text)) return octets;
    return new Uint8Array(Buffer.from(tags.tag(decision?.group ?? 'credential', text)));
  };
  return (message) => {
    const last = message.frames.length - 1;
    return {
      ...message,
      identity: message.identity === '' ? '' : tags.tag('identity', message.identity),
      frames: message.frames.map((octets, index) => (index === last ? payload(octets) : frame(octets, index))),
    };
  };
}

/** Whether values at this path (a pointer without patterns) are hidden. */
export function hidesPath(plan: RedactPlan, pointer: string): boolean {
  return new PathRules(plan).decide(pointer.startsWith('/') ? pointer.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')) : [pointer]) !== null;
}

function textOf(octets: Uint8Array): string | null {
  try {
    return strict.decode(octets);
  } catch {
    return null;
  }
}
