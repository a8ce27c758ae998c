import type {CapturedMessage, Hiding, PayloadRewriter, RedactPlan, RewrittenPayload} from '@tandem/contract';
import {looksLikeCredential} from './credentials.ts';
import {PathRules} from './path-rules.ts';
import {PlanHiding, textOf} from './plan-hiding.ts';

/** What rewrites inputs, and what rewrites answers of the observed system (streams `out/...`). */
export interface Rewriters {
  readonly input: PayloadRewriter;
  readonly answers: PayloadRewriter;
}

/** What hiding could not do as it was asked to. */
export interface RedactCounts {
  /** messages of which something was hidden whole because nobody can say what stands in it */
  readonly whole: number;
  /** paths of listed fields at which no value was found */
  readonly unfound: readonly string[];
}

/** A message as it may be written: depends on nothing but the message, the plan and the key. */
export interface RedactMessage {
  (message: CapturedMessage): CapturedMessage;
  counts(): RedactCounts;
}

/** JSON in the last frame. A payload that is none is hidden as a whole: `{"$redacted": tag, "$octets": n}`. */
export const JSON_REWRITER: PayloadRewriter = {
  allFrames: false,
  rewrite: (frames, hiding) => {
    const octets = frames.at(-1);
    if (octets === undefined) return {frames, whole: 0};
    const text = textOf(octets);
    const redacted = text === null ? null : hiding.json(hiding.root, text);
    if (text !== null && redacted === text) return {frames, whole: 0};
    return {frames: [...frames.slice(0, -1), redacted === null ? wholeOf(octets, hiding) : new Uint8Array(Buffer.from(redacted))], whole: redacted === null ? 1 : 0};
  },
};

/**
 * Hides what the plan names in messages, in the format that `rewriters` read; without them payloads are JSON. What cannot be read is hidden as a
 * whole. Routing identities are always hidden, frames before the payload by their number or when they look like credentials.
 */
export function redactMessages(plan: RedactPlan, key: Uint8Array, rewriters: Rewriters = {input: JSON_REWRITER, answers: JSON_REWRITER}): RedactMessage {
  const hiding = new PlanHiding(plan, key);
  let whole = 0;
  const frame = (octets: Uint8Array, index: number): Uint8Array => {
    const group = hiding.frame(index);
    // an empty frame only delimits
    if (octets.length === 0) return octets;
    const text = Buffer.from(octets).toString('latin1');
    if (group === null && !looksLikeCredential(text)) return octets;
    return new Uint8Array(Buffer.from(hiding.tag(group ?? 'credential', text)));
  };
  const redact = (message: CapturedMessage): CapturedMessage => {
    const rewriter = message.stream.startsWith('out/') ? rewriters.answers : rewriters.input;
    const rewritten = rewrittenBy(rewriter, message.frames, hiding);
    if (rewritten.whole > 0) whole += 1;
    const last = message.frames.length - 1;
    return {
      ...message,
      identity: message.identity === '' ? '' : hiding.tag('identity', message.identity),
      frames: rewriter.allFrames ? rewritten.frames : rewritten.frames.map((octets, index) => (index === last ? octets : frame(octets, index))),
    };
  };
  return Object.assign(redact, {counts: (): RedactCounts => ({whole, unfound: hiding.unfound()})});
}

/** In words, for the line that says how complete a capture is; empty when there is nothing to say. */
export function redactWords({whole, unfound}: RedactCounts): string {
  const few = unfound.slice(0, 5).join(', ') + (unfound.length > 5 ? ' and others' : '');
  return [whole === 0 ? '' : `${whole.toLocaleString('en-US')} payloads could not be read and were hidden whole`, unfound.length === 0 ? '' : `no value was found at ${few}, so nothing was hidden there`].filter(Boolean).join('; ');
}

/** Whether values at this path (a pointer without patterns) are hidden. */
export function hidesPath(plan: RedactPlan, pointer: string): boolean {
  return new PathRules(plan).decide(pointer.startsWith('/') ? pointer.slice(1).split('/').map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~')) : [pointer]) !== null;
}

/** A mistake in a rewriter must neither end a live capture nor let a payload pass. */
function rewrittenBy(rewriter: PayloadRewriter, frames: readonly Uint8Array[], hiding: Hiding): RewrittenPayload {
  try {
    return rewriter.rewrite(frames, hiding);
  } catch {
    return {frames: frames.map((octets) => (octets.length === 0 ? octets : wholeOf(octets, hiding))), whole: 1};
  }
}

function wholeOf(octets: Uint8Array, hiding: Hiding): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify({$redacted: hiding.tag('payload', Buffer.from(octets).toString('latin1')), $octets: octets.length})));
}
