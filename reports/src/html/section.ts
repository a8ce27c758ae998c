import type {Outcome} from '@tandem/contract';
import {html} from '../encode/html.ts';
import type {Markup} from '../encode/html.ts';
import {OUTCOME_WORDS} from '../figures/outcome-words.ts';

/** A section opens with the reader's question; the title says where the answer comes from. */
export const section = (id: string, words: {question: string; title: string}, body: Markup): Markup => html`
<section id="${id}" aria-labelledby="${id}-h"><header class="section-head"><p class="kicker">${words.title}</p><h2 id="${id}-h">${words.question}</h2></header>
${body}</section>`;

/** A sentence in the place of something that the run does not hold. Silence would look like good news. */
export const absent = (sentence: string): Markup => html`<p class="absent">${sentence}</p>`;

const SHAPES: Readonly<Record<Outcome, string>> = {
  pass: 'M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 0 0 0-21Z',
  fail: 'M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6Z',
  inconclusive: 'M12 1 23 12 12 23 1 12Z',
  'no-data': 'M3 3h18v18H3Z',
  'harness-loss': 'M12 1.8 23 21.5H1Z',
  error: 'M12 1.8 23 21.5H1Z',
};

const SIGNS: Readonly<Record<Outcome, string>> = {
  pass: 'm6.8 12.4 3.5 3.5 7-7.4',
  fail: 'm8 8 8 8m0-8-8 8',
  inconclusive: 'M6.8 12h.01m5.18 0h.01m5.18 0h.01',
  'no-data': 'M7.5 12h9',
  'harness-loss': 'M12 9v5.5m0 3.2v.4',
  error: 'M12 9v5.5m0 3.2v.4',
};

/** Shape and sign of an outcome; the word stands beside it, so the mark itself is silent. */
export const outcomeMark = (outcome: Outcome): Markup => html`<svg class="mark ${outcome}" viewBox="0 0 24 24" aria-hidden="true"><path class="shape" d="${SHAPES[outcome]}"/><path class="sign" d="${SIGNS[outcome]}"/></svg>`;

export const outcomeTag = (outcome: Outcome): Markup => html`<span class="outcome ${outcome}">${outcomeMark(outcome)}${OUTCOME_WORDS[outcome].word}</span>`;

/** A horizontal bar for a share 0..1; the figure stands beside it. */
export const shareBar = (share: number, className: string): Markup => html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-track" width="100" height="6"/><rect class="${className}" width="${Math.max(share > 0 ? 0.8 : 0, Math.min(1, share) * 100).toFixed(2)}" height="6"/></svg>`;
